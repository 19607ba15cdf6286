"""Projects with a lockfile, written by hand so that no package index is needed."""

INDEX = 'source = { registry = "https://index.example/simple" }'


def package(name, version="1.0", **tables):
    """Return the entry of a package in a lockfile. Tables map a key to dependencies."""
    lines = [f'[[package]]\nname = "{name}"\nversion = "{version}"', tables.pop("source", INDEX)]
    if markers := tables.pop("markers", None):
        lines.append(f"resolution-markers = [{markers!r}]")
    if dependencies := tables.pop("dependencies", None):
        lines.append(f"dependencies = {_list(dependencies)}")
    if "registry" in lines[1]:
        url = f"https://index.example/{name.replace('-', '_')}-{version}-py3-none-any.whl"
        lines.append(f'wheels = [{{ url = "{url}", hash = "sha256:{"0" * 64}" }}]')
    extras, groups = tables.get("extras", {}), tables.get("groups", {})
    if extras:
        lines += ["[package.optional-dependencies]", *_lists(extras)]
    if groups:
        lines += ["[package.dev-dependencies]", *_lists(groups)]
    if "registry" not in lines[1]:
        lines += ["[package.metadata]", f"provides-extras = {[*extras]}"]
        lines += ["[package.metadata.requires-dev]", *(f"{name} = []" for name in groups)]
    return "\n".join([*lines, ""])


def pyproject(name="", extras=(), groups=(), uv=""):
    """Return a pyproject.toml that declares the same extras and groups as the lockfile."""
    lines = ["[dependency-groups]", *(f"{group} = []" for group in groups)]
    if name:
        lines += [f'[project]\nname = "{name}"\nversion = "0.1"\nrequires-python = ">=3.11"']
        lines += ["[project.optional-dependencies]", *(f"{extra} = []" for extra in extras)]
    return "\n".join([*lines, uv, ""])


def lockfile(*packages, head=""):
    """Return a lockfile."""
    start = f'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n{head}\n'
    return "\n".join([start, *packages])


def _list(dependencies):
    return f"[{', '.join(f'{{ {_dependency(each)} }}' for each in dependencies)}]"


def _dependency(text):
    """Return the inline table for a dependency such as `django[argon2] ; os_name == 'nt'`."""
    requirement, _, marker = text.partition(" ; ")
    requirement, _, version = requirement.partition("==")
    name, _, extra = requirement.rstrip("]").partition("[")
    parts = [f'name = "{name}"']
    if version:
        parts += [f'version = "{version}"', INDEX]
    if extra:
        parts.append(f'extra = ["{extra}"]')
    if marker:
        parts.append(f'marker = "{marker}"')
    return ", ".join(parts)


def _lists(tables):
    return [f"{name} = {_list(dependencies)}" for name, dependencies in tables.items()]


def _local(kind, folder):
    return f'source = {{ {kind} = "{folder}" }}'


NEW, OLD = "python_full_version >= '3.12'", "python_full_version < '3.12'"
# Two versions of numpy, extras of packages, and groups that include the project itself.
SERVICE = {
    "pyproject.toml": pyproject(
        "shop", ["pdf", "s3"], ["dev", "prod", "test"], '[tool.uv]\ndefault-groups = ["test"]'
    ),
    "uv.lock": lockfile(
        package("argon2-cffi"),
        package("asgiref", dependencies=["typing-extensions ; python_full_version < '3.11'"]),
        package("boto3"),
        package(
            "django",
            dependencies=["asgiref", "tzdata ; sys_platform == 'win32'"],
            extras={"argon2": ["argon2-cffi"]},
        ),
        package("gunicorn", dependencies=["packaging"]),
        package("numpy", "1.0", markers=OLD),
        package("numpy", "2.0", markers=NEW),
        package("packaging"),
        package("pytest", dependencies=["colorama ; sys_platform == 'win32'", "packaging"]),
        *map(package, ("colorama", "pyobjc", "pywin32", "typing-extensions", "tzdata", "uvloop")),
        package("weasyprint", dependencies=[f"numpy==1.0 ; {OLD}", f"numpy==2.0 ; {NEW}"]),
        package(
            "shop",
            "0.1",
            source=_local("editable", "."),
            dependencies=[
                "django[argon2]",
                "pyobjc ; platform_machine == 'arm64'",
                "pywin32 ; platform_machine == 'AMD64'",
                "uvloop ; platform_machine == 'x86_64' and sys_platform != 'win32'",
            ],
            extras={"pdf": ["weasyprint"], "s3": ["boto3"]},
            groups={"dev": ["pytest", "shop[s3]"], "prod": ["gunicorn"], "test": ["pytest"]},
        ),
    ),
}
# A workspace with two members, one of which is not installed itself.
WORKSPACE = {
    "pyproject.toml": pyproject(
        "shop", groups=["dev", "prod"], uv='[tool.uv.workspace]\nmembers = ["packages/*"]'
    ),
    "packages/core/pyproject.toml": pyproject("core", ["cache"], ["dev", "lint"]),
    "packages/web/pyproject.toml": pyproject("web", groups=["test"]),
    "uv.lock": lockfile(
        *map(package, ("django", "gunicorn", "httpx", "mypy", "pytest", "redis", "ruff")),
        package(
            "core",
            "0.1",
            source=_local("virtual", "packages/core"),
            dependencies=["django"],
            extras={"cache": ["redis"]},
            groups={"dev": ["mypy"], "lint": ["ruff"]},
        ),
        package(
            "shop",
            "0.1",
            source=_local("editable", "."),
            dependencies=["core[cache]"],
            groups={"dev": ["pytest"], "prod": ["gunicorn"]},
        ),
        package(
            "web",
            "0.1",
            source=_local("editable", "packages/web"),
            dependencies=["core", "httpx"],
            groups={"test": ["pytest"]},
        ),
        head='[manifest]\nmembers = ["core", "shop", "web"]',
    ),
}
# A workspace whose root is no project, and has a group of its own.
ROOTLESS = {
    "pyproject.toml": pyproject(groups=["dev"], uv='[tool.uv.workspace]\nmembers = ["packages/*"]'),
    "packages/core/pyproject.toml": pyproject("core", groups=["test"]),
    "uv.lock": lockfile(
        *map(package, ("django", "pytest", "ruff")),
        package(
            "core",
            "0.1",
            source=_local("editable", "packages/core"),
            dependencies=["django"],
            groups={"test": ["pytest"]},
        ),
        head=(
            '[manifest]\nmembers = ["core"]\n'
            '[manifest.dependency-groups]\ndev = [{ name = "ruff" }]'
        ),
    ),
}
CPU, GPU = "extra == 'extra-4-shop-cpu'", "extra == 'extra-4-shop-gpu'"
# Two extras that cannot be installed together choose a version.
CONFLICTS = {
    "pyproject.toml": pyproject("shop", ["cpu", "gpu"], ["dev"]),
    "uv.lock": lockfile(
        package("pandas", dependencies=[f"torch==1.0 ; {CPU}", f"torch==2.0 ; {GPU}"]),
        package("torch", "1.0"),
        package("torch", "2.0"),
        package(
            "shop",
            "0.1",
            source=_local("virtual", "."),
            dependencies=["pandas"],
            extras={"cpu": [f"torch==1.0 ; {CPU}"], "gpu": [f"torch==2.0 ; {GPU}"]},
            groups={"dev": ["shop[gpu]"]},
        ),
        head=(
            'conflicts = [[{ package = "shop", extra = "cpu" }, '
            '{ package = "shop", extra = "gpu" }]]'
        ),
    ),
}

"""The steps under "Make it yours" of each pattern work for a new Django project."""

import shutil
import urllib.request

import pytest

from checks import replace_in_file
from guide.content.examples import example as find_example
from guide.content.lockfiles import locked_versions
from guide.engine import private_server, transcripts
from guide.engine.build import build
from guide.engine.docker import LABEL, PREFIX
from guide.engine.isolated import base_image_arguments
from guide.engine.uv import uv_in_container

PATTERN_A, PATTERN_B, PATTERN_C = (
    find_example(name)
    for name in ("pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts")
)
# The line of Pattern C for a folder that a new project does not have.
STATIC_FOLDER = "--mount=type=bind,source=src/tracking/static,target=/src/tracking/static \\"
SERVER = ["Dockerfile", ".dockerignore", "gunicorn.conf.py", "healthcheck.py"]


def versions_of(example):
    """Return the versions in an example's uv.lock, so that new releases do not affect the tests."""
    return locked_versions((example.folder / "uv.lock").read_text())


def add(uv, project, example, *arguments):
    """Run `uv add` with the versions of the example, and check that no version differs."""
    versions = versions_of(example)
    constraints = project / "versions.txt"
    constraints.write_text("".join(f"{name}=={versions[name]}\n" for name in versions))
    uv(project, ["add", "--no-sync", "--constraints", constraints.name, *arguments])
    constraints.unlink()
    assert locked_versions((project / "uv.lock").read_text()).items() <= versions.items()


def django_admin(example):
    """Return uv arguments that run Django's commands with the versions of the example."""
    versions = versions_of(example)
    packages = [f"--with={name}=={versions[name]}" for name in ("django", "asgiref", "sqlparse")]
    return ["run", "--no-project", *packages]


def new_project(uv, folder, example):
    """Create a project with `uv init`, `uv add django` and `django-admin startproject`."""
    project = folder / "shop"
    project.mkdir()
    uv(project, ["init", "--name", "shop"])
    add(uv, project, example, "django", "gunicorn")
    uv(project, [*django_admin(example), "django-admin", "startproject", "web", "."])
    uv(project, [*django_admin(example), "manage.py", "startapp", "orders"])
    return project


def name_the_middleware_first(settings, package):
    first = f'MIDDLEWARE = [\n    "{package}.middleware.HealthCheckMiddleware",'
    replace_in_file(settings, "MIDDLEWARE = [", first)


def put_gunicorn_into_a_group(uv, project, example):
    uv(project, ["remove", "--no-sync", "gunicorn"])
    add(uv, project, example, "--group", "prod", "gunicorn")
    pyproject = project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "\n[tool.uv]\npackage = false\n")
    uv(project, ["lock"])


def test_pattern_a(engine, tmp_path):
    uv = uv_in_container(engine, PATTERN_A)
    project = new_project(uv, tmp_path, PATTERN_A)
    # 1. The files.
    for name in SERVER:
        shutil.copy(PATTERN_A.folder / name, project)
    # 2. The names. The new app has no static files.
    for old, new in (
        ("COPY statuspage statuspage", "COPY web web"),
        ("COPY status/__init__.py status/", "COPY orders/__init__.py orders/"),
        ("COPY status/static status/static\n", ""),
        ("compileall -q status statuspage", "compileall -q orders web"),
        ("statuspage.wsgi", "web.wsgi"),
    ):
        replace_in_file(project / "Dockerfile", old, new)
    # 3. The health check.
    shutil.copy(PATTERN_A.folder / "status/middleware.py", project / "orders")
    settings = project / "web/settings.py"
    name_the_middleware_first(settings, "orders")
    # 4. The group, and no package.
    put_gunicorn_into_a_group(uv, project, PATTERN_A)
    # 5. The static files.
    settings.write_text(settings.read_text() + '\nSTATIC_ROOT = BASE_DIR / "static-collected"\n')

    # 6. SQLite on the volume.
    replace_in_file(
        settings, "BASE_DIR / 'db.sqlite3'", 'os.environ.get("DATABASE_PATH", "db.sqlite3")'
    )
    replace_in_file(settings, "from pathlib import Path", "import os\nfrom pathlib import Path")

    image = build(engine, project, f"{PREFIX}/make-it-yours").tag
    check_that_it_answers(engine, image, "--volume", "/data")


POSTGRESQL = """
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "shop",
        "HOST": os.environ["DATABASE_HOST"],
        "PASSWORD": os.environ["DATABASE_PASSWORD"],
    }
}
"""


# In one group with the other tests of the pattern, whose layers it reuses.
@pytest.mark.xdist_group(PATTERN_B.project)
def test_pattern_b(engine, tmp_path, base_images):
    uv = uv_in_container(engine, PATTERN_B)
    project = new_project(uv, tmp_path, PATTERN_B)
    # 1. The files.
    for name in (*SERVER, "compose.yaml", "compose.prod.yaml"):
        shutil.copy(PATTERN_B.folder / name, project)
    # 2. The libraries are the same in this project. 3. The names.
    for old, new in (("billing", "web"), ("invoices", "orders")):
        replace_in_file(project / "Dockerfile", old, new)
    replace_in_file(project / "compose.yaml", "invoices", "shop")
    # 4. The Python of the distribution.
    pyproject = project / "pyproject.toml"
    replace_in_file(pyproject, "requires-python", 'requires-python = ">=3.12"  #')
    # 5. This project has no extras.
    replace_in_file(project / "Dockerfile", " \\\n        --extra pdf --extra s3", "")
    # 6. The health check.
    shutil.copy(PATTERN_B.folder / "invoices/middleware.py", project / "orders")
    settings = project / "web/settings.py"
    name_the_middleware_first(settings, "orders")
    # 7. The group, and no package.
    add(uv, project, PATTERN_B, "psycopg[c]")
    put_gunicorn_into_a_group(uv, project, PATTERN_B)
    # 8. The static files, and the database that the Compose files bring.
    more = f'\nSTATIC_ROOT = BASE_DIR / "static-collected"\n{POSTGRESQL}'
    settings.write_text("import os\n" + settings.read_text() + more)

    with transcripts.project_copy(
        engine, PATTERN_B, True, project, base_images(PATTERN_B)
    ) as service:
        service.run("docker compose up --build --wait")
        with urllib.request.urlopen(service.url, timeout=10) as answer:
            assert "The install worked successfully" in answer.read().decode()


@pytest.mark.xdist_group(PATTERN_C.project)
def test_pattern_c(engine, tmp_path, base_images):
    with private_server.running_private_server(engine, PATTERN_C) as git:
        uv = uv_in_container(engine, PATTERN_C, git)
        folder = tmp_path / "shop"
        folder.mkdir()
        uv(folder, ["init", "--name", "shop"])
        source = "git+http://git.example.com:8418/acme/shipcodes.git"
        add(uv, folder, PATTERN_C, "django")
        add(uv, folder, PATTERN_C, f"shipcodes @ {source}", "--tag", "v1.0.0")
        package = folder / "src/shop"
        shutil.rmtree(package)
        uv(folder, [*django_admin(PATTERN_C), "django-admin", "startproject", "shop", "src"])
        # 1. The files.
        for name in ("Dockerfile", ".dockerignore"):
            shutil.copy(PATTERN_C.folder / name, folder)
        for name in ("healthcheck.py", "middleware.py", "__main__.py"):
            shutil.copy(PATTERN_C.folder / "src/tracking" / name, package)
        settings = package / "settings.py"
        name_the_middleware_first(settings, "shop")
        # 2. The Git server is the same in this project. 3. The names, and the command.
        dockerfile = folder / "Dockerfile"
        for old, new in (
            (f"    {STATIC_FOLDER}\n", ""),
            ("src/tracking", "src/shop"),
            ("tracking.settings", "shop.settings"),
            ("tracking.healthcheck", "shop.healthcheck"),
            ("tracking.asgi", "shop.asgi"),
        ):
            replace_in_file(dockerfile, old, new)
        replace_in_file(package / "__main__.py", "tracking", "shop")
        replace_in_file(
            folder / "pyproject.toml", 'shop = "shop:main"', 'shop = "shop.__main__:main"'
        )
        replace_in_file(folder / "pyproject.toml", 'readme = "README.md"\n', "")
        # 4. The static files; SQLite where the service may write.
        static = 'STATIC_ROOT = os.environ.get("DJANGO_STATIC_ROOT", "static-collected")'
        settings.write_text(f"import os\n{settings.read_text()}\n{static}\n")
        replace_in_file(settings, "BASE_DIR / 'db.sqlite3'", "'/tmp/db.sqlite3'")
        # 5. The server.
        add(uv, folder, PATTERN_C, "--group", "prod", "uvicorn")
        # 6. The secret.
        arguments = (*base_image_arguments(base_images(PATTERN_C)), *git.build_arguments())
        image = build(engine, folder, f"{PREFIX}/make-c-yours", *arguments).tag
    check_that_it_answers(engine, image)


def check_that_it_answers(engine, image, *mounts):
    options = ("--detach", "--label", LABEL, "--publish", "127.0.0.1::8000", "--read-only")
    started = engine.docker("run", *options, "--tmpfs", "/tmp", *mounts, image)
    container = started.stdout.strip()
    engine.wait_until_healthy(container)
    address = engine.docker("port", container, "8000").stdout.split()[0]
    with urllib.request.urlopen(f"http://{address}/", timeout=10) as answer:
        assert "The install worked successfully" in answer.read().decode()

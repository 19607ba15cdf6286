"""Projects around kits, as they are after a reader has followed the steps."""

import re
import tomllib

PROJECT = 'name = "{name}"\nversion = "1.0.0"\n'
MODULE = "# Python\n"


def project_of(files, names):
    """Return the texts of a project's files with a kit in it."""
    texts = {file["path"]: file["text"] for file in files if file["kind"] == "file"}
    (lines,) = (file["text"] for file in files if file["path"] == "pyproject.toml")
    pyproject = lines.replace("[project]\n", f"[project]\n{PROJECT.format(name=names['project'])}")
    texts |= {"pyproject.toml": pyproject, "uv.lock": lockfile(pyproject)}
    is_package = any(path.startswith("src/") for path in texts)
    folder = f"src/{names['settings']}" if is_package else names["settings"]
    modules = ("__init__", "settings", "wsgi", "asgi", "urls")
    texts |= {f"{folder}/{name}.py": MODULE for name in modules}
    if not is_package:
        texts["manage.py"] = MODULE
    for package in names["packages"]:
        parent = f"{folder}/" if is_package else ""
        texts[f"{parent}{package}/__init__.py"] = MODULE
    for static in [*names["static"], *names.get("folders", [])]:
        texts[f"{static}/file.txt"] = ""
    if is_package:
        texts["tests/__init__.py"] = ""
    return texts


def lockfile(pyproject):
    """Return a uv.lock for the packages that pyproject.toml names, without their dependencies."""
    project = tomllib.loads(pyproject)
    groups = project.get("dependency-groups", {})
    metadata = project["project"]
    listed = {"": metadata["dependencies"], **groups}
    name = metadata["name"]
    python = metadata["requires-python"]
    kind = "editable" if "build-system" in project else "virtual"
    lines = [
        f'version = 1\nrevision = 3\nrequires-python = "{python}"\n',
        f'[[package]]\nname = "{name.lower()}"\nversion = "1.0.0"\nsource = {{ {kind} = "." }}',
        f"dependencies = [{entries(listed[''])}]\n",
    ]
    if groups:
        lines += ["[package.dev-dependencies]"]
        lines += [f"{group} = [{entries(each)}]" for group, each in groups.items()]
    lines += ["\n[package.metadata]", f"requires-dist = [{entries(listed[''], True)}]"]
    if groups:
        lines += ["\n[package.metadata.requires-dev]"]
        lines += [f"{group} = [{entries(each, True)}]" for group, each in groups.items()]
    names = {parsed(each)[0] for group in listed.values() for each in group}
    for package in sorted(names):
        lines += [f'\n[[package]]\nname = "{package}"\nversion = "1.0.0"']
        lines += ['source = { registry = "https://packages.example.com/simple" }']
    return "\n".join(lines) + "\n"


def parsed(requirement):
    return re.fullmatch(r"([\w.-]+)(?:\[([\w,]+)\])?(.*)", requirement).groups()


def entries(requirements, are_constrained=False):
    result = []
    for requirement in requirements:
        name, extras, specifier = parsed(requirement)
        listed = ", ".join(f'"{extra}"' for extra in extras.split(",")) if extras else ""
        parts = [f'name = "{name}"']
        if extras:
            parts += [f"extra{'s' if are_constrained else ''} = [{listed}]"]
        if are_constrained and specifier:
            parts += [f'specifier = "{specifier}"']
        result.append(f"{{ {', '.join(parts)} }}")
    return ", ".join(result)

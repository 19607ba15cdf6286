"""Checks of an example's image, shared by several test files."""

import tomllib
from pathlib import Path

from packaging.markers import Marker, default_environment

from guide.content.examples import Example
from particulars import PARTICULARS


def replace_in_file(path, old, new):
    """Replace a text in a file, and fail if the file does not contain it."""
    text = path.read_text()
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new))


def check_packages(
    installed: list[str], example: Example, python: str, folder: Path | None = None
) -> None:
    """Check that exactly the production packages of uv.lock are installed.

    `python` is the Python version in the image, such as 3.14. `folder` contains a uv.lock that
    replaces the one of the example.
    """
    particulars = PARTICULARS[example.project]
    lock = tomllib.loads(((folder or example.folder) / "uv.lock").read_text())
    wanted = production_packages(lock, particulars.extras, python, example.package)
    assert particulars.server in wanted
    missing, surplus = wanted - set(installed), set(installed) - wanted
    assert not missing, f"missing: {sorted(missing)}"
    assert not surplus, f"not for production: {sorted(surplus)}"


def production_packages(lock: dict, extras: list[str], python: str, project_name: str) -> set[str]:
    """Return the names of the packages that production installs on Linux.

    They are the project's dependencies, the given extras and the `prod` group, all with their own
    dependencies, and the project itself if it is a package.
    """
    packages = {package["name"]: package for package in lock["package"]}
    project = packages[project_name]
    system = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    cpython = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    version = {"python_version": python, "python_full_version": f"{python}.0"}
    environment = {**default_environment(), **system, **cpython, **version}
    queue = [(project, extras)]
    queue += [(packages[each["name"]], each.get("extra", [])) for each in of_group(project, "prod")]
    names, seen = set(), set()
    while queue:
        package, chosen = queue.pop()
        names.add(package["name"])
        requirements = list(package.get("dependencies", []))
        for extra in chosen:
            requirements += package.get("optional-dependencies", {}).get(extra, [])
        for each in requirements:
            wanted = (each["name"], tuple(each.get("extra", [])))
            marker = each.get("marker")
            if wanted in seen or (marker and not Marker(marker).evaluate(environment)):
                continue
            seen.add(wanted)
            queue.append((packages[each["name"]], each.get("extra", [])))
    return names if "editable" in project["source"] else names - {project["name"]}


def of_group(project: dict, group: str) -> list[dict]:
    return project.get("dev-dependencies", {}).get(group, [])

"""What an image of an example has to be like. The tests call these, and so do those that break
an image on purpose to see them fail."""

import tomllib

from guide.catalogue import Example


def check_packages(installed: list[str], example: Example) -> None:
    """The packages installed are the production packages of uv.lock and no other."""
    wanted = production_packages(tomllib.loads((example.folder / "uv.lock").read_text()))
    assert "gunicorn" in wanted
    missing, surplus = wanted - set(installed), set(installed) - wanted
    assert not missing, f"missing: {sorted(missing)}"
    assert not surplus, f"not for production: {sorted(surplus)}"


def production_packages(lock: dict) -> set[str]:
    """Names of what the project's own dependencies and its `prod` group bring in on Linux."""
    packages = {package["name"]: package for package in lock["package"]}
    project = next(each for each in lock["package"] if "virtual" in each["source"])
    queue = [*project["dependencies"], *project["dev-dependencies"]["prod"]]
    found = set()
    while queue:
        requirement = queue.pop()
        other_system = "sys_platform == 'win32'" in requirement.get("marker", "")
        if requirement["name"] in found or other_system:
            continue
        found.add(requirement["name"])
        queue += packages[requirement["name"]].get("dependencies", [])
    return found

"""What an image of an example has to be like. The tests call these, and so do those that break
an image on purpose to see them fail."""

import json
import tomllib

from guide.catalogue import Example
from guide.engine import LABEL, Engine

INSTALLED = """
import importlib.metadata, json
names = (each.metadata["Name"] for each in importlib.metadata.distributions())
print(json.dumps(sorted({name.lower().replace("_", "-") for name in names})))
"""


def run_in(engine: Engine, image: str, *command: str, user: str | None = None) -> str:
    """What a command prints in a new container of the image."""
    options = ["--rm", "--label", LABEL, *(["--user", user] if user else [])]
    return engine.docker("run", *options, image, *command).stdout


def check_packages(engine: Engine, image: str, example: Example) -> None:
    """The venv holds the production packages of uv.lock and no other."""
    lock = tomllib.loads((example.folder / "uv.lock").read_text())
    installed = set(json.loads(run_in(engine, image, "python", "-c", INSTALLED)))
    wanted = production_packages(lock)
    assert "gunicorn" in wanted
    assert wanted <= installed, f"missing: {wanted - installed}"
    assert installed <= wanted, f"not for production: {installed - wanted}"


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

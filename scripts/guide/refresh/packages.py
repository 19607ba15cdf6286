"""Raise the packages in the lockfiles of the examples and of the guide, and the base images."""

import re
import tomllib
from pathlib import Path

from guide import ROOT
from guide.content.examples import Example, every_example, examples
from guide.content.lockfiles import locked_versions
from guide.engine.docker import Engine
from guide.engine.poetry import poetry_in_container
from guide.engine.private_server import running_private_server
from guide.engine.running import running_engine
from guide.engine.uv import uv_in_container
from guide.machine.commands import run
from guide.machine.progress import doing
from guide.machine.uv_releases import installed_uv
from guide.refresh.results import RaisedVersion
from guide.start.environment import find_uv


def pull_base_images() -> list[str]:
    """Pull the newest image of each tag that an example names, and return the tags.

    An engine that makes stand-ins pulls nothing, so the list is then empty.
    """
    names = dict.fromkeys(name for each in every_example() for name in each.images)
    with running_engine() as engine:
        if engine.stand_ins:
            return []
        for name in names:
            with doing("base images", f"pulling {name}"):
                engine.docker("pull", "--quiet", name)
    return [*names]


def lock_examples() -> list[RaisedVersion]:
    """Lock every example again with the newest packages that it allows, and return the changes."""
    before = {each.name: _locked(each) for each in examples()}
    with running_engine() as engine:
        for each in examples():
            with doing("packages", f"locking {each.name}"):
                _lock(engine, each)
    after = {each.name: _locked(each) for each in examples()}
    files = {each.name: _lockfile(each).relative_to(ROOT).as_posix() for each in examples()}
    return raised_packages(before, after, files, is_written=True)


def available_packages() -> list[RaisedVersion]:
    """Return the packages for which the examples allow a newer version than they have locked.

    An example with a private server is left out, because that server needs a Docker engine.
    """
    resolved = [each for each in examples() if each.has_uv and each.private_server is None]
    before = {each.name: _locked(each) for each in resolved}
    after = {each.name: _newest_allowed(each) for each in resolved}
    files = {each.name: _lockfile(each).relative_to(ROOT).as_posix() for each in resolved}
    return raised_packages(before, after, files, is_written=False)


def lock_guide() -> list[RaisedVersion]:
    """Lock the guide's own environment with the newest packages that it allows."""
    lockfile = ROOT / "uv.lock"
    before = {"": locked_versions(lockfile.read_text())}
    run(find_uv(), "lock", "--upgrade", "--quiet", failing="uv lock failed", cwd=ROOT)
    after = {"": locked_versions(lockfile.read_text())}
    return raised_packages(before, after, {"": lockfile.name}, is_written=True)


def raised_packages(
    before: dict[str, dict[str, str]],
    after: dict[str, dict[str, str]],
    files: dict[str, str],
    is_written: bool,
) -> list[RaisedVersion]:
    """Return the packages whose locked version changed, with the lockfiles that contain them.

    `before` and `after` are locked versions, keyed by project. `files` are the lockfiles.
    """
    changes: dict[tuple[str, str, str], list[str]] = {}
    for project, locked in after.items():
        for name, version in locked.items():
            old = before[project].get(name, version)
            if old != version:
                changes.setdefault((name, old, version), []).append(files[project])
    return [
        {"name": name, "before": old, "after": new, "files": paths, "is_written": is_written}
        for (name, old, new), paths in sorted(changes.items())
    ]


def _lock(engine: Engine, each: Example) -> None:
    with running_private_server(engine, each) as server:
        if each.has_uv:
            uv_in_container(engine, each, server)(each.folder, ["lock", "--upgrade"])
        elif server is not None:
            poetry_in_container(engine, each, server)(each.folder, ["lock", "--regenerate"])


def _lockfile(each: Example) -> Path:
    return each.folder / ("uv.lock" if each.has_uv else "poetry.lock")


def _locked(each: Example) -> dict[str, str]:
    return locked_versions(_lockfile(each).read_text())


def _newest_allowed(each: Example) -> dict[str, str]:
    """Return the newest versions that an example allows.

    Unlike `uv lock`, `uv pip compile` does not need the Python of the project.
    """
    project = tomllib.loads((each.folder / "pyproject.toml").read_text())
    groups = [part for name in project["dependency-groups"] for part in ("--group", name)]
    python = re.sub(r"[^\d.]", "", project["project"]["requires-python"])
    done = run(
        *(installed_uv(), "pip", "compile", "--universal", "--quiet", "--no-header"),
        *("--no-annotate", "--all-extras", "--python-version", python, *groups, "pyproject.toml"),
        failing=f"The packages of {each.name} could not be resolved",
        cwd=each.folder,
    )
    return dict(re.findall(r"(?m)^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", done.stdout))

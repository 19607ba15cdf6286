"""Record the dependencies that Renovate finds in an example, in a dry run without a server.

Renovate is too large to install for each test run. The tests compare its recorded result with the
example's files.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict

from guide import Problem
from guide.content.edits import copy
from guide.content.examples import Example
from guide.content.recording_types import RenovateContent, RenovateDependency
from guide.machine import node
from guide.machine.commands import reason
from guide.machine.git import git
from guide.machine.progress import doing

VERSION = node.version("renovate", "renovate")


def record_renovate(example: Example) -> RenovateContent:
    """Validate the example's renovate.json and return every dependency that Renovate finds.

    Raises Problem if the configuration is invalid.
    """
    with tempfile.TemporaryDirectory(prefix="guide-renovate-") as home:
        folder = copy(example, Path(home) / example.name)
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        with doing("renovate", f"{example.name}: validating its configuration"):
            checked = _run(folder, "renovate-config-validator", "--strict", "renovate.json")
        if checked.returncode != 0:
            raise Problem(f"renovate.json is invalid: {reason(checked.stdout)}")
        with doing("renovate", f"{example.name}: looking for dependencies"):
            done = _run(folder, "renovate", "--platform=local", "--dry-run=extract")
    for line in done.stdout.splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("msg") == "Extracted dependencies":
            return {"dependencies": dependency_rows(entry["packageFiles"])}
    raise Problem(f"Renovate found no dependencies: {reason(done.stdout)}")


class ExtractedDependency(TypedDict, total=False):
    """A dependency in Renovate's log. It has no name if the image name is a variable."""

    depName: str
    currentValue: str


class ExtractedFile(TypedDict):
    """A file in Renovate's log, with its dependencies."""

    packageFile: str
    deps: list[ExtractedDependency]


def dependency_rows(package_files: dict[str, list[ExtractedFile]]) -> list[RenovateDependency]:
    """Return the named dependencies of each file, sorted by file, manager and name."""
    rows = {
        (file["packageFile"], manager, each["depName"], each.get("currentValue", ""))
        for manager, files in package_files.items()
        for file in files
        for each in file["deps"]
        if "depName" in each
    }
    return [
        {"file": file, "manager": manager, "name": name, "value": value}
        for file, manager, name, value in sorted(rows)
    ]


def _run(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "RENOVATE_BASE_DIR": str(folder.parent)}
    return node.run(
        "renovate",
        program,
        *arguments,
        cwd=folder,
        env={**os.environ, **settings},
        failing=f"{program} failed",
        check=False,
    )

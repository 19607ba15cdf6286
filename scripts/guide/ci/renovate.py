"""What Renovate finds in an example: its own dry run, which asks no server.

Far too large to be installed for each test run, it is only used to record; the tests compare what
was recorded with the files.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from guide import Problem
from guide.content.edits import copy
from guide.content.examples import Example
from guide.machine import node
from guide.machine.commands import reason
from guide.machine.git import git
from guide.machine.progress import doing

VERSION = node.version("renovate", "renovate")


def recording(example: Example) -> dict:
    """Its configuration checked, and every dependency that it finds: file, name and value.

    Raises Problem when the configuration is not valid.
    """
    with tempfile.TemporaryDirectory(prefix="guide-renovate-") as home:
        folder = copy(example, Path(home) / example.name)
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        with doing("renovate", f"{example.name}: validating its configuration"):
            checked = _run(folder, "renovate-config-validator", "--strict", "renovate.json")
        if checked.returncode != 0:
            raise Problem(f"renovate.json is not valid: {reason(checked.stdout)}")
        with doing("renovate", f"{example.name}: looking for dependencies"):
            done = _run(folder, "renovate", "--platform=local", "--dry-run=extract")
    for line in done.stdout.splitlines():
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("msg") == "Extracted dependencies":
            return {"dependencies": _rows(said["packageFiles"])}
    raise Problem(f"Renovate found nothing: {reason(done.stdout)}")


def _rows(package_files: dict) -> list[dict]:
    """Each dependency once for each file, in the order of files and names."""
    rows = {}
    for manager, files in package_files.items():
        for file in files:
            for each in file["deps"]:
                # An image whose name is a variable has no name that could be looked for.
                if "depName" in each:
                    found = {"name": each["depName"], "value": each.get("currentValue", "")}
                    row = {"file": file["packageFile"], "manager": manager, **found}
                    rows[tuple(row.values())] = row
    return [rows[key] for key in sorted(rows)]


def _run(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    quiet = {"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "RENOVATE_BASE_DIR": str(folder.parent)}
    return node.run(
        "renovate",
        program,
        *arguments,
        cwd=folder,
        env={**os.environ, **quiet},
        failing=f"{program} failed",
        check=False,
    )

"""Install a version of Poetry, and write a program that runs it."""

import shlex
import sys
from pathlib import Path

from guide.content.tool_versions import tools
from guide.machine.commands import run
from guide.machine.installing import cached
from guide.start.environment import find_uv

EXPORT_PLUGIN = "poetry-plugin-export==1.10.1"
CLI = Path(__file__).with_name("poetry_cli.py")


def write_poetry_program(path: Path, version: str | None = None) -> None:
    """Write a program that runs Poetry. Install Poetry if necessary.

    The default version is that of the examples.
    """
    # Without -P, the modules next to poetry_cli.py would shadow Poetry's modules.
    path.write_text(
        f'#!/bin/sh\nexec {shlex.join([str(poetry_python(version)), "-P", str(CLI)])} "$@"\n'
    )
    path.chmod(0o755)


def poetry_python(version: str | None = None) -> Path:
    """Return the Python of the virtual environment with Poetry and its export plugin."""
    version = version or tools()["poetry"]

    def install(folder: Path) -> None:
        make = ("venv", "--quiet", "--no-project", "--python", sys.executable, folder)
        run(find_uv(), *make, failing="Poetry's virtual environment could not be created")
        command = ("pip", "install", "--quiet", "--compile-bytecode", "--python", folder)
        packages = (f"poetry=={version}", EXPORT_PLUGIN)
        run(find_uv(), *command, *packages, failing=f"Poetry {version} could not be installed")

    return cached(f"poetry-{version}", install, "poetry") / "bin/python"

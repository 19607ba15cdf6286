"""Programs from npm, which run and check the pipelines. Their versions are locked in node/."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from guide.machine.commands import run
from guide.machine.installing import cached

LOCKED = Path(__file__).with_name("node")


def folder() -> Path:
    """Where the programs are, installed into the cache if they are not there yet."""
    files = [LOCKED / name for name in ("package.json", "package-lock.json")]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    return installed(f"node-{mark}", "ci", files=files)


def installed(name: str, *arguments: str, files: Sequence[Path] = ()) -> Path:
    """Return the cache folder `name`, with what `npm ARGUMENTS` installs beside copies of `files`.

    npm runs once, when the folder does not exist. Raises Problem when npm fails.
    """

    def install(folder: Path) -> None:
        for path in files:
            shutil.copy(path, folder)
        command = ("npm", *arguments, "--ignore-scripts", "--no-audit", "--no-fund")
        run(*command, cwd=folder, env=environ(), failing=f"npm could not install {name}")

    return cached(name, install, "npm")


def environ(base: dict[str, str] | None = None) -> dict[str, str]:
    """`base`, or this process's environment, with the locked Node.js first on PATH."""
    base = dict(os.environ) if base is None else base
    return {**base, "PATH": f"{Path(sys.executable).parent}:{base['PATH']}"}


def program(name: str) -> str:
    """The path of an installed program."""
    return str(folder() / "node_modules/.bin" / name)


def script(path: Path, text: str) -> str:
    """Run a module of our own with `text` as its input; returns what it prints.

    A module finds packages only in the folders above it, so a copy of it runs there.
    """
    home = folder()
    with tempfile.TemporaryDirectory(dir=home) as place:
        copy = shutil.copy(path, place)
        return run("node", copy, input=text, env=environ(), failing=f"{path.name} failed").stdout


def tool(name: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program, whatever comes of it."""
    return run(
        program(name), *arguments, cwd=cwd, env=environ(), failing=f"{name} failed", check=False
    )

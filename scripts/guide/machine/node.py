"""Programs from npm, which run and check the pipelines. Their versions are locked in node/."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from guide.machine.commands import run
from guide.machine.files import alone
from guide.machine.progress import doing
from guide.start.environment import cache_dir

LOCKED = Path(__file__).with_name("node")


def folder() -> Path:
    """Where the programs are, installed into the cache if they are not there yet."""
    files = [LOCKED / name for name in ("package.json", "package-lock.json")]
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
    home = cache_dir() / f"node-{mark}"
    with alone("npm"):
        if not home.exists():
            failing = "npm could not install what scripts/guide/node locks"
            install(home, "ci", files=files, failing=failing)
    return home


def install(home: Path, *arguments: str, files: list[Path], failing: str) -> None:
    """Make the folder `home` with what npm installs there, beside copies of `files`."""
    with (
        doing("packages", f"installing {home.name} from npm"),
        tempfile.TemporaryDirectory(dir=home.parent) as work,
    ):
        for path in files:
            shutil.copy(path, work)
        command = ("npm", *arguments, "--ignore-scripts", "--no-audit", "--no-fund")
        run(*command, cwd=work, env=environ(), failing=failing)
        Path(work).rename(home)
        Path(work).mkdir()  # for the context manager to remove


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

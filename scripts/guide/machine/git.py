"""Run Git."""

import os
from pathlib import Path

from guide.machine.commands import run


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder and return its output. The user's settings are ignored."""
    identity = ("-c", "user.name=Developer", "-c", "user.email=developer@example.com")
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return run("git", *identity, *arguments, cwd=folder, env=environ, failing="git failed").stdout

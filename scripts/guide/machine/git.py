"""Run Git."""

import os
from pathlib import Path

from guide.machine.commands import run


def git(folder: Path, *arguments: str, input: str | None = None) -> str:
    """Run Git in a folder and return its output. The user's settings are ignored."""
    identity = ("-c", "user.name=Developer", "-c", "user.email=developer@example.com")
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ("git", *identity, *arguments)
    return run(*command, cwd=folder, env=environ, input=input, failing="git failed").stdout

"""Run Git."""

import os
from pathlib import Path

from guide.machine.commands import run


def git(folder: Path, *arguments: str) -> str:
    """Run Git in a folder, without anybody's own settings; returns what it prints."""
    who = ("-c", "user.name=Developer", "-c", "user.email=developer@example.com")
    own = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return run("git", *who, *arguments, cwd=folder, env=own, failing="git failed").stdout

"""Install a program into the cache once, however many processes ask for it at the same time."""

from collections.abc import Callable
from pathlib import Path

from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.start.environment import cache_dir
from guide.start.installing import fill_once


def cached(name: str, install: Callable[[Path], object], kind: str) -> Path:
    """Return the folder `name` of the cache, made by `install` if it does not exist.

    `install` gets an empty folder, which is renamed once it is complete. One process installs
    while the others wait. `kind` heads the progress line.
    """
    folder = cache_dir() / name
    if not folder.exists():
        with exclusive(cache_dir() / f"{name}.lock", kind):
            if not folder.exists():
                with doing(kind, f"installing {name}"):
                    fill_once(folder, install)
    return folder

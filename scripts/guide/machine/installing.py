"""Install a program into the cache once, even if several processes request it concurrently."""

from collections.abc import Callable
from pathlib import Path

from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.start.environment import cache_dir
from guide.start.installing import fill_once


def cached(name: str, install: Callable[[Path], object], kind: str) -> Path:
    """Return the folder `name` of the cache. If it does not exist, `install` fills it first.

    `install` gets an empty folder, which is renamed once it is complete. One process installs while
    the others wait. `kind` begins the progress line.
    """
    folder = cache_dir() / name
    if not folder.exists():
        with exclusive(cache_dir() / f"{name}.lock", kind):
            if not folder.exists():
                with doing(kind, f"installing {name}"):
                    fill_once(folder, install)
    return folder

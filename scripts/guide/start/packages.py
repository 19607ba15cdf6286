"""Keep a list, in the cache, of the Debian packages that the guide has installed.

Uses only the standard library of Python 3.8.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "debian-packages.txt"


@contextmanager
def tracked_installs(cache: Path) -> Iterator[None]:
    """Add the packages that the block installs, including dependencies, to the list."""
    before = installed_packages()
    try:
        yield
    finally:
        write_list(cache, {*read_list(cache), *(installed_packages() - before)})


def installed_packages() -> set[str]:
    """Return the names of all installed packages."""
    query = ["dpkg-query", "--show", "--showformat", "${db:Status-Abbrev} ${Package}\\n"]
    listing = subprocess.run(query, capture_output=True, text=True, timeout=60)
    rows = [line.split() for line in listing.stdout.splitlines()]
    return {row[-1] for row in rows if row[0] == "ii"}


def read_list(cache: Path) -> list[str]:
    """Return the packages that the guide has installed, in alphabetical order."""
    file = cache / FILE
    return file.read_text().split() if file.exists() else []


def write_list(cache: Path, names: set[str]) -> None:
    """Replace the list. If `names` is empty, the file is removed."""
    file = cache / FILE
    if names:
        cache.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text("".join(f"{name}\n" for name in sorted(names)))
        part.replace(file)
    elif file.exists():
        file.unlink()

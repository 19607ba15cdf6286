"""Install something into a folder once, completely or not at all.

Standard library only, for any Python 3.8.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path


def fill_once(folder: Path, fill: Callable[[Path], object]) -> None:
    """Make `folder` with what `fill` writes into an empty folder, unless it exists.

    The new folder appears under its name when it is complete. Of two processes that fill the same
    folder at once, the slower one discards its copy.
    """
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".part-") as temporary:
        part = Path(temporary) / folder.name
        part.mkdir()
        fill(part)
        try:
            part.rename(folder)
        except OSError:
            if not folder.exists():
                raise

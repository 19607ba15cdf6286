"""Fill a folder once, either completely or not at all.

Uses only the standard library of Python 3.8.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path


def fill_once(folder: Path, fill: Callable[[Path], object]) -> None:
    """Create `folder` with the files that `fill` writes into an empty folder, unless it exists.

    The new folder gets its name when it is complete. If two processes fill the same folder
    concurrently, the slower process discards its copy.
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

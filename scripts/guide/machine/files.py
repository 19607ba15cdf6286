"""Write files atomically, so that a reader sees either the old or the new content."""

import os
import tempfile
from pathlib import Path

from guide import ROOT


def update(path: Path, content: bytes) -> None:
    """Write a file only if its content changes, because mkdocs rebuilds the site after a write."""
    if not path.exists() or path.read_bytes() != content:
        write(path, content)


def write(path: Path, content: bytes) -> None:
    """Write a file under the guide's folder, and create its parent folder if necessary.

    The temporary file is outside docs/, because mkdocs publishes and watches that folder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".part-") as folder:
        part = Path(folder) / path.name
        part.write_bytes(content)
        part.replace(path)


def write_durably(path: Path, text: str) -> None:
    """Write a file, and return only when it is complete and on the disk."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as part:
        part.write(text)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

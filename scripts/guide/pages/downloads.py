"""Write a zip of each example. It contains the files that the tests build."""

import io
import os
import zipfile
from pathlib import Path

from guide import ROOT
from guide.content.examples import Example, examples
from guide.machine import files

FOLDER = ROOT / "docs" / "downloads"

# The earliest timestamp that the zip format can store. A fixed timestamp makes zips reproducible.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(example: Example) -> bytes:
    """Return a zip of the example's folder, which contains its files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        for file in example.files:
            source = example.folder / file
            entry = zipfile.ZipInfo(f"{example.folder.name}/{file.as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            writer.writestr(entry, source.read_bytes())
    return buffer.getvalue()


def path(example: Example) -> Path:
    """Return the path of the example's zip."""
    return FOLDER / f"{example.folder.name}.zip"


def write_all() -> None:
    """Write every zip that is missing or out of date."""
    for example in examples():
        files.update(path(example), archive(example))

"""Each example as a zip, made from the same files that its page shows and the tests build."""

import io
import os
import zipfile
from pathlib import Path

from guide import ROOT
from guide.content.examples import Example, examples
from guide.machine import files

FOLDER = ROOT / "docs" / "downloads"

# The earliest time that a zip can hold: the same files give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def content(example: Example) -> bytes:
    """The bytes of the zip: one folder named like the example, with its files and their modes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in example.files:
            source = example.folder / file
            entry = zipfile.ZipInfo(f"{example.name}/{file.as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, source.read_bytes())
    return buffer.getvalue()


def path(example: Example) -> Path:
    """Where the example's zip is written."""
    return FOLDER / f"{example.name}.zip"


def write_all() -> None:
    """Write every zip that is missing or out of date, so that live reload comes to rest."""
    for example in examples():
        target, data = path(example), content(example)
        if not target.exists() or target.read_bytes() != data:
            files.write(target, data)

"""Each example as a zip, with the files that its page shows and the tests build."""

import io
import os
import zipfile
from pathlib import Path

from guide import ROOT
from guide.content.examples import Example, examples
from guide.machine import files

FOLDER = ROOT / "docs" / "downloads"

# The earliest time that a zip can hold. With one time for all, equal files give equal bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(example: Example) -> bytes:
    """Return the bytes of the zip: a folder named after the example, with its files and modes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        for file in example.files:
            source = example.folder / file
            entry = zipfile.ZipInfo(f"{example.name}/{file.as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            writer.writestr(entry, source.read_bytes())
    return buffer.getvalue()


def path(example: Example) -> Path:
    """Return the path of the example's zip."""
    return FOLDER / f"{example.name}.zip"


def write_all() -> None:
    """Write every zip that is missing or out of date."""
    for example in examples():
        files.update(path(example), archive(example))

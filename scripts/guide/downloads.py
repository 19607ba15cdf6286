"""Each example as a zip, made from the same files that its page shows and the tests build."""

import io
import os
import tempfile
import zipfile
from pathlib import Path

from guide import ROOT
from guide.catalogue import Example, examples

FOLDER = ROOT / "docs" / "downloads"

# The earliest time that a zip can hold: the same files give the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def content(example: Example) -> bytes:
    """The bytes of the zip: one folder named like the example, with its files and their modes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in example.files:
            source = example.folder / path
            entry = zipfile.ZipInfo(f"{example.name}/{path.as_posix()}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, source.read_bytes())
    return buffer.getvalue()


def write_all() -> list[Path]:
    """Write every zip that is missing or out of date, so that live reload comes to rest."""
    FOLDER.mkdir(exist_ok=True)
    written = []
    for example in examples():
        target, data = FOLDER / f"{example.name}.zip", content(example)
        if not target.exists() or target.read_bytes() != data:
            with tempfile.TemporaryDirectory(dir=ROOT, prefix=".download-") as folder:
                part = Path(folder) / target.name
                part.write_bytes(data)
                part.replace(target)
            written.append(target)
    return written

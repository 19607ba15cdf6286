"""Writes an index page for wheels, as the simple repository API requires."""

import hashlib
import sys
from pathlib import Path

folder = Path(sys.argv[1])
links = [
    f'<a href="{wheel.name}#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}">'
    f"{wheel.name}</a>"
    for wheel in sorted(folder.glob("*.whl"))
]
page = "<!DOCTYPE html><html><body>\n" + "\n".join(links) + "\n</body></html>\n"
(folder / "index.html").write_text(page)

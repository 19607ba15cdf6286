"""Serve a private package index with one package and a password on this machine."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from guide.engine.terminal import Terminal
from guide.machine.serving import FolderHandler, folder_server

PYPROJECT = Path(__file__).with_name("twin_projects") / "acme-vat.toml"
USER, PASSWORD = "alice", "secret"
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
# uv ignores a file without a time when releases are limited to a date.
UPLOAD_TIME = "2025-01-01T00:00:00Z"


@contextmanager
def private_index(folder: Path, uv: str) -> Iterator[str]:
    """Serve an index with the package acme-vat, and yield the index URL."""
    source = Terminal(folder / "acme", uv, str(folder / "cache"))
    source.home.mkdir()
    source.write("pyproject.toml", PYPROJECT.read_text())
    source.write("src/acme_vat/__init__.py", "")
    page = folder / "index/simple/acme-vat"
    source.run(f"uv build --wheel --out-dir {page}")
    (wheel,) = page.glob("*.whl")
    file = {
        "filename": wheel.name,
        "url": wheel.name,
        "hashes": {"sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()},
        "upload-time": UPLOAD_TIME,
    }
    content = {"meta": {"api-version": "1.1"}, "name": "acme-vat", "files": [file]}
    (page / "index.json").write_text(json.dumps(content))
    with folder_server(folder / "index", _IndexHandler) as origin:
        yield f"{origin}/simple/"


class _IndexHandler(FolderHandler):
    """Serves the files of an index to clients that send the password."""

    def do_GET(self) -> None:
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {expected}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path.endswith("/"):
            self.path += "index.json"
        super().do_GET()

    do_HEAD = do_GET

    def guess_type(self, path: str | PathLike[str]) -> str:
        """Return the content type of a file. Pages of the index are JSON."""
        return JSON_TYPE if str(path).endswith(".json") else super().guess_type(path)

"""Run HTTP servers while a block runs, and find free ports."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import (
    BaseHTTPRequestHandler,
    SimpleHTTPRequestHandler,
    ThreadingHTTPServer,
)
from pathlib import Path

LOCALHOST = "127.0.0.1"


class QuietHandler(BaseHTTPRequestHandler):
    """A request handler that does not log requests."""

    def log_message(self, format: str, *args: object) -> None:
        """Drop the line that the base class prints for each request."""


class FolderHandler(QuietHandler, SimpleHTTPRequestHandler):
    """Serve the files of a folder without logging requests."""


@contextmanager
def http_server(
    handler: Callable[..., BaseHTTPRequestHandler], host: str = LOCALHOST, port: int = 0
) -> Iterator[str]:
    """Answer HTTP requests with `handler` while the block runs, and yield the origin.

    Port 0 selects a free port. Raises OSError if the port is in use.
    """
    with ThreadingHTTPServer((host, port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{host}:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def folder_server(folder: Path, handler: type[FolderHandler] = FolderHandler) -> Iterator[str]:
    """Serve a folder over HTTP on a free port while the block runs, and yield the origin."""
    with http_server(partial(handler, directory=str(folder))) as origin:
        yield origin


def free_port() -> int:
    """Return a TCP port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    """Return whether a server could listen on a TCP port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True

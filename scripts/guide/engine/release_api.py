"""Serve single releases to Poetry from the package index's simple API.

Poetry requests single releases from the index's JSON API. A mirror of the index may have only the
simple API, which is enough for pip and uv. Poetry in stand-ins therefore asks this machine.
"""

import json
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import NotRequired, TypedDict

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from guide import ROOT, Problem
from guide.machine.serving import QuietHandler, http_server

# The address of the private engine's bridge, which is reachable from containers and builds but not
# from other machines. recipes/python/sitecustomize.py contains the same address and port.
ADDRESS, PORT = "172.17.0.1", 8417

# A file of a project in the simple API.
ProjectFile = TypedDict(
    "ProjectFile",
    {
        "filename": str,
        "hashes": dict[str, str],
        "url": str,
        "size": NotRequired[int],
        "upload-time": NotRequired[str],
        "requires-python": NotRequired[str | None],
        "yanked": NotRequired[bool | str],
    },
)


@cache
def configured_index() -> str:
    """Return the URL of the index that the guide's own lockfile installs from."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    sources = [package["source"] for package in packages]
    index: str = next(source["registry"] for source in sources if "registry" in source)
    return index


@cache
def project_files(index: str, name: str) -> list[ProjectFile]:
    """Fetch the list of a project's files from the simple API of an index."""
    url = f"{index.rstrip('/')}/{canonicalize_name(name, validate=True)}/"
    accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=accept), timeout=60) as answer:
        files: list[ProjectFile] = json.load(answer)["files"]
    return files


def _version(filename: str) -> Version | None:
    """Return the version in the name of a wheel or sdist, or None for other files."""
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


@cache
def release(index: str, name: str, version: str) -> dict[str, object]:
    """Return one release in the form of the JSON API, read from the simple API at `index`.

    The requirements are omitted, because Poetry can read them from the files. Raises OSError or
    ValueError if the index does not have the project, or if the name or version is invalid.
    """
    wanted = Version(version)
    files = [each for each in project_files(index, name) if _version(each["filename"]) == wanted]
    urls = [
        {
            "filename": each["filename"],
            "packagetype": "bdist_wheel" if each["filename"].endswith(".whl") else "sdist",
            "digests": each["hashes"],
            "url": each["url"],
            "size": each.get("size"),
            "upload_time_iso_8601": each.get("upload-time"),
            "requires_python": each.get("requires-python"),
            "yanked": bool(each.get("yanked")),
        }
        for each in files
    ]
    info = {
        "name": name,
        "version": version,
        "summary": "",
        "requires_dist": None,
        "requires_python": urls[0]["requires_python"] if urls else None,
        "yanked": False,
        "platform": None,
    }
    return {"info": info, "urls": urls}


class Handler(QuietHandler):
    """Answer requests for `/NAME/VERSION` from the configured index, and reject all others."""

    server_version = "guide-release-api"

    def do_GET(self) -> None:
        """Send one release as JSON, 404 if the index does not have it, or 403."""
        parts = self.path.removeprefix("/").split("/")
        if len(parts) != 2 or "?" in self.path:
            self.send_error(403, "Only /NAME/VERSION of the configured index is answered")
            return
        try:
            content = json.dumps(release(configured_index(), *parts)).encode()
        except (OSError, ValueError) as error:
            self.send_error(404, str(error))
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serve_release_api() -> Iterator[None]:
    """Serve the release API while the block runs, unless another run of the guide serves it.

    Raises Problem if another program listens on the port.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(http_server(Handler, ADDRESS, PORT))
        except OSError as error:
            if not _is_served():
                raise Problem(
                    f"Port {PORT} of {ADDRESS} is in use ({error}). Stop the program that uses it."
                ) from None
        yield


def _is_served() -> bool:
    """Return whether another run of the guide serves the release API."""
    try:
        urllib.request.urlopen(f"http://{ADDRESS}:{PORT}/", timeout=5)
    except urllib.error.HTTPError as error:
        return error.headers.get("Server", "").startswith(Handler.server_version)
    except OSError:
        return False
    return False

"""What the package index says about one release, for Poetry in stand-ins.

Poetry asks the index's JSON API about single releases. A mirror of the index may only have the
simple API, which is all that pip and uv ask. Then this machine answers, out of that.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from guide import Problem
from guide.machine.serving import QuietHandler, http_server

# Of the private engine's bridge: every container and every build reaches it, and nobody outside.
ADDRESS, PORT = "172.17.0.1", 8417

# Runs at the start of every Python in a stand-in. Poetry, and nothing else, is changed.
HOOK = f'''\
import importlib.abc
import importlib.machinery
import sys


class AskThisMachine(importlib.abc.MetaPathFinder):
    """Lets Poetry ask the machine that runs this container about single releases."""

    def find_spec(self, name, path, target=None):
        if name != "poetry.repositories.pypi_repository":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            ask = module.PyPiRepository._get

            def get(self, endpoint, *arguments, **options):
                words = endpoint.strip("/").split("/")
                if len(words) != 4 or words[0] != "pypi" or words[3] != "json":
                    return ask(self, endpoint, *arguments, **options)
                there = f"http://{ADDRESS}:{PORT}/{{words[1]}}/{{words[2]}}?{{self._base_url}}"
                answer = self.session.get(there)
                return answer.json() if answer.status_code == 200 else None

            module.PyPiRepository._get = get

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, AskThisMachine())
'''


@cache
def _files(index: str, name: str) -> list[dict]:
    """The files of a project, from the simple API of the index."""
    address = urllib.parse.urljoin(index, f"simple/{name}/")
    accept = {"Accept": "application/vnd.pypi.simple.v1+json"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=accept)) as answer:
        return json.load(answer)["files"]


def _version(filename: str) -> Version | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[1]
        return parse_sdist_filename(filename)[1]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


@cache
def release(index: str, name: str, version: str) -> dict:
    """One release as the JSON API would have it, but for what it requires: that is in the files."""
    files = [each for each in _files(index, name) if _version(each["filename"]) == Version(version)]
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
    python = urls[0]["requires_python"] if urls else None
    info = {"name": name, "version": version, "summary": "", "requires_dist": None}
    info |= {"requires_python": python, "yanked": False, "platform": None}
    return {"info": info, "urls": urls}


class _Handler(QuietHandler):
    server_version = "guide-release-api"

    def do_GET(self) -> None:
        path, _, index = self.path.partition("?")
        try:
            name, version = path.strip("/").split("/")
            content = json.dumps(release(index, name, version)).encode()
        except (OSError, ValueError) as error:
            self.send_error(404, str(error))
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def answering() -> Iterator[None]:
    """Answer while the block runs, unless another run of the guide does so already.

    Raises Problem when something else listens there.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(http_server(_Handler, ADDRESS, PORT))
        except OSError as error:
            if not _another_answers():
                taken = f"Port {PORT} of {ADDRESS} is taken ({error}): end what uses it."
                raise Problem(taken) from None
        yield


def _another_answers() -> bool:
    try:
        urllib.request.urlopen(f"http://{ADDRESS}:{PORT}/", timeout=5)
    except urllib.error.HTTPError as error:
        return error.headers.get("Server", "").startswith(_Handler.server_version)
    except OSError:
        return False
    return False

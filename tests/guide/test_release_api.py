"""The release API for Poetry in stand-ins, which requests only the configured index."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import ClassVar

import pytest

from guide import ROOT
from guide.engine import release_api, stand_ins
from guide.machine.serving import QuietHandler, http_server

CONFIGURED_INDEX = release_api.configured_index()
WHEEL = {"filename": "demo-1.0-py3-none-any.whl", "hashes": {"sha256": "00"}, "url": "u"}


class FakeIndex(QuietHandler):
    """An index with one project that records the requests."""

    requests: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.requests.append(self.path)
        if self.path != "/simple/demo/":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"files": [WHEEL]}).encode())


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[type[FakeIndex], str]]:
    """The configured index, and the origin of a release API."""

    class Index(FakeIndex):
        requests: ClassVar[list[str]] = []

    with (
        http_server(Index) as origin,
        http_server(release_api.Handler) as api,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        monkeypatch.setattr(release_api, "configured_index", lambda: f"{origin}/simple")
        yield Index, api


@pytest.fixture
def index(servers: tuple[type[FakeIndex], str]) -> type[FakeIndex]:
    """The configured index, without cached or recorded requests."""
    release_api.release.cache_clear()
    release_api.project_files.cache_clear()
    servers[0].requests.clear()
    return servers[0]


@pytest.fixture
def api(servers: tuple[type[FakeIndex], str]) -> str:
    """The origin of a release API."""
    return servers[1]


def get(url: str) -> HTTPResponse:
    response: HTTPResponse = urllib.request.urlopen(url, timeout=5)
    return response


def status(url: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(url)
    caught.value.close()
    return caught.value.code


def test_a_release_comes_from_the_configured_index(index: type[FakeIndex], api: str) -> None:
    with get(f"{api}/Demo/1.0") as response:
        answer = json.load(response)
    assert [each["filename"] for each in answer["urls"]] == [WHEEL["filename"]]
    assert index.requests == ["/simple/demo/"]


def test_an_unknown_project_is_not_found(api: str) -> None:
    assert status(f"{api}/missing/1.0") == 404


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a%2fb", "-"])
def test_a_name_that_leads_elsewhere_is_not_requested(
    index: type[FakeIndex], api: str, name: str
) -> None:
    assert status(f"{api}/{name}/1.0") == 404
    assert index.requests == []


def test_no_other_address_is_requested(index: type[FakeIndex], api: str) -> None:
    class Other(FakeIndex):
        requests: ClassVar[list[str]] = []

    with http_server(Other) as other:
        for path in (
            "/demo/1.0?index=x",
            f"/demo/1.0?{other}/",
            f"/{other}/1.0",
            f"/demo/1.0/{other}",
            f"/{other}",
        ):
            assert status(api + path) == 403
    assert Other.requests == index.requests == []


def test_poetry_in_stand_ins_asks_the_address_that_answers() -> None:
    hook = (stand_ins.RECIPES / "python/sitecustomize.py").read_text()
    assert f'"http://{release_api.ADDRESS}:{release_api.PORT}"' in hook


def test_the_configured_index_is_that_of_the_lockfile() -> None:
    assert f'registry = "{CONFIGURED_INDEX}"' in (ROOT / "uv.lock").read_text()

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from guide import browser, site
from served import ORIGIN


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The folder of the finished site."""
    folder = tmp_path_factory.mktemp("site")
    done = site.build(folder, SITE_URL=f"{ORIGIN}/")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def pages(built) -> dict[str, BeautifulSoup]:
    """Every page of the site, parsed, by its address."""
    found = {}
    for path in sorted(built.rglob("*.html")):
        address = "/" + str(path.relative_to(built)).removesuffix("index.html")
        found[address] = BeautifulSoup(path.read_text(), "html.parser")
    return found


@pytest.fixture(scope="session")
def chromium():
    with browser.opened() as opened:
        yield opened

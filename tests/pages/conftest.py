from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from guide import browser, site
from served import ORIGIN, parsed


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
    return parsed(built)


@pytest.fixture(scope="session")
def chromium():
    with browser.opened() as found:
        yield found

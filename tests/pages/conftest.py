import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from check_page import ADDRESS
from guide.machine import browser, mkdocs
from served import ORIGIN, parsed


@dataclass(frozen=True)
class SiteBuild:
    """A built site: its folder, and the Python modules that the build imported."""

    folder: Path
    modules: set[str]


@pytest.fixture(scope="session")
def site_build(tmp_path_factory) -> SiteBuild:
    """The site, built once for all tests, with Python's import log."""
    folder = tmp_path_factory.mktemp("site")
    done = mkdocs.build_site(folder, SITE_URL=f"{ORIGIN}/", PYTHONPROFILEIMPORTTIME="1")
    lines = done.stderr.splitlines()
    imports = [line for line in lines if line.startswith("import time:")]
    assert done.returncode == 0, "\n".join(line for line in lines if line not in imports)
    return SiteBuild(folder, {line.rpartition("|")[2].strip() for line in imports})


@pytest.fixture(scope="session")
def built(site_build) -> Path:
    """The folder of the built site."""
    return site_build.folder


@pytest.fixture(scope="session")
def pages(built) -> dict[str, BeautifulSoup]:
    """The parsed pages of the site, keyed by URL path."""
    return parsed(built)


@pytest.fixture(scope="session")
def chromium():
    with browser.running_browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(chromium, built):
    """A function that opens a page with a screen width and a colour scheme, and returns it.

    `page.foreign` lists the URLs requested from other hosts. `page.errors` lists console errors
    and 404s. Files whose names contain `late` arrive half a second later than the others. The
    script `begin` runs before the page's scripts.
    """
    contexts = []

    def open_in_new_context(
        address, width=1440, scheme="light", until="load", script=True, late=None, begin=""
    ):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(begin)
        page.foreign, page.errors = [], []

        def keep_error(message):
            if message.type == "error":
                page.errors.append(message.text)

        def answer(route):
            url = route.request.url
            if late and late in url.rpartition("/")[2]:
                time.sleep(0.5)
            if not url.startswith(ORIGIN):
                page.foreign.append(url)
                route.abort()
            elif browser.answer(route, built, ORIGIN) is None:
                page.errors.append(f"404 {url}")

        context.route("**/*", answer)
        page.on("console", keep_error)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        if script:
            browser.open_page(page, ORIGIN + address, until)
        else:
            page.goto(ORIGIN + address, wait_until=until)
        return page

    yield open_in_new_context
    for context in contexts:
        context.close()


@pytest.fixture
def checker(open_page):
    """A function that opens the page and waits for its script. Takes the options of `open_page`."""

    def open_checker(address=ADDRESS, **options):
        page = open_page(address, **options)
        page.wait_for_selector("check-dockerfile.ready")
        return page

    return open_checker

import mimetypes
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from guide import Problem, debian, site
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
    """A headless Chromium: the one installed, or on Debian the package of that name."""
    if debian.is_possible():
        # Playwright's driver needs libatomic1, which a bare Debian does not have.
        debian.install("libatomic1", *([] if _chromium() else ["chromium"]))
    path = _chromium()
    if path is None:
        raise Problem("The browser tests need Chromium or Google Chrome: install one of them.")
    quiet = ("background-networking", "component-update", "sync")
    arguments = ["--no-sandbox", "--disable-gpu", *(f"--disable-{what}" for what in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, built):
    """Opens a page at a width and in a colour scheme; gives it with what it asked and said."""
    contexts = []

    def opened(address, width=1440, scheme="light", until="load", script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.foreign, page.errors = [], []

        def answer(route):
            url = route.request.url
            if not url.startswith(ORIGIN):
                page.foreign.append(url)
                return route.abort()
            path = url.removeprefix(ORIGIN).partition("?")[0].lstrip("/")
            file = built / (f"{path}index.html" if path.endswith("/") or not path else path)
            if not file.is_file():
                page.errors.append(f"404 {url}")
                return route.fulfill(status=404)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return route.fulfill(body=file.read_bytes(), content_type=kind)

        context.route("**/*", answer)
        page.on(
            "console", lambda said: page.errors.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(ORIGIN + address, wait_until=until)
        return page

    yield opened
    for context in contexts:
        context.close()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    on_a_mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    found = [path for path in map(shutil.which, names) if path]
    return found[0] if found else on_a_mac if Path(on_a_mac).exists() else None

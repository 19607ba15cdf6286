"""A headless Chromium, and the finished site in it, out of its folder."""

import gzip
import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

from guide import Problem
from guide.machine import debian

# The woff2 of fonts is compressed already. Hosts send it as it is.
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


@contextmanager
def opened() -> Iterator[Browser]:
    """A headless Chromium: on Debian the package of that name, elsewhere the one installed.

    The usual one draws a window around each page even if nobody sees it, for as long again.
    """
    quiet = ("background-networking", "component-update", "sync")
    arguments = ["--no-sandbox", "--disable-gpu", *(f"--disable-{what}" for what in quiet)]
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def program() -> str:
    """The path of Chromium. Raises Problem where there is none and none can be installed."""
    if debian.is_possible():
        # Playwright's driver needs libatomic1, which a bare Debian does not have.
        debian.install("libatomic1", "chromium-headless-shell")
    path = _found()
    if path is None:
        raise Problem("The browser tests need Chromium or Google Chrome: install one of them.")
    return path


def _found() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    on_a_mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    found = [path for path in map(shutil.which, names) if path]
    return found[0] if found else on_a_mac if Path(on_a_mac).exists() else None


def answer(route: Route, folder: Path, origin: str) -> Path | None:
    """Answer a request of the browser out of the folder of a site; returns the file sent."""
    url = route.request.url
    file = page_file(folder, url.removeprefix(origin)) if url.startswith(origin) else None
    if file is None or not file.is_file():
        route.fulfill(status=404)
        return None
    route.fulfill(body=file.read_bytes(), content_type=kind(file))
    return file


def open_page(page: Page, url: str, until: str = "load") -> None:
    """Go to a page of the site and wait for its scripts too, which run when it has been painted."""
    page.goto(url, wait_until=until)
    page.wait_for_function("window.document$")


def first_visit(browser: Browser, folder: Path, origin: str, address: str) -> dict[str, int]:
    """What a first visit to a page asks for, until it asks no more: bytes by path, compressed as
    a host would send them, without headers. No bytes mean that there was none to send.
    """
    asked = {}

    def note(route):
        file = answer(route, folder, origin)
        asked[route.request.url.removeprefix(origin)] = transferred(file) if file else 0

    context = browser.new_context()
    context.route("**/*", note)
    page = context.new_page()
    open_page(page, origin + address, "networkidle")
    # On a busy machine nothing may be asked for while a script still runs. Where nothing is drawn
    # no moment is quiet, so that there is a limit.
    page.evaluate(
        "new Promise(done => requestIdleCallback(() => setTimeout(done, 200), { timeout: 2000 }))"
    )
    context.close()
    return asked


def page_file(folder: Path, path: str) -> Path:
    """The file of a path, with the index of a folder."""
    path = path.partition("?")[0].lstrip("/")
    return folder / (f"{path}index.html" if path.endswith("/") or not path else path)


def kind(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


@cache
def transferred(file: Path) -> int:
    """The bytes of a file as a host sends them."""
    return len(compressed(file)) if file.suffix in COMPRESSED else file.stat().st_size


def compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9)

"""Open the built site in a headless Chromium, with requests answered from its folder."""

import gzip
import mimetypes
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Literal, TypeAlias

from playwright.sync_api import Browser, Page, Route, sync_playwright

from guide import Problem
from guide.machine import debian

# The events that Playwright can wait for when it opens a page.
LoadState: TypeAlias = Literal["commit", "domcontentloaded", "load", "networkidle"]

# The file types that hosts compress. Fonts in woff2 are already compressed.
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run a headless Chromium while the block runs.

    On Debian it is the package `chromium-headless-shell`, which takes half the time of `chromium`,
    because it does not draw a window around pages. Elsewhere it is the installed browser.
    """
    services = ("background-networking", "component-update", "sync")
    arguments = ["--no-sandbox", "--disable-gpu", *(f"--disable-{each}" for each in services)]
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def program() -> str:
    """Return the path of Chromium. Raises Problem if it is missing and cannot be installed."""
    if debian.is_possible():
        # Playwright's driver needs libatomic1, which is missing from a minimal Debian.
        debian.install("libatomic1", "chromium-headless-shell")
    path = _installed_browser()
    if path is None:
        raise Problem("The browser tests require Chromium or Google Chrome. Install one of them.")
    return path


def _installed_browser() -> str | None:
    on_a_mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", on_a_mac)
    return next((path for path in map(shutil.which, names) if path), None)


def answer(route: Route, folder: Path, origin: str) -> Path | None:
    """Answer a request of the browser as the site's host does, and return the file.

    Return None if the site has no such file. Requests to other hosts get an empty 404 response.
    """
    url = route.request.url
    if not url.startswith(origin):
        route.fulfill(status=404)
        return None
    file, status = hosted_file(folder, url.removeprefix(origin))
    route.fulfill(status=status, body=file.read_bytes(), content_type=media_type(file))
    return file if status == HTTPStatus.OK else None


def open_page(page: Page, url: str, until: LoadState = "load") -> None:
    """Open a page of the site and wait for its scripts, which run after it is painted."""
    page.goto(url, wait_until=until)
    page.wait_for_function("window.document$")


def first_visit(
    browser: Browser,
    folder: Path,
    origin: str,
    address: str,
    use: Callable[[Page], None] = lambda _page: None,
) -> dict[str, int]:
    """Return the compressed size of each file that a first visit to a page loads, keyed by path.

    `use` can use the page. Headers are not counted. The size of a missing file is 0.
    """
    requested: dict[str, int] = {}

    def record(route: Route) -> None:
        file = answer(route, folder, origin)
        requested[route.request.url.removeprefix(origin)] = transferred(file) if file else 0

    context = browser.new_context()
    context.route("**/*", record)
    page = context.new_page()
    open_page(page, origin + address, "networkidle")
    # Wait for running scripts, because they may load more files. The time limit is for pages that
    # never become idle, because the browser draws nothing.
    page.evaluate(
        "new Promise(done => requestIdleCallback(() => setTimeout(done, 200), { timeout: 2000 }))"
    )
    use(page)
    context.close()
    return requested


def hosted_file(folder: Path, path: str) -> tuple[Path, HTTPStatus]:
    """Return the file that a host sends for the path of a URL, and the status.

    The file of a folder is its index.html. A missing file is answered with 404.html.
    """
    path = path.partition("?")[0].lstrip("/")
    file = folder / (f"{path}index.html" if path.endswith("/") or not path else path)
    if file.is_file():
        return file, HTTPStatus.OK
    return folder / "404.html", HTTPStatus.NOT_FOUND


def media_type(file: Path) -> str:
    """Return the media type that a host sends with a file."""
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


@cache
def transferred(file: Path) -> int:
    """Return the number of bytes that a host sends for a file."""
    return len(compressed(file)) if file.suffix in COMPRESSED else file.stat().st_size


def compressed(file: Path) -> bytes:
    """Return a file's content compressed with gzip."""
    return gzip.compress(file.read_bytes(), 9)

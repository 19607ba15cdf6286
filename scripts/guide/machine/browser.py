"""Open the finished site in a headless Chromium, which gets the files straight from its folder."""

import gzip
import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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
    """Start a headless Chromium: Debian's package, or the installed browser elsewhere.

    `chromium-headless-shell` takes half the time of `chromium`, which draws a window around pages.
    """
    services = ("background-networking", "component-update", "sync")
    arguments = ["--no-sandbox", "--disable-gpu", *(f"--disable-{each}" for each in services)]
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def program() -> str:
    """Return the path of Chromium. Raises Problem when it is missing and cannot be installed."""
    if debian.is_possible():
        # Playwright's driver needs libatomic1, which a bare Debian does not have.
        debian.install("libatomic1", "chromium-headless-shell")
    path = _installed_browser()
    if path is None:
        raise Problem("The browser tests need Chromium or Google Chrome: install one of them.")
    return path


def _installed_browser() -> str | None:
    on_a_mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", on_a_mac)
    return next((path for path in map(shutil.which, names) if path), None)


def answer(route: Route, folder: Path, origin: str) -> Path | None:
    """Answer a request of the browser with a file of the site; returns the file."""
    url = route.request.url
    file = page_file(folder, url.removeprefix(origin)) if url.startswith(origin) else None
    if file is None or not file.is_file():
        route.fulfill(status=404)
        return None
    route.fulfill(body=file.read_bytes(), content_type=media_type(file))
    return file


def open_page(page: Page, url: str, until: LoadState = "load") -> None:
    """Open a page of the site and wait for its scripts, which run after it was painted."""
    page.goto(url, wait_until=until)
    page.wait_for_function("window.document$")


def first_visit(browser: Browser, folder: Path, origin: str, address: str) -> dict[str, int]:
    """Return what a first visit to a page transfers: bytes by path, compressed, without headers.

    A path with no bytes is a file that does not exist.
    """
    requested: dict[str, int] = {}

    def record(route: Route) -> None:
        file = answer(route, folder, origin)
        requested[route.request.url.removeprefix(origin)] = transferred(file) if file else 0

    context = browser.new_context()
    context.route("**/*", record)
    page = context.new_page()
    open_page(page, origin + address, "networkidle")
    # Wait for scripts that still run, because they may load more files. The limit is for pages that
    # are never idle, because the browser draws nothing.
    page.evaluate(
        "new Promise(done => requestIdleCallback(() => setTimeout(done, 200), { timeout: 2000 }))"
    )
    context.close()
    return requested


def page_file(folder: Path, path: str) -> Path:
    """Return the file for the path of a URL; for a folder, its index.html."""
    path = path.partition("?")[0].lstrip("/")
    return folder / (f"{path}index.html" if path.endswith("/") or not path else path)


def media_type(file: Path) -> str:
    """Return the media type that a host sends with a file."""
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


@cache
def transferred(file: Path) -> int:
    """Return how many bytes a host sends for a file."""
    return len(compressed(file)) if file.suffix in COMPRESSED else file.stat().st_size


def compressed(file: Path) -> bytes:
    """Return a file's content compressed with gzip."""
    return gzip.compress(file.read_bytes(), 9)

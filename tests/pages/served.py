"""Serve the built site to a browser from its folder, and read its pages and links."""

from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page

from guide.machine import browser

ORIGIN = "https://guide.test"


def serve(target: Page | BrowserContext, folder: Path) -> None:
    """Answer every request of a page or a browser context from a folder."""
    target.route("**/*", lambda route: browser.answer(route, folder, ORIGIN))


def parsed(folder: Path) -> dict[str, BeautifulSoup]:
    """Parse the pages of the site in a folder. Return them keyed by URL path."""
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        address = "/" + str(path.relative_to(folder)).removesuffix("index.html")
        pages[address] = BeautifulSoup(path.read_text(), "html.parser")
    return pages


def broken_links(built, pages) -> list[str]:
    """Return the links inside a site that lead to a file or an anchor that does not exist."""
    broken = []
    anchors = {
        address: {each["id"] for each in page.find_all(id=True)} for address, page in pages.items()
    }
    for address, page in pages.items():
        for element in page.select("[href], [src]"):
            target = element.get("href") or element.get("src")
            url = urlsplit(urljoin(ORIGIN + address, target))
            if f"{url.scheme}://{url.netloc}" != ORIGIN:
                continue
            path = url.path + "index.html" if url.path.endswith("/") else url.path
            if not (built / path.lstrip("/")).is_file() or (
                url.fragment and url.fragment not in anchors.get(url.path, {url.fragment})
            ):
                broken.append(f"{address}: {target}")
    return broken

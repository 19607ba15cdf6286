"""Serve the built site to a browser from its folder, and read its pages and links."""

import mimetypes
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

ORIGIN = "https://guide.test"


def answer(built, site=ORIGIN):
    """Return a route handler that serves the files of a folder, and 404.html for missing files."""

    def fulfil(route):
        path = route.request.url.removeprefix(site).partition("?")[0].lstrip("/")
        file = built / (f"{path}index.html" if path.endswith("/") or not path else path)
        exists = file.is_file()
        file = file if exists else built / "404.html"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(status=200 if exists else 404, body=file.read_bytes(), content_type=kind)

    return fulfil


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

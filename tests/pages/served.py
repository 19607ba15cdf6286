"""Serve the built site to a browser from its folder, and read its pages and links."""

import re
from collections.abc import Iterator
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


def file_of(address: str) -> str:
    """Return the file of the page with this URL path, for the messages of failed assertions."""
    if address == "/404.html":
        return "docs/theme/404.html"
    return f"docs{address.rstrip('/') or '/index'}.md"


def misleading_links(pages) -> Iterator[str]:
    """Yield the links whose text names a page, but which lead to another page.

    A link may also lead to a section whose heading contains the name.
    """
    named = _pages_by_name(pages)
    for address, page in pages.items():
        for link in page.select("article a[href]"):
            url = urlsplit(urljoin(ORIGIN + address, link["href"]))
            if f"{url.scheme}://{url.netloc}" != ORIGIN or url.path not in pages:
                continue
            others = [name for name in _names_in(link, named) if named[name] != url.path]
            section = pages[url.path].find(id=url.fragment) if others and url.fragment else None
            if others and not (section and {*others} <= {*_names_in(section, named)}):
                text = " ".join(link.get_text().split())
                yield f"{file_of(address)}: the link {text!r} leads to {file_of(url.path)}"


def _pages_by_name(pages) -> dict[str, str]:
    """Return the URL paths of the pages, keyed by their titles, with and without the subtitle."""
    named = {}
    for link in pages["/"].select("nav.md-nav--primary a.md-nav__link[href]"):
        url = urlsplit(urljoin(f"{ORIGIN}/", link["href"]))
        page = pages[url.path]
        titles = [page.h1.get_text(), page.title.get_text().partition(" - ")[0]]
        titles += [] if url.fragment else [link.get_text()]
        for title in titles:
            named |= {_normalised(each): url.path for each in (title, title.partition(":")[0])}
    return named


def _names_in(element, named) -> Iterator[str]:
    """Yield the names in the text of an element. A name of one word has to be the whole text."""
    text = _normalised(element.get_text())
    for name in named:
        if text == name or (" " in name and f" {name} " in f" {text} "):
            yield name


def _normalised(text: str) -> str:
    """Return a text in lowercase, without punctuation, line breaks and an article before it."""
    words = re.findall(r"[\w.-]*\w", text.replace("\u200b", "").lower())
    return " ".join(words[1:] if words[:1] in (["a"], ["an"], ["the"]) else words)

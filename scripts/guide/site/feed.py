"""What changed, as an Atom feed, made from the page that says it."""

import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

from guide import Problem
from guide.pages.registry import macro

PAGE = "changes/"
FILE = "feed.xml"
ATOM = "http://www.w3.org/2005/Atom"


@macro
def feed_link(text: str) -> str:
    """Return a link to the feed."""
    return f'<a href="/{FILE}">{text}</a>'


def write(config) -> None:
    """Write the feed into the built site."""
    folder = Path(config["site_dir"])
    page = BeautifulSoup((folder / PAGE / "index.html").read_text(), "html.parser")
    text = atom(page.find("article"), config["site_name"], config["site_url"])
    (folder / FILE).write_bytes(text)


def atom(article: Tag, name: str, site: str) -> bytes:
    """The feed of an article that has an entry under each heading: a date and what it is about.

    Raises Problem when a heading is something else, or older entries stand above newer ones.
    """
    ElementTree.register_namespace("", ATOM)
    page = urljoin(site, PAGE)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", f"{article.find('h1').contents[0]} - {name}")
    _add(feed, "id", page)
    _add(feed, "link", rel="self", type="application/atom+xml", href=urljoin(site, FILE))
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    _add(_add(feed, "author"), "name", name)
    dates = []
    for heading in article.find_all("h2"):
        title = heading.contents[0]
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d) (.+)", title)
        if not found:
            raise Problem(f"{title!r} in docs/changes.md has to be a date and what changed.")
        dates.append(f"{found[1]}T00:00:00Z")
        address = f"{page}#{heading['id']}"
        entry = _add(feed, "entry")
        _add(entry, "title", found[2])
        _add(entry, "id", address)
        _add(entry, "link", rel="alternate", type="text/html", href=address)
        _add(entry, "updated", dates[-1])
        _add(entry, "content", _below(heading, page), type="html")
    if dates != sorted(dates, reverse=True):
        raise Problem("Newer entries of docs/changes.md stand above older ones.")
    _add(feed, "updated", dates[0])
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _add(parent, name: str, text: str | None = None, **attributes: str):
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _below(heading: Tag, page: str) -> str:
    """What stands below a heading as HTML, with absolute links."""
    parts = []
    for each in heading.find_next_siblings():
        if each.name == "h2" or "as-markdown" in each.get("class", []):
            break
        # Without the site's styles they would be in italics.
        for word in each.select("code > i"):
            word.unwrap()
        for link in each.find_all("a"):
            link["href"] = urljoin(page, link["href"])
        parts.append(str(each))
    return "\n".join(parts)

"""Write an Atom feed of the guide's changes, from the page that lists them."""

import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

from bs4 import Tag
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig

from guide import Problem
from guide.pages.registry import macro
from guide.site.parsing import classes, element, read_page

_PAGE = "changes/"
FEED_FILE = "feed.xml"
ATOM = "http://www.w3.org/2005/Atom"


@macro
def feed_link(text: str) -> Markup:
    """Return a link to the feed."""
    return Markup('<a href="/{}">{}</a>').format(FEED_FILE, text)


def write_feed(config: MkDocsConfig) -> None:
    """Write the feed into the built site."""
    folder = Path(config["site_dir"])
    article = element(read_page(folder / _PAGE / "index.html"), "article")
    (folder / FEED_FILE).write_bytes(atom(article, config["site_name"], config["site_url"]))


def atom(article: Tag, name: str, site: str) -> bytes:
    """Return the feed of an article that has an entry under each heading.

    Raises Problem unless every heading is a date and a title, with newer entries above older ones.
    """
    ElementTree.register_namespace("", ATOM)
    page = urljoin(site, _PAGE)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", f"{_own_text(element(article, 'h1'))} - {name}")
    _add(feed, "id", page)
    _add(feed, "link", rel="self", type="application/atom+xml", href=urljoin(site, FEED_FILE))
    _add(feed, "link", rel="alternate", type="text/html", href=page)
    _add(_add(feed, "author"), "name", name)
    dates = [_add_entry(feed, heading, page) for heading in article.find_all("h2")]
    if dates != sorted(dates, reverse=True):
        raise Problem("docs/changes.md must list newer entries above older ones.")
    _add(feed, "updated", dates[0])
    ElementTree.indent(feed)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


def _add_entry(feed: ElementTree.Element, heading: Tag, page: str) -> str:
    """Add the entry under a heading, and return its date."""
    title = _own_text(heading)
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d) (.+)", title)
    if not match:
        raise Problem(f"{title!r} in docs/changes.md must be a date and a title.")
    date = f"{match[1]}T00:00:00Z"
    url = f"{page}#{heading['id']}"
    entry = _add(feed, "entry")
    _add(entry, "title", match[2])
    _add(entry, "id", url)
    _add(entry, "link", rel="alternate", type="text/html", href=url)
    _add(entry, "updated", date)
    _add(entry, "content", _below(heading, page), type="html")
    return date


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    """Add an element to the feed, and return it."""
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _own_text(heading: Tag) -> str:
    """Return the text of a heading without its permalink."""
    return str(heading.contents[0])


def _below(heading: Tag, page: str) -> str:
    """Return the content under a heading as HTML with absolute links."""
    parts = []
    for sibling in heading.find_next_siblings(True):
        if sibling.name == "h2" or "page-links" in classes(sibling):
            break
        # The site's styles print these words upright. Without the styles, they would be in italics.
        for word in sibling.select("code > i"):
            word.unwrap()
        for link in sibling.find_all("a"):
            link["href"] = urljoin(page, str(link["href"]))
        parts.append(str(sibling))
    return "\n".join(parts)

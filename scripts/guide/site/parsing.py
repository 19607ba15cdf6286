"""Read the finished pages of the site."""

from pathlib import Path

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from guide import Problem


def read_page(path: Path) -> BeautifulSoup:
    """Return the article and the metadata of a page, parsed."""
    wanted = SoupStrainer(["article", "meta"])
    return BeautifulSoup(path.read_text(), "html.parser", parse_only=wanted)


def element(parent: Tag, selector: str) -> Tag:
    """Return the first element that matches a CSS selector. Raises Problem if none matches."""
    match = parent.select_one(selector)
    if match is None:
        raise Problem(f"A page has no element {selector!r}. Check whether the theme has changed.")
    return match


def code_text(block: Tag) -> str:
    """Return the text of a code block without the links beside its lines."""
    if block.find(class_="without-it") is None:
        return block.get_text()
    texts = block.find_all(string=True)
    return "".join(text for text in texts if "without-it" not in classes(text.parent))


def classes(tag: Tag | None) -> set[str]:
    """Return the CSS classes of an element."""
    return set() if tag is None else {*tag.get_attribute_list("class")} - {None}

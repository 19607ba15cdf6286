"""Compare the recipes that a page describes with the newest version of their sources."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

from guide import Problem
from guide.refresh.links import GONE, read_url
from guide.refresh.results import ChangedRecipe

_FILE = Path(__file__).with_name("recipes.toml")


@dataclass(frozen=True)
class RecipeSource:
    """A file of a public repository that a section of the page describes.

    `url` is the file at the commit that the page links to. `contains` is a regular expression that
    matches what the page says about the file.
    """

    section: str
    url: str
    contains: str

    @property
    def newest(self) -> str:
        """The URL of the file's text in the newest commit of the default branch."""
        return re.sub(r"/blob/[0-9a-f]{40}/", "/raw/HEAD/", self.url)

    @property
    def linked(self) -> str:
        """The URL of the file's text at the commit that the page links to."""
        return self.url.replace("/blob/", "/raw/", 1)

    def matches(self, text: str) -> bool:
        """Return whether a version of the file is as the page describes it."""
        return re.search(self.contains, text, re.MULTILINE) is not None


def recipe_sources() -> list[RecipeSource]:
    """Return the sources in the order of the page."""
    return [RecipeSource(**each) for each in tomllib.loads(_FILE.read_text())["recipes"]]


def changed_recipes(sources: Iterable[RecipeSource]) -> tuple[list[ChangedRecipe], list[str]]:
    """Return the sources whose newest version does not exist or is no longer as described.

    Also return the URLs that did not answer. Raises Problem if even the version that the page links
    to is not as described.
    """
    changed: list[ChangedRecipe] = []
    unreachable: list[str] = []
    for each in sources:
        newest = _read(each.newest)
        if newest is None:
            unreachable.append(each.newest)
        elif not each.matches(newest):
            linked = _read(each.linked)
            # The linked version also does not exist if the repository was deleted.
            if linked and not each.matches(linked):
                raise Problem(f"{each.url} does not match {each.contains!r}. Correct {_FILE.name}.")
            changed.append({"url": each.url, "section": each.section, "missing": each.contains})
    return changed, unreachable


def _read(url: str) -> str | None:
    """Return the text of a file, which is empty if the file does not exist, or None."""
    try:
        return read_url(url).decode(errors="replace")
    except HTTPError as error:
        return "" if error.code in GONE else None
    except (HTTPException, OSError):
        return None

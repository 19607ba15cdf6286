"""Compare the recipes that a page describes with the newest version of their sources."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

from guide.refresh.links import read_url
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


def recipe_sources() -> list[RecipeSource]:
    """Return the sources in the order of the page."""
    return [RecipeSource(**each) for each in tomllib.loads(_FILE.read_text())["recipes"]]


def changed_recipes(sources: Iterable[RecipeSource]) -> tuple[list[ChangedRecipe], list[str]]:
    """Return the sources whose newest version is no longer as described or does not exist.

    Also return the URLs that did not answer.
    """
    changed: list[ChangedRecipe] = []
    unreachable: list[str] = []
    for each in sources:
        try:
            text = read_url(each.newest).decode(errors="replace")
        except HTTPError as error:
            if error.code != 404:
                unreachable.append(each.newest)
                continue
            text = ""
        except (HTTPException, OSError):
            unreachable.append(each.newest)
            continue
        if not re.search(each.contains, text, re.MULTILINE):
            changed.append({"url": each.url, "section": each.section, "missing": each.contains})
    return changed, unreachable

"""Say on each page with what it was last verified, and publish this as JSON.

A page is verified by the recordings that its macros read. The oldest date and the oldest version
count.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypedDict

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from packaging.version import Version

from guide import Problem
from guide.content import claims, recordings
from guide.content.contenders import AFTER
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.content.recording_types import Provenance, kind_of
from guide.content.release import guide_version
from guide.pages import numbers
from guide.pages.markup import listed
from guide.pages.registry import macro

FILE = "verified.json"
# The tools that the line names, with their names on pages.
_TOOLS = {"uv": "uv", "docker": "Docker", "django": "Django"}
# The kinds of recordings that have a file for each example.
_OF_EXAMPLES = {"layers", "runs", "traps", "lines", "sets"}
_LINKS = '<p class="page-links">'

# The names of the recordings that the macros of each page have read, keyed by its source.
names_by_page: dict[str, set[str]] = defaultdict(set)


class VerifiedPage(TypedDict):
    """The oldest date and versions of the recordings of a page, and their names."""

    date: str
    versions: dict[str, str]
    recordings: list[str]


@macro
def verified_link(text: str) -> Markup:
    """Return a link to the JSON file."""
    return Markup('<a href="/{}">{}</a>').format(FILE, text)


def start() -> None:
    """Forget what an earlier build of the site has read."""
    names_by_page.clear()


def reading(source: str, macro: Callable[[], object]) -> object:
    """Call a macro of the page with this source, and remember the recordings that it reads."""
    with recordings.names_read() as names:
        result = macro()
    names_by_page[source] |= names
    return result


def write_verified(config: MkDocsConfig) -> None:
    """Add a line to each page of the built site that shows recordings, and write the JSON file."""
    folder = Path(config["site_dir"])
    pages: dict[str, VerifiedPage] = {}
    for source, names in sorted(names_by_page.items()):
        if names:
            address = _address(source)
            pages[address] = verified(names)
            _add_line(folder / address.lstrip("/") / "index.html", pages[address])
    oldest = min((each["date"] for each in pages.values()), default="")
    content = json.dumps({"version": guide_version(), "date": oldest, "pages": pages}, indent=2)
    (folder / FILE).write_text(f"{content}\n")


def verified(names: Iterable[str]) -> VerifiedPage:
    """Return the oldest date and versions of recordings.

    The version of a former statement does not count, because its test always runs an old release.
    """
    origins = {name: recordings.provenance(name) for name in sorted(names)}
    former = {f"claims/{each.name}" for each in claims.former_statements()}
    versions: dict[str, str] = {}
    for name, origin in origins.items():
        if name in former:
            continue
        for tool, version in _versions(name, origin).items():
            versions[tool] = min(version, versions.get(tool, version), key=Version)
    return {
        "date": min(origin["date"] for origin in origins.values()),
        "versions": {tool: versions[tool] for tool in _TOOLS if tool in versions},
        "recordings": [*origins],
    }


def line(page: VerifiedPage) -> Markup:
    """Return the line of a page."""
    tools = listed([f"{_TOOLS[tool]} {version}" for tool, version in page["versions"].items()])
    text = f"Last verified on {numbers.format_date(page['date'])}"
    return Markup('<span class="verified">{}</span>').format(
        f"{text} with {tools}." if tools else f"{text}."
    )


def _versions(name: str, origin: Provenance) -> Mapping[str, str]:
    """Return the versions of the tools of a recording. Django's is that of the lockfile."""
    versions = {
        tool: version.partition("+")[0]
        for tool, version in origin["versions"].items()
        if tool in _TOOLS
    }
    kind, _, subject = name.partition("/")
    project = subject if kind in _OF_EXAMPLES else AFTER if kind_of(name) == "bench" else ""
    if project:
        folder = example(project).folder
        lockfile = next(each for each in folder.glob("*.lock"))
        versions["django"] = _locked_django(lockfile.read_text())
    return versions


# Many recordings of many pages have the same lockfile.
@cache
def _locked_django(lockfile: str) -> str:
    return locked_versions(lockfile)["django"]


def _address(source: str) -> str:
    """Return the address of a page on the site."""
    path = source.removesuffix(".md").removesuffix("index").rstrip("/")
    return f"/{path}/" if path else "/"


def _add_line(file: Path, page: VerifiedPage) -> None:
    text = file.read_text()
    if text.count(_LINKS) != 1:
        raise Problem(f"{file} must contain {_LINKS} once. Check docs/theme/main.html.")
    file.write_text(text.replace(_LINKS, f"{_LINKS}{line(page)}"))

"""Raise the versions that files of the guide and of the examples name.

A version is written in many places: Dockerfiles, pipelines, snippets, scripts and tests. All of
them change together, because the tests require that they agree.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from guide import ROOT, Problem
from guide.content import tool_versions
from guide.content.edits import ANOTHER_UV
from guide.content.examples import example
from guide.machine.files import update
from guide.machine.git import git
from guide.machine.package_index import releases
from guide.record.migration import TOOL
from guide.refresh.results import RaisedVersion
from guide.start.environment import UV_VERSION

# Recordings keep the versions that they were made with, lockfiles are locked again, and the unit
# tests of scripts/guide only name versions as samples.
_UNCHANGED = re.compile(
    r"docs/data/|docs/changes\.md|.*(?:\.lock|package-lock\.json)$|tests/guide/"
)
# Text on a page can be about an old release, so only versions in image names and commands change.
_PAGE = re.compile(r"docs/.*\.md$")
_PREFIX = r"(?:(?<=/uv:)|(?<===)|(?<=@))"


@dataclass(frozen=True)
class Pin:
    """A version that several files name.

    `current` returns the version. `forms` returns regular expressions that match a version where it
    is pinned, with their replacements.
    """

    name: str
    package: str
    current: Callable[[], str]
    forms: Callable[[str, str], dict[str, str]]
    is_series: bool = False

    def target(self, version: str | None) -> str:
        """Return a version, by default the newest release, in the form in which it is pinned."""
        version = version or releases(self.package)[-1]
        return series(version) if self.is_series else version

    def files_to_change(self, version: str) -> dict[str, str]:
        """Return the new texts of the files that change, keyed by path.

        Raises Problem if no file names the current version.
        """
        forms = self.forms(self.current(), version)
        changed: dict[str, str] = {}
        for path in filter(None, git(ROOT, "ls-files", "-z").split("\0")):
            if _UNCHANGED.match(path) or (text := _text(path)) is None:
                continue
            if (new := replaced(path, text, forms)) != text:
                changed[path] = new
        if not changed:
            raise Problem(f"No file names {self.name} {self.current()}. Correct refresh/pins.py.")
        return changed

    def raise_to(self, version: str | None) -> list[RaisedVersion]:
        """Write a version into every file that pins it, by default the newest release.

        Return the change, or nothing if that version is already pinned.
        """
        before = self.current()
        after = self.target(version)
        if after == before:
            return []
        changed = self.files_to_change(after)
        for path, text in changed.items():
            update(ROOT / path, text.encode())
        return [
            {
                "name": self.name,
                "before": before,
                "after": after,
                "files": [*changed],
                "is_written": True,
            }
        ]


def series(version: str) -> str:
    """Return the first two parts of a version."""
    return ".".join(version.split(".")[:2])


def next_series(version: str) -> str:
    """Return the series after that of a version."""
    major, minor = version.split(".")[:2]
    return f"{major}.{int(minor) + 1}"


def _text(path: str) -> str | None:
    """Return the text of a file, or None for other files and links."""
    file = ROOT / path
    if file.is_symlink() or not file.is_file():
        return None
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        return None


def replaced(path: str, text: str, forms: dict[str, str]) -> str:
    """Return the text of a file with other versions. `forms` are those of a pin."""
    for pattern, replacement in forms.items():
        if _PAGE.match(path):
            pattern = rf"{_PREFIX}{pattern}|{pattern}(?=-python)"
        text = re.sub(pattern, replacement, text)
    return text


def _exactly(version: str) -> str:
    """Return a regular expression that matches a version, and no longer version around it."""
    return rf"(?<![\d.]){re.escape(version)}(?!\.?\d)"


def uv_forms(before: str, after: str) -> dict[str, str]:
    """Return the forms in which files pin uv, with their replacements."""
    # The edit "Change the version of uv" changes the pinned version to another one.
    forms = {_exactly(before): after, f'(?<=ANOTHER_UV = "){re.escape(ANOTHER_UV)}': before}
    if series(before) != series(after):
        old, new = re.escape(series(before)), series(after)
        bound = rf"{re.escape(next_series(before))}(?=[\"'])"
        forms |= {
            rf"(?<=uv_build>=){old},<{bound}": f"{new},<{next_series(after)}",
            rf"(?<=required-version = \">={re.escape(after)},<){bound}": next_series(after),
            rf"(?<=# uv ){old}(?= builds)": new,
        }
    return forms


def _django_series() -> str:
    """Return the series of Django that the examples allow."""
    text = (example("pattern-a-single-stage").folder / "pyproject.toml").read_text()
    match = re.search(r'"django>=(\d+\.\d+),<', text)
    if match is None:
        raise Problem("pattern-a-single-stage must constrain Django: django>=X.Y,<X.Z.")
    return match[1]


def _django_forms(before: str, after: str) -> dict[str, str]:
    old, bound = re.escape(before), re.escape(next_series(before))
    return {
        rf"(?<=django>=){old},<{bound}(?!\d)": f"{after},<{next_series(after)}",
        rf"(?<=django = \"~){old}(?=\")": after,
    }


PINS = {
    "uv": Pin("uv", "uv", lambda: UV_VERSION, uv_forms),
    "django": Pin("Django", "django", _django_series, _django_forms, is_series=True),
    "poetry": Pin(
        "Poetry",
        "poetry",
        lambda: tool_versions.tools()["poetry"],
        lambda before, after: {rf"(?<=poetry==){_exactly(before)}": after},
    ),
    "migrate-to-uv": Pin(
        "migrate-to-uv",
        "migrate-to-uv",
        lambda: TOOL.partition("@")[2],
        lambda before, after: {rf"(?<=migrate-to-uv@){_exactly(before)}": after},
    ),
}

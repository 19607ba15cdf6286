"""The guide has one version, and its changes are listed by kind, with corrections first."""

import re
from pathlib import Path

import pytest

from assertions import nonempty
from guide import Problem
from guide.content import release
from page_sources import PAGES

KINDS = ["Corrections", "Changed files", "New pages and tools", "Other changes"]
ENTRIES = re.findall(
    r"(?ms)^## \d{4}-\d\d-\d\d Version (\d+\.\d+\.\d+) .*?\n(.*?)(?=^## |\Z)", PAGES["changes.md"]
)


def test_the_newest_version_on_the_page_is_that_of_the_guide() -> None:
    assert ENTRIES[0][0] == release.guide_version()


@pytest.mark.parametrize(("version", "text"), ENTRIES)
def test_the_changes_of_a_version_are_listed_by_kind(version: str, text: str) -> None:
    kinds = nonempty(re.findall(r"(?m)^### (.+?) \{ #", text))
    assert kinds == [kind for kind in KINDS if kind in kinds]
    assert text.count("\n### ") == len(kinds), f"A heading of version {version} has no anchor."


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ([], None),
        (["1.0.0", "0.9.0"], None),
        (["0.9.0", "1.0.0"], "newer versions above older ones"),
        (["99.0.0"], "Raise the version in pyproject.toml"),
    ],
)
def test_changes_to_kits_are_sorted_and_not_from_the_future(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, versions: list[str], problem: str | None
) -> None:
    file = tmp_path / "kit_changes.toml"
    entries = [f'[[changes]]\nversion = "{version}"\ntext = "A"\n' for version in versions]
    file.write_text("".join(entries))
    monkeypatch.setattr(release, "KIT_CHANGES", file)
    if problem:
        with pytest.raises(Problem, match=problem):
            release.guide_release()
    else:
        assert [each["version"] for each in release.guide_release()["changes"]] == versions


def test_the_changes_to_kits_can_be_read() -> None:
    assert release.guide_release()["version"] == release.guide_version()

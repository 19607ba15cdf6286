"""Write the report of a refresh: what changed, and what a person has to decide.

Its readers have never seen this repository. GitHub shows it as the text of a pull request or issue.
"""

import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

from packaging.version import Version

from guide.content.recording_types import Recording
from guide.refresh.changes import Change, changed_commands, changes
from guide.refresh.repository import changed_files, results, text_at
from guide.refresh.results import FailingLink, PartResult, RaisedVersion

_DATA = "docs/data/"
# The file that pins uv.
_PINNED = "scripts/guide/start/environment.py"
# GitHub accepts 65,536 characters in an issue or a pull request.
_LIMIT = 60_000
_LONGEST = 1_500
_SAME_OUTPUT = "Its commands print what was recorded, so the test itself has changed."


class RefreshReport:
    """The sections of a report. `decisions` counts the entries that a person has to look at."""

    def __init__(self) -> None:
        self.decisions: dict[str, int] = {}
        self._parts: list[str] = []

    def add(
        self, title: str, entries: Iterable[str], explanation: str, decide: bool = True
    ) -> None:
        """Add a section, unless it has no entries. `decide` is whether a person has to look."""
        texts = [*entries]
        if texts:
            if decide:
                self.decisions[title] = len(texts)
            self._parts.append("\n\n".join((f"## {title}", explanation, *texts)))

    def text(self, introduction: str) -> str:
        """Return the report, shortened if it is too long for GitHub."""
        counts = [f"- {title}: {count}" for title, count in self.decisions.items()]
        summary = "\n".join(("These sections need a decision:\n", *counts))
        if not counts:
            summary = "Nothing needs a decision."
        text = "\n\n".join((introduction, summary, *self._parts))
        if len(text) <= _LIMIT:
            return f"{text}\n"
        cut = text.rfind("\n\n", 0, _LIMIT)
        return f"{text[:cut]}\n\nThe report was too long, so its end is left out.\n"


def write_report(folder: Path, base: str, tip: str = "HEAD") -> RefreshReport:
    """Return the report about the commits of a refresh after `base` in a repository."""
    every = results(folder, base, tip)
    compared = _compared(folder, base, tip)
    report = RefreshReport()
    _add_claims(report, folder, base, every)
    report.add(
        "Messages with new words",
        _grouped(compared, "message"),
        "The programs now print other words. The pages show the new words after the merge. Check "
        "that the text around them, and the answers on the page of error messages, still fit.",
    )
    report.add(
        "Figures that moved",
        _grouped(compared, "figure"),
        "The new rounds do not overlap the old ones, or a size changed by more than 5%.",
    )
    report.add(
        "Other facts that changed",
        _grouped(compared, "fact"),
        "The recordings now contain something else, such as another list of packages.",
    )
    _add_sites(report, every)
    _add_tests(report, every)
    report.add(
        "Parts that could not finish",
        (f"- **{each['part']}**: {_code(each['error'])}" for each in every if "error" in each),
        "These parts changed nothing. Their recordings are the old ones.",
    )
    _add_versions(report, folder, base, tip, every)
    return report


def introduction(every: list[PartResult]) -> str:
    """Return the first paragraph of a report, for readers who do not know this repository."""
    raised = [each for result in every for each in result.get("raised", [])]
    programs = [
        f"{each['name']} {each['after']}"
        for each in raised
        if each["is_written"] and each["name"] in {"uv", "Django", "Poetry", "migrate-to-uv"}
    ]
    newer = f", now with {', '.join(programs)}" if programs else ""
    return (
        "This guide explains how to build Docker images of Django projects with uv. Its statements "
        "are tested, and the output and the figures on its pages are recorded from real runs. "
        f"We have repeated these tests and runs, except the benchmarks{newer}. This report lists "
        "what has changed since then."
    )


def _compared(folder: Path, base: str, tip: str) -> dict[str, list[Change]]:
    """Return the differences in each recording that was made again, keyed by its name."""
    return {
        path.removeprefix(_DATA).removesuffix(".json"): changes(json.loads(old), json.loads(new))
        for path, old, new in changed_files(folder, base, tip, _DATA)
        if old and new and "/schema/" not in path
    }


def _add_claims(report: RefreshReport, folder: Path, base: str, every: list[PartResult]) -> None:
    entries = []
    for each in (claim for result in every for claim in result.get("untrue", [])):
        path = folder / _DATA / "claims" / f"{each['name']}.json"
        recorded = json.loads(path.read_text()) if path.exists() else {}
        different = changed_commands(recorded.get("transcript", []), each["transcript"])
        entries.append(
            "\n\n".join(
                (
                    f"### {recorded.get('sentence', each['name'])}",
                    f"Claim `{each['name']}`. Its test fails: {_code(each['reason'])}",
                    *([_side_by_side(change) for change in different] or [_SAME_OUTPUT]),
                )
            )
        )
    report.add(
        "Statements that are no longer true",
        entries,
        "The test of each statement failed. Either correct the statement and every page that shows "
        "it, or correct its test. The recorded output is on the left, and today's on the right.",
    )


def _add_sites(report: RefreshReport, every: list[PartResult]) -> None:
    report.add(
        "Recipes whose source changed",
        (
            f"- [{each['url']}]({each['url']}): the newest version no longer contains "
            f"{_code(each['missing'])}. See `docs/popular-recipes.md`, section `{each['section']}`."
            for result in every
            for each in result.get("changed_recipes", [])
        ),
        "A page describes a mistake in a public file. The file has probably been fixed since then, "
        "and the page should say so.",
    )
    failing = [each for result in every for each in result.get("failing", [])]
    report.add(
        "Dead links",
        map(_link, (each for each in failing if each["is_dead"])),
        "These links have failed in every refresh for weeks.",
    )
    report.add(
        "Links that fail",
        map(_link, (each for each in failing if not each["is_dead"] and "HTTP" in each["reason"])),
        "The servers report that these pages do not exist. If they keep failing, a later report "
        "lists them as dead.",
        decide=False,
    )


def _link(link: FailingLink) -> str:
    files = ", ".join(map(_code, link["files"]))
    return f"- <{link['url']}> ({link['reason']} since {link['since']}) in {files}"


def _add_tests(report: RefreshReport, every: list[PartResult]) -> None:
    failed = {each["test"]: each["reason"] for result in every for each in result.get("failed", [])}
    untrue = {each["name"] for result in every for each in result.get("untrue", [])}
    entries = {
        test: f"- `{test}`: {_code(reason)}"
        for test, reason in failed.items()
        if test.rpartition("::test_")[2].replace("_", "-") not in untrue
    }
    report.add(
        "Dockerfiles for which Check needs another answer",
        (entry for test, entry in entries.items() if test.startswith("tests/check/")),
        "Check reads Dockerfiles on a page of this guide. These tests compare its answers with "
        "recorded builds and installs, or with the Dockerfiles in `tests/check/rules/`.",
    )
    report.add(
        "Other tests that failed",
        (entry for test, entry in entries.items() if not test.startswith("tests/check/")),
        "Run them with `scripts/test`.",
    )


def _add_versions(
    report: RefreshReport, folder: Path, base: str, tip: str, every: list[PartResult]
) -> None:
    raised = [each for result in every for each in result.get("raised", [])]
    rows = [
        f"| {each['name']} | {each['before']} | {each['after']} | {_places(each)} |"
        for each in raised
    ]
    table = "\n".join(("| Name | Before | After | Where |", "|---|---|---|---|", *rows))
    report.add(
        "Versions",
        [table] if rows else [],
        "Newer versions of programs and packages.",
        decide=any(not each["is_written"] for each in raised),
    )
    behind = _behind(folder, base, tip)
    report.add(
        "Recordings that were behind",
        (f"- `{name}` was recorded with {versions}" for name, versions in behind.items()),
        "These recordings had been made with an older uv than the one that the examples pin. They "
        "have been made again.",
        decide=False,
    )
    notes = [f"- {note}" for result in every for note in result.get("notes", [])]
    silent = {url for result in every for url in result.get("unreachable", [])}
    silent |= {
        each["url"]
        for result in every
        for each in result.get("failing", [])
        if not each["is_dead"] and "HTTP" not in each["reason"]
    }
    if silent:
        notes.append(f"- {len(silent)} URLs of other sites gave no answer, so they are unknown.")
    report.add("Notes", notes, "What this run left out.", decide=False)


def _behind(folder: Path, base: str, tip: str) -> dict[str, str]:
    """Return the recordings whose uv was older than that of the examples, with its version."""
    match = re.search(r'UV_VERSION = "([^"]+)"', text_at(folder, base, _PINNED))
    behind: dict[str, str] = {}
    for path, old, new in changed_files(folder, base, tip, _DATA):
        version, now = _uv_of(old), _uv_of(new)
        # A former statement is recorded with an old release again.
        if match and version and version != now and Version(version) < Version(match[1]):
            behind[path.removeprefix(_DATA).removesuffix(".json")] = f"uv {version}"
    return behind


def _uv_of(recording: str) -> str | None:
    """Return the version of uv with which a recording was made, or None."""
    content: Recording = json.loads(recording or "{}")
    return content.get("recorded", {}).get("versions", {}).get("uv")


def _places(raised: RaisedVersion) -> str:
    files = raised["files"]
    where = _code(files[0]) if len(files) == 1 else f"{len(files)} files"
    return where if raised["is_written"] else f"{where}, not written without Docker"


def _grouped(compared: Mapping[str, list[Change]], kind: str) -> list[str]:
    """Return an entry for each change of a kind, which names every recording with that change."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, differences in compared.items():
        for each in (change for change in differences if change.kind == kind):
            names.setdefault((each.before, each.after), []).append(f"`{name}`: {each.path}")
    return [
        f"{'; '.join(where[:5])}{f'; and {len(where) - 5} more' if len(where) > 5 else ''}\n\n"
        f"{_side_by_side(Change('fact', '', before, after))}"
        for (before, after), where in names.items()
    ]


def _side_by_side(change: Change) -> str:
    """Return a table with the text before on the left and the text after on the right."""
    cells = "".join(f"<td><pre>{_cell(text)}</pre></td>" for text in (change.before, change.after))
    return f"<table><tr><th>Before</th><th>After</th></tr><tr>{cells}</tr></table>"


def _cell(text: str) -> str:
    # An empty line would end the HTML block in Markdown.
    lines = [line for line in text.splitlines() if line.strip()]
    shown = "\n".join(lines)
    return escape(shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…", quote=False)


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text[:300]}{space}{fence}"

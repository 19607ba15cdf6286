"""Read the rules that find faults in Dockerfiles, and the cases of their fixtures."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from guide import ROOT, Problem

MODULES = ROOT / "docs/assets/js/check/rules"
FIXTURES = ROOT / "tests/check/rules"
# What a rule can say about a fault, worst first, with the words for readers.
SEVERITIES = {
    "breaks": "Breaks or leaks in production",
    "slow": "Makes builds or starts slow",
    "risky": "Risky",
    "untidy": "Untidy",
}

_STRING = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_CLAIMS = re.compile(r"^  claims: \[(.*?)\]", re.MULTILINE | re.DOTALL)
# A comment of a fixture that says something about the case or the line below it.
COMMENT = re.compile(r"^\s*# (case|finds|fine|files): (.+)$")


@dataclass(frozen=True)
class FixtureCase:
    """A Dockerfile of a fixture. `project` is the folder with the other files, or empty."""

    lines: list[str]
    project: str
    is_bad: bool


@dataclass(frozen=True)
class CheckRule:
    """A rule with the cases of its fixture."""

    name: str
    title: str
    advice: str
    severity: str
    claims: list[str]
    no_fix: str
    not_tried: str
    cases: list[FixtureCase] = field(repr=False)


@cache
def rules() -> list[CheckRule]:
    """Return every rule, worst first, and then by title. Raises Problem if one lacks a text."""
    unsorted = [_rule(path) for path in sorted(MODULES.glob("*.js"))]
    order = [*SEVERITIES]
    return sorted(unsorted, key=lambda rule: (order.index(rule.severity), rule.title.strip("`")))


def _rule(path: Path) -> CheckRule:
    text = path.read_text()
    claims = _CLAIMS.search(text)
    return CheckRule(
        name=path.stem,
        title=_property(path, text, "title"),
        advice=_property(path, text, "advice"),
        severity=_property(path, text, "severity"),
        claims=re.findall(r'"([^"]+)"', claims[1]) if claims else [],
        no_fix=_property(path, text, "noFix", is_optional=True),
        not_tried=_property(path, text, "notTried", is_optional=True),
        cases=_cases(FIXTURES / f"{path.stem}.Dockerfile"),
    )


def _property(path: Path, text: str, name: str, is_optional: bool = False) -> str:
    match = re.search(rf"^  {name}:\s+{_STRING},$", text, re.MULTILINE)
    if match:
        return re.sub(r"\\(.)", r"\1", match[1] or match[2] or "")
    if is_optional:
        return ""
    raise Problem(f"{path.name} has no {name} that is a text. Write one.")


def _cases(path: Path) -> list[FixtureCase]:
    """Return the cases of a fixture. A finding can also be in a file of the case's project."""
    cases = []
    for text in re.split(r"^# case: .*\n", path.read_text(), flags=re.MULTILINE)[1:]:
        lines = text.strip().splitlines()
        comments = [match.groups() for line in lines if (match := COMMENT.match(line))]
        project = next((value for kind, value in comments if kind == "files"), "")
        is_bad = any(kind == "finds" for kind, _ in comments) or any(
            f"# finds {path.stem}" in text for text in fixture_files(project).values()
        )
        cases.append(FixtureCase(lines, project, is_bad))
    return cases


def fixture_files(project: str) -> dict[str, str]:
    """Return the texts of a project's files for the cases that name it, by their path."""
    if not project:
        return {}
    folder = FIXTURES / "projects" / project
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

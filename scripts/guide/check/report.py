"""Print findings for people, and the differences that fixes make."""

import difflib
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.text import Text

from guide.check.folders import LEVELS, CheckedDockerfile, Finding, Proposal, text_of
from guide.check.formats import Results, findings, relative

_STYLES = {"breaks": "bold red", "slow": "bold yellow", "risky": "bold magenta", "untidy": "bold"}
_DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}
# A file that ends without a newline.
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def print_report(results: Results, console: Console) -> None:
    """Print the findings in every file, what could not be judged, and a summary."""
    listed = [*findings(results)]
    for path, finding in listed:
        _print_finding(path, finding, console)
    for folder, dockerfiles in results:
        if not dockerfiles:
            console.print(f"{relative(folder)}  has no Dockerfile", markup=False, soft_wrap=True)
        for dockerfile in dockerfiles:
            _print_gaps(folder, dockerfile, console)
    console.print(_summary(results, listed))


def _print_finding(path: str, finding: Finding, console: Console) -> None:
    severity = finding["severity"]
    line = finding["line"]
    heading = Text.assemble(
        (f"{path}:{line}", "bold"), "  ", (severity, _STYLES[severity]), f"  {finding['title']}"
    )
    console.print(heading.append(f"  {finding['rule']}", "dim"), soft_wrap=True)
    lines = text_of(Path(path)).splitlines()
    if line <= len(lines):
        console.print(Text.assemble((f"  {line} | ", "dim"), lines[line - 1]), soft_wrap=True)
    console.print(Text(f"  {finding['message']} {finding['advice']}"), soft_wrap=True)
    if "proposal" in finding:
        _print_proposal(finding["proposal"], console)
    console.print()


def _print_proposal(proposal: Proposal, console: Console) -> None:
    """Print the condition of a proposal, and the file and the line of each edit."""
    console.print(Text(f"  Possible fix: {proposal['condition']}"), soft_wrap=True)
    for edit in proposal["edits"]:
        verb = "insert above" if edit["lastLine"] < edit["line"] else "replace"
        verb = verb if edit["text"] else "remove"
        where = f"    {edit['file']}, {verb} line {edit['line']}"
        console.print(Text(where, style="dim"), soft_wrap=True)
        for line in edit["text"]:
            console.print(Text(f"    + {line}", style=_DIFF_STYLES["+"]), soft_wrap=True)


def _print_gaps(folder: Path, dockerfile: CheckedDockerfile, console: Console) -> None:
    path = relative(folder / dockerfile["path"])
    gaps = [(each, "not understood") for each in dockerfile["problems"]]
    gaps += [(each, "not judged") for each in dockerfile["notJudged"]]
    for each, kind in gaps:
        line = Text.assemble(f"{path}:{each['line']}", "  ", (kind, "dim"), f"  {each['reason']}")
        console.print(line, soft_wrap=True)


def _summary(results: Results, listed: list[tuple[str, Finding]]) -> str:
    dockerfiles = sum(len(checked) for _, checked in results)
    scope = f"in {_count(dockerfiles, 'Dockerfile')}"
    if not listed:
        return f"No findings {scope}."
    counts = Counter(finding["severity"] for _, finding in listed)
    parts = [f"{counts[level]} {level}" for level in LEVELS if counts[level]]
    return f"{_count(len(listed), 'finding')} {scope}: {', '.join(parts)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_differences(fixed: dict[Path, str], console: Console) -> None:
    """Print what fixes change in each file, as a patch."""
    for path, text in fixed.items():
        name = relative(path)
        old = text_of(path).splitlines(keepends=True) if path.exists() else []
        origin = f"a/{name}" if path.exists() else "/dev/null"
        lines = difflib.unified_diff(
            old, text.splitlines(keepends=True), fromfile=origin, tofile=f"b/{name}"
        )
        for line in lines:
            shown = line if line.endswith("\n") else line + _NO_NEWLINE
            console.print(Text(shown, style=_DIFF_STYLES.get(line[0], "")), end="", soft_wrap=True)

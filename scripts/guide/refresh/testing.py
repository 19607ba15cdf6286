"""Run tests for a refresh, and return the tests that failed."""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from guide import ROOT, Problem
from guide.content.claims import identifier
from guide.machine.commands import reason, run
from guide.refresh.results import FailedTest, UntrueClaim
from guide.testing.failures import REPORTED

# pytest's exit codes if tests passed, and if some failed.
_RAN = {0, 1}
# The property of a failed claim that contains its transcript, which tests/claims/conftest.py sets.
TRANSCRIPT = "transcript"
_TIME_LIMIT = 4 * 3600


@dataclass(frozen=True)
class _Failure:
    """A failed test, the first line of the reason, and its properties."""

    test: str
    reason: str
    properties: dict[str, str]


def _failures(arguments: Sequence[str]) -> list[_Failure]:
    """Run scripts/test with arguments, and return the tests that failed.

    Raises Problem if the tests could not run.
    """
    with tempfile.TemporaryDirectory(prefix="guide-refresh-") as folder:
        report = Path(folder) / "report.xml"
        command = (sys.executable, ROOT / "scripts/test", f"--junitxml={report}", *arguments)
        done = run(*command, failing="pytest failed", check=False, cwd=ROOT, timeout=_TIME_LIMIT)
        if done.returncode not in _RAN or not report.exists():
            why = reason(done.stderr or done.stdout)
            raise Problem(f"The tests in {arguments[-1]} could not run: {why}")
        cases = [*ElementTree.parse(report).iter("testcase")]
    return [failure for case in cases if (failure := _failure(case))]


def failed_tests(arguments: Sequence[str]) -> list[FailedTest]:
    """Run scripts/test with arguments, and return the failed tests for the report."""
    return [{"test": each.test, "reason": each.reason} for each in _failures(arguments)]


def untrue_claims(arguments: Sequence[str]) -> list[UntrueClaim]:
    """Record the claims that pass, and return those that fail."""
    return [
        {
            "name": identifier(each.test.rpartition("::")[2]),
            "reason": each.reason,
            "transcript": json.loads(each.properties.get(TRANSCRIPT, "[]")),
        }
        for each in _failures(["--record-claims", *arguments])
    ]


def _failure(case: ElementTree.Element) -> _Failure | None:
    outcome = next((each for each in case if each.tag in {"failure", "error"}), None)
    if outcome is None:
        return None
    test = f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"
    lines = (outcome.get("message") or outcome.tag).splitlines()
    if REPORTED in lines[0]:
        # Another test with the same fixture has failed before.
        return None
    properties = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
    # The group of pytest-xdist follows the name.
    return _Failure(test.partition("@")[0], lines[0], properties)

"""Record the releases of uv with which each claim holds."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from packaging.version import Version

from guide import ROOT, Problem
from guide.content import recordings
from guide.content.claims import Claim, claims
from guide.content.recording_types import ClaimVersions, UvVersionsContent
from guide.machine.commands import run
from guide.machine.package_index import releases
from guide.machine.progress import doing
from guide.machine.uv_releases import installed_uv
from guide.start.environment import UV_VERSION

OLDEST_MINOR = 5


def released() -> list[str]:
    """Return the releases of uv from the oldest tested minor release to the pinned release.

    The oldest comes first. Raises Problem if the package index lists no release.
    """
    first, last = Version(f"0.{OLDEST_MINOR}.0"), Version(UV_VERSION)
    return [each for each in releases("uv") if first <= Version(each) <= last]


def last_of_each_minor(versions: Iterable[str]) -> list[str]:
    """Return the last version of each minor release, from sorted versions."""
    return list({Version(each).release[:2]: each for each in versions}.values())


def without_docker() -> list[Claim]:
    """Return the claims that do not need Docker."""
    return [each for each in claims().values() if not each.needs_docker]


def outcomes(version: str, wanted: list[Claim]) -> dict[str, str | None]:
    """Test claims with a version of uv. Return the reason of each failure, or None, by name."""
    installed_uv(version)
    # Exclude the variables that pytest-xdist sets in its processes.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with tempfile.TemporaryDirectory(prefix="guide-uv-") as folder:
        report = Path(folder) / "report.xml"
        # -vv keeps pytest from shortening the lists that it compares.
        options = ["-vv", "-p", "no:cacheprovider", "--numprocesses", "auto"]
        options += [f"--junitxml={report}", f"--basetemp={folder}/pytest"]
        options += [f"--uv-version={version}"]
        command = (sys.executable, "-m", "pytest", *options, *(each.test for each in wanted))
        done = run(*command, failing="pytest failed", cwd=ROOT, env=environ, check=False)
        if not report.exists():
            raise Problem(f"The claims could not be tested with uv {version}: {done.stderr[-300:]}")
        cases = ElementTree.parse(report).iter("testcase")
        reasons = {case.attrib["name"].partition("@")[0]: _why(case) for case in cases}
    return {each.name: reasons[each.test.rpartition("::")[2]] for each in wanted}


def _why(case: ElementTree.Element) -> str | None:
    """Return the first line of the reason why a test failed, or None if it passed."""
    wrong = [child for child in case if child.tag in {"failure", "error", "skipped"}]
    return (wrong[0].get("message") or wrong[0].tag).splitlines()[0] if wrong else None


# The page that lists flags and variables. Each is the argument of a macro.
OPTIONS_PAGE = ROOT / "docs/reference/variables-and-flags.md"
_OPTION = re.compile(r"\boption\(\"([^\"]+)\"\)")
# The commands whose help lists the flags of the page.
COMMANDS_WITH_HELP = ("sync", "run", "lock", "export", "venv", "cache prune", "pip sync")


def oldest_releases(versions: list[str]) -> dict[str, str]:
    """Return the release since which uv has had each flag and variable of the page.

    A flag exists if the help of a command lists it. A variable exists if the binary contains its
    name. Raises Problem if the newest release lacks one.
    """
    names = dict.fromkeys(_OPTION.findall(OPTIONS_PAGE.read_text()))
    oldest: dict[str, str] = {}
    for version in reversed(versions):
        program = installed_uv(version)
        content = Path(program).read_bytes()
        flags = " ".join(_help(program, command) for command in COMMANDS_WITH_HELP)
        oldest |= {name: version for name in names if _has_option(name, flags, content)}
    if unknown := [name for name in names if name not in oldest]:
        missing = ", ".join(unknown)
        raise Problem(
            f"uv {versions[-1]} does not have {missing}. Correct the names in {OPTIONS_PAGE.name}."
        )
    return {name: oldest[name] for name in names}


def _has_option(name: str, flags: str, program: bytes) -> bool:
    if name.startswith("--"):
        return re.search(rf"{name}(?![a-z-])", flags) is not None
    # The binary has no separator between two names.
    return name.encode() in program


def _help(program: str, command: str) -> str:
    done = run(program, *command.split(), "--help", failing=f"uv {command} failed", check=False)
    return done.stdout


def record_uv_versions(names: list[str]) -> UvVersionsContent:
    """Test claims with the last release of each minor release: those in `names`, or all.

    Other claims keep what was recorded. For claims that fail with old releases, bisect to find the
    release since which they hold. Raises Problem if a claim does not hold with the newest release.
    """
    every = released()
    versions = last_of_each_minor(every)
    rows = _rows_to_keep(versions) if names else {}
    options = oldest_releases(versions)
    catalogue = without_docker()
    tested = [each for each in catalogue if each.name in names or not names]
    reasons: dict[str, dict[str, str | None]] = {}
    for version in versions:
        with doing("uv versions", f"{len(tested)} claims with uv {version}"):
            reasons[version] = outcomes(version, tested)
    if wrong := [name for name, why in reasons[versions[-1]].items() if why]:
        raise Problem(
            f"These claims are not true with uv {versions[-1]}: {', '.join(wrong)}. "
            "Correct the claims and run this again."
        )
    failures = {
        each.name: [version for version in versions if reasons[version][each.name] is not None]
        for each in tested
    }
    since = {each.name: versions[0] for each in tested}
    for last_failing, first in pairwise(versions):
        group = [each for each in tested if failures[each.name][-1:] == [last_failing]]
        since |= _first_releases(group, every, every.index(last_failing), every.index(first))
    for each in tested:
        failing = failures[each.name]
        rows[each.name] = {
            "since": since[each.name],
            "holds": {version: version not in failing for version in versions},
            "why_not": reasons[failing[-1]][each.name] if failing else None,
        }
    in_order = {each.name: rows[each.name] for each in catalogue if each.name in rows}
    return {"versions": versions, "claims": in_order, "options": options}


def _rows_to_keep(versions: list[str]) -> dict[str, ClaimVersions]:
    """Return the recorded claims. Raises Problem if they were tested with other releases."""
    recorded = recordings.uv_versions()
    if recorded["versions"] != versions:
        raise Problem("The claims were tested with other releases. Record all of them.")
    return {**recorded["claims"]}


def _first_releases(wanted: list[Claim], every: list[str], low: int, high: int) -> dict[str, str]:
    """Bisect to find the first release with which each claim holds, by name.

    All claims fail with the release at the position `low`, and hold with the one at `high`.
    """
    if not wanted or high - low == 1:
        return {each.name: every[high] for each in wanted}
    middle = (low + high) // 2
    with doing("uv versions", f"{len(wanted)} claims with uv {every[middle]}"):
        why = outcomes(every[middle], wanted)
    holding = [each for each in wanted if why[each.name] is None]
    failing = [each for each in wanted if why[each.name] is not None]
    return {
        **_first_releases(holding, every, low, middle),
        **_first_releases(failing, every, middle, high),
    }

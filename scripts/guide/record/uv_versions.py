"""Record the releases of uv with which each claim holds."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
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


def oldest_releases(versions: list[str], recorded: dict[str, str]) -> dict[str, str]:
    """Return the release since which uv has had each flag and variable of the page.

    A flag exists if the help of a command lists it. A variable exists if the binary contains its
    name. `recorded` are the releases that are known already, so older releases are searched only
    for other names. Raises Problem if the newest release lacks one.
    """
    names = _options_of_the_page()
    newest = versions[-1]
    existing = _existing(newest, names)
    if unknown := [name for name in names if name not in existing]:
        missing = ", ".join(unknown)
        raise Problem(
            f"uv {newest} does not have {missing}. Correct the names in {OPTIONS_PAGE.name}."
        )
    series = {Version(each).release[:2]: each for each in versions}
    oldest = {
        name: series[Version(recorded[name]).release[:2]] if name in recorded else newest
        for name in names
    }
    new = [name for name in names if name not in recorded]
    for version in reversed(versions[:-1]) if new else ():
        oldest |= dict.fromkeys(_existing(version, new), version)
    return oldest


def _options_of_the_page() -> list[str]:
    return [*dict.fromkeys(_OPTION.findall(OPTIONS_PAGE.read_text()))]


def _existing(version: str, names: Iterable[str]) -> list[str]:
    """Return the flags and variables that a release has."""
    program = installed_uv(version)
    content = Path(program).read_bytes()
    flags = " ".join(_help(program, command) for command in COMMANDS_WITH_HELP)
    return [name for name in names if _has_option(name, flags, content)]


def _has_option(name: str, flags: str, program: bytes) -> bool:
    if name.startswith("--"):
        return re.search(rf"{name}(?![a-z-])", flags) is not None
    # The binary has no separator between two names.
    return name.encode() in program


def _help(program: str, command: str) -> str:
    done = run(program, *command.split(), "--help", failing=f"uv {command} failed", check=False)
    return done.stdout


@dataclass(frozen=True)
class _Change:
    """Two consecutive releases of the table with which a claim has different results.

    `holds_before` is whether the claim holds with the older one, `before`.
    """

    before: str
    after: str
    holds_before: bool


def record_uv_versions(names: list[str]) -> UvVersionsContent:
    """Test claims with the last release of each minor release.

    A claim in `names` is tested with every such release, and any other claim only with those with
    which its test has not run yet. Between two releases with different results, bisect to find the
    release that changed the result. Raises Problem if a claim does not hold with the newest
    release, or a former statement not until the release that its test names.
    """
    every = released()
    versions = last_of_each_minor(every)
    recorded = recordings.uv_versions()
    catalogue = without_docker()
    known = {
        each.name: recorded["claims"][each.name]
        for each in catalogue
        if each.name in recorded["claims"]
        and each.name not in names
        and recorded["claims"][each.name].get("test") == each.fingerprint
    }
    reasons = {each.name: _known_reasons(known.get(each.name), versions) for each in catalogue}
    for version in versions:
        tested = [each for each in catalogue if version not in reasons[each.name]]
        if tested:
            with doing("uv versions", f"{len(tested)} claims with uv {version}"):
                for name, why in outcomes(version, tested).items():
                    reasons[name][version] = why
    reasons = {name: {each: of[each] for each in versions} for name, of in reasons.items()}
    _check_newest(catalogue, reasons, versions)
    firsts = _first_releases(catalogue, reasons, versions, known, every)
    return {
        "versions": versions,
        "claims": {
            each.name: _row(each, reasons[each.name], firsts[each.name], every)
            for each in catalogue
        },
        "options": oldest_releases(versions, recorded["options"]),
    }


def _known_reasons(row: ClaimVersions | None, versions: list[str]) -> dict[str, str | None]:
    """Return the recorded reason of each failure, or None, by release.

    Only the reason of the last failure is recorded, and only that one is needed.
    """
    held = row["holds"] if row else {}
    why = row["why_not"] if row else None
    return {version: None if held[version] else why for version in versions if version in held}


def _check_newest(
    catalogue: list[Claim], reasons: dict[str, dict[str, str | None]], versions: list[str]
) -> None:
    """Raise Problem if a claim does not hold with the newest release, or a former one does."""
    newest = versions[-1]
    wrong = [
        each.name
        for each in catalogue
        if (reasons[each.name][newest] is None) == (each.until is not None)
    ]
    if wrong:
        raise Problem(
            f"These claims are not true with uv {newest}, or are former statements that are true: "
            f"{', '.join(wrong)}. Correct the claims and run this again."
        )


def _changes(reasons: dict[str, str | None], versions: list[str]) -> list[_Change]:
    """Return where the results change, from the start of the last releases with which it holds."""
    pairs = [
        _Change(before, after, reasons[before] is None)
        for before, after in pairwise(versions)
        if (reasons[before] is None) != (reasons[after] is None)
    ]
    starts = [position for position, each in enumerate(pairs) if not each.holds_before]
    return pairs[starts[-1] :] if starts else pairs


def _first_releases(
    catalogue: list[Claim],
    reasons: dict[str, dict[str, str | None]],
    versions: list[str],
    known: dict[str, ClaimVersions],
    every: list[str],
) -> dict[str, dict[_Change, str]]:
    """Return the release that changed the result, for each change of each claim, by name."""
    firsts: dict[str, dict[_Change, str]] = {each.name: {} for each in catalogue}
    groups: dict[_Change, list[Claim]] = {}
    for each in catalogue:
        for change in _changes(reasons[each.name], versions):
            release = _known_release(known.get(each.name), change, every)
            if release:
                firsts[each.name][change] = release
            else:
                groups.setdefault(change, []).append(each)
    for change, group in groups.items():
        low, high = every.index(change.before), every.index(change.after)
        for name, position in _bisect(group, every, low, high, change.holds_before).items():
            firsts[name][change] = every[position]
    return firsts


def _known_release(row: ClaimVersions | None, change: _Change, every: list[str]) -> str | None:
    """Return the recorded release that changed the result, if it is between the two releases."""
    if row is None:
        return None
    release = row["since"]
    if change.holds_before:
        if "until" not in row:
            return None
        release = every[every.index(row["until"]) + 1]
    is_between = Version(change.before) < Version(release) <= Version(change.after)
    return release if is_between else None


def _bisect(
    wanted: list[Claim], every: list[str], low: int, high: int, holds_before: bool
) -> dict[str, int]:
    """Bisect to find the position of the release that changed the result of each claim, by name.

    With the release at the position `low`, all claims hold or all fail, as `holds_before` states.
    With the release at `high`, the result is different.
    """
    if not wanted or high - low == 1:
        return {each.name: high for each in wanted}
    middle = (low + high) // 2
    with doing("uv versions", f"{len(wanted)} claims with uv {every[middle]}"):
        why = outcomes(every[middle], wanted)
    changed = [each for each in wanted if (why[each.name] is None) != holds_before]
    unchanged = [each for each in wanted if (why[each.name] is None) == holds_before]
    return {
        **_bisect(changed, every, low, middle, holds_before),
        **_bisect(unchanged, every, middle, high, holds_before),
    }


def _row(
    claim: Claim, reasons: dict[str, str | None], firsts: dict[_Change, str], every: list[str]
) -> ClaimVersions:
    """Return the entry of a claim. Raises Problem if its test names the wrong last release.

    `firsts` are the releases that changed the result.
    """
    failing = [version for version, why in reasons.items() if why is not None]
    start = [first for change, first in firsts.items() if not change.holds_before]
    end = [first for change, first in firsts.items() if change.holds_before]
    row: ClaimVersions = {
        "since": start[0] if start else next(iter(reasons)),
        "holds": {version: why is None for version, why in reasons.items()},
        "why_not": reasons[failing[-1]] if failing else None,
        "test": claim.fingerprint,
    }
    if claim.until:
        if not end:
            raise Problem(f"No release in the table holds for {claim.name}. Correct its test.")
        row["until"] = every[every.index(end[0]) - 1]
        if row["until"] != claim.until:
            raise Problem(
                f'{claim.name} held until uv {row["until"]}. Write until("{row["until"]}") '
                "in front of its test."
            )
    return row

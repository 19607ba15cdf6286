"""Other releases of uv, and which claims hold with them."""

import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from packaging.version import Version

from guide import ROOT, Problem
from guide.content.claims import Claim, claims
from guide.machine.commands import run
from guide.machine.installing import cached
from guide.machine.progress import doing
from guide.start.environment import UV_VERSION, find_uv

OLDEST_MINOR = 5


def installed(version: str | None = None) -> str:
    """The path of the uv of that version, from PyPI; by default of the one the examples pin."""
    version = version or UV_VERSION

    def install(folder: Path) -> None:
        command = ("pip", "install", "--quiet", "--no-deps", "--target", folder, f"uv=={version}")
        run(find_uv(), *command, failing=f"uv {version} could not be installed")

    return str(cached(f"uv-{version}", install, "uv") / "bin/uv")


def released() -> list[str]:
    """Every release of uv on PyPI since the oldest minor one, up to the one the examples pin.

    Oldest first. Raises Problem when PyPI names none.
    """
    ask = ("tool", "run", "--quiet", "--from", "pip", "pip", "index", "versions", "uv")
    answer = run(find_uv(), *ask, failing="PyPI does not say which releases of uv there are")
    found = re.search(r"(?m)^Available versions: (.*)$", answer.stdout)
    if found is None:
        raise Problem("PyPI names no release of uv.")
    versions = sorted(re.findall(r"\d+\.\d+\.\d+", found[1]), key=Version)
    first, last = Version(f"0.{OLDEST_MINOR}.0"), Version(UV_VERSION)
    return [each for each in versions if first <= Version(each) <= last]


def last_of_each_minor(versions: Iterable[str]) -> list[str]:
    """Of versions in their order, those that no other of the same minor release follows."""
    return list({Version(each).release[:2]: each for each in versions}.values())


def without_docker() -> list[Claim]:
    """The claims that are about uv alone."""
    return [each for each in claims().values() if not each.needs_docker]


def outcomes(version: str, wanted: list[Claim]) -> dict[str, str | None]:
    """Whether claims hold with a version of uv: None, or the reason why one does not."""
    installed(version)
    # Not the variables by which pytest-xdist knows its own.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with tempfile.TemporaryDirectory(prefix="guide-uv-") as folder:
        report = Path(folder) / "report.xml"
        # Very verbose, so that pytest shortens no list that it compares.
        options = ["-vv", "-p", "no:cacheprovider", "--numprocesses", "auto"]
        options += [f"--junitxml={report}", f"--basetemp={folder}/pytest"]
        options += [f"--uv-version={version}"]
        command = (sys.executable, "-m", "pytest", *options, *(each.test for each in wanted))
        done = run(*command, failing="pytest failed", cwd=ROOT, env=environ, check=False)
        if not report.exists():
            raise Problem(f"The claims could not be tried with uv {version}: {done.stderr[-300:]}")
        cases = ElementTree.parse(report).iter("testcase")
        found = {case.get("name").partition("@")[0]: _why(case) for case in cases}
    return {each.name: found[each.test.rpartition("::")[2]] for each in wanted}


def _why(case: ElementTree.Element) -> str | None:
    """The first line of what made a test fail."""
    wrong = [child for child in case if child.tag in {"failure", "error", "skipped"}]
    return (wrong[0].get("message") or wrong[0].tag).splitlines()[0] if wrong else None


# The page that lists flags and variables asks for each of them by this.
OPTIONS_PAGE = ROOT / "docs/reference/variables-and-flags.md"
_OPTION = re.compile(r"\boption\(\"([^\"]+)\"\)")
# Commands whose help lists the flags of the page.
HELPED = ("sync", "run", "lock", "export", "venv", "cache prune", "pip sync")


def options(columns: list[str]) -> dict[str, str]:
    """Flags and variables of the page, each with the first of the releases that knows it.

    A flag is one that a command's help names, a variable one whose name is in the program. Raises
    Problem for one that the newest does not know.
    """
    wanted = dict.fromkeys(_OPTION.findall(OPTIONS_PAGE.read_text()))
    for version in reversed(columns):
        program = installed(version)
        # In the program no separator stands between two names.
        variables = Path(program).read_bytes()
        flags = " ".join(_help(program, command) for command in HELPED)
        for name in wanted:
            if name.startswith("--"):
                known = re.search(rf"{name}(?![a-z-])", flags)
            else:
                known = name.encode() in variables
            if known:
                wanted[name] = version
    if unknown := [name for name, version in wanted.items() if version is None]:
        raise Problem(f"uv {columns[-1]} knows no {', '.join(unknown)}: see {OPTIONS_PAGE.name}.")
    return wanted


def _help(program: str, command: str) -> str:
    done = run(program, *command.split(), "--help", failing=f"uv {command}", check=False)
    return done.stdout


def table() -> dict:
    """Each claim with one release for each minor one, and the release since which it holds."""
    every = released()
    columns = last_of_each_minor(every)
    known = options(columns)
    wanted = without_docker()
    held: dict[str, dict[str, str | None]] = {}
    for version in columns:
        with doing("uv versions", f"{len(wanted)} claims with uv {version}"):
            held[version] = outcomes(version, wanted)
    if wrong := [name for name, why in held[columns[-1]].items() if why]:
        raise Problem(f"These claims do not hold with uv {columns[-1]}: {', '.join(wrong)}.")
    rows = {}
    for each in wanted:
        holds = {version: held[version][each.name] is None for version in columns}
        broken = [version for version in columns if not holds[version]]
        since = columns[0]
        if broken:
            with doing("uv versions", f"since when: {each.name}"):
                since = _since(each, every, broken[-1], columns)
        rows[each.name] = {
            "since": since,
            "holds": holds,
            "why_not": held[broken[-1]][each.name] if broken else None,
        }
    return {"versions": columns, "claims": rows, "options": known}


def _since(claim: Claim, every: list[str], broken: str, columns: list[str]) -> str:
    """The first release after `broken` with which a claim holds, found by halving."""
    low, high = every.index(broken), every.index(columns[columns.index(broken) + 1])
    while high - low > 1:
        middle = (low + high) // 2
        if outcomes(every[middle], [claim])[claim.name] is None:
            high = middle
        else:
            low = middle
    return every[high]

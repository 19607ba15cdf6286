"""Plant faults in a copy of the guide, and find out which of them the tests notice.

mutations.toml lists the faults. Each replaces a text that occurs once in a file, and names the
smallest selection of the tests that should notice it. Before a fault is planted, its selection must
pass on the unchanged copy.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypedDict

from guide import ROOT, Problem
from guide.content.recording_types import PlantedFault
from guide.machine.commands import run
from guide.machine.git import git
from guide.machine.progress import console, doing, time_left
from guide.record.recording import make_provenance, write_recording
from guide.record.saved_results import ResultKey, SavedResults, fingerprint
from guide.start.environment import find_uv

_FILE = Path(__file__).with_suffix(".toml")
# What pytest prints about a test that has failed.
_FAILURE = re.compile(r"^(?:FAILED|ERROR) \S+\.py\b.*", re.MULTILINE)
# pytest's exit codes for passed tests, failed tests, and test files that cannot be imported, which
# is 4 if a test in such a file was asked for by name.
_PASSED, _FAILED = 0, {1, 2, 4}


@dataclass(frozen=True)
class Mutation:
    """A fault. `tests` are arguments of pytest, and `needs` is what these tests need to run."""

    name: str
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]
    needs: Literal["nothing", "site", "browser", "engine"] = "nothing"

    def apply(self, text: str) -> str:
        """Return the text of the file with the fault.

        Raises Problem unless the text to replace occurs once.
        """
        if text.count(self.find) != 1:
            raise Problem(
                f"{self.file} must contain {self.find!r} once for the mutation {self.name!r}, but "
                f"contains it {text.count(self.find)} times. Correct {_FILE.name}."
            )
        return text.replace(self.find, self.replace)


class MutationResult(TypedDict):
    """Whether the tests have noticed a fault, and the first line about a failed test.

    A fault is not tried if its tests fail without it.
    """

    outcome: Literal["caught", "missed", "not tried"]
    line: str


@cache
def mutations() -> tuple[Mutation, ...]:
    """Return every mutation in the order of the file."""
    return tuple(
        Mutation(**{**each, "tests": (*each["tests"],)})
        for each in tomllib.loads(_FILE.read_text())["mutations"]
    )


def chosen(names: Sequence[str], fast: bool) -> list[Mutation]:
    """Return the mutations with these names, or all of them.

    With `fast`, return only those whose tests need nothing. Raises Problem if a name does not
    exist.
    """
    known = {each.name: each for each in mutations()}
    if unknown := [name for name in names if name not in known]:
        raise Problem(f"There is no mutation {unknown[0]!r}. scripts/mutate --list prints them.")
    wanted = [known[name] for name in names] or [*mutations()]
    return [each for each in wanted if each.needs == "nothing" or not fast]


def try_mutations(wanted: list[Mutation]) -> bool:
    """Try mutations, print the results, and return whether all were caught.

    Reuses the results of an interrupted run on the same files. The results are recorded if the
    mutations are all or the fast ones.
    """
    with _copy_of_the_guide() as copy:
        tree = git(copy, "rev-parse", "HEAD^{tree}").strip()
        saved = SavedResults[MutationResult]("mutations", json.dumps(tree))
        missing = [each for each in wanted if saved.find(_key(each)) is None]
        if len(missing) < len(wanted):
            console.print(f"mutate: resuming after {len(wanted) - len(missing)} of {len(wanted)}")
        start = time.monotonic()
        for count, mutation in enumerate(missing):
            left = time_left(start, count, len(missing))
            with doing("mutate", f"{mutation.name} ({count + 1} of {len(missing)}{left})"):
                result = _failure_without(copy, saved, mutation) or _try(copy, mutation)
            described = ": ".join(filter(None, (result["outcome"], result["line"])))
            console.print(f"  [dim]{described}[/dim]", soft_wrap=True)
            saved.add(_key(mutation), result)
    results = [(each, _result(saved, each)) for each in wanted]
    if wanted in ([*mutations()], chosen([], fast=True)):
        _record(results)
    return _summary(results)


def _record(results: list[tuple[Mutation, MutationResult]]) -> None:
    names = {mutation.name for mutation, _ in results}
    skipped: MutationResult = {"outcome": "not tried", "line": ""}
    results = [*results, *((each, skipped) for each in mutations() if each.name not in names)]
    faults: list[PlantedFault] = [
        {
            "name": mutation.name,
            "file": mutation.file,
            "outcome": result["outcome"],
            # Messages can name temporary folders of this machine.
            "test": result["line"].partition(" - ")[0].partition(" ")[2],
        }
        for mutation, result in results
    ]
    content = {"recorded": make_provenance(None), "faults": faults}
    console.print(f"wrote {write_recording('mutations', content).relative_to(ROOT)}")


def _summary(results: list[tuple[Mutation, MutationResult]]) -> bool:
    """Print the mutations that were not caught, and return whether there are none."""
    others = [each for each in results if each[1]["outcome"] != "caught"]
    for mutation, result in others:
        console.print(f"{result['outcome']}: {mutation.name}, {mutation.file}", soft_wrap=True)
    console.print(f"mutate: {len(results) - len(others)} of {len(results)} caught")
    return not others


def _result(saved: SavedResults[MutationResult], mutation: Mutation) -> MutationResult:
    result = saved.find(_key(mutation))
    if result is None:
        raise AssertionError(f"{mutation.name} has no result.")
    return result


def _key(mutation: Mutation) -> ResultKey:
    content = fingerprint(repr(mutation))
    return ResultKey(round=0, kind="mutation", name=mutation.name, fingerprint=content)


@contextmanager
def _copy_of_the_guide() -> Iterator[Path]:
    """Yield a Git repository with the guide's files, which uses the same virtual environment."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    with tempfile.TemporaryDirectory(prefix="guide-mutations-") as temporary:
        copy = Path(temporary) / "guide"
        for name in filter(None, listed.split("\0")):
            # A deleted file is listed until the deletion is committed.
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        git(copy, "init", "--quiet")
        git(copy, "add", "--all")
        git(copy, "commit", "--quiet", "--message", "Copy the guide")
        # .gitignore excludes a folder, and not a link.
        (copy / ".git/info/exclude").write_text("/.venv\n")
        (copy / ".venv").symlink_to(sys.prefix)
        yield copy


def _failure_without(
    copy: Path, saved: SavedResults[MutationResult], mutation: Mutation
) -> MutationResult | None:
    """Return a result if the tests that should notice a mutation fail without it."""
    name = " ".join(mutation.tests)
    key = ResultKey(round=0, kind="unchanged", name=name, fingerprint="")
    unchanged = saved.find(key)
    if unchanged is None:
        unchanged = _run_tests(copy, mutation)
        saved.add(key, unchanged)
    if unchanged["outcome"] == "missed":
        return None
    return {"outcome": "not tried", "line": f"its tests fail without it: {unchanged['line']}"}


def _try(copy: Path, mutation: Mutation) -> MutationResult:
    """Plant a fault, run the tests that should notice it, and remove the fault."""
    path = copy / mutation.file
    original = path.read_text()
    path.write_text(mutation.apply(original))
    try:
        return _run_tests(copy, mutation)
    finally:
        path.write_text(original)


def _run_tests(copy: Path, mutation: Mutation) -> MutationResult:
    # The environment of scripts/test, which prefers the copy's modules to those of this folder.
    environ = {
        **os.environ,
        "COLUMNS": "600",
        "GUIDE_ENVIRONMENT": str(copy),
        "GUIDE_UV": find_uv(),
        "PYTHONPATH": str(copy / "scripts"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    python = copy / ".venv/bin/python"
    # Without an engine, pytest itself is faster.
    runner = ["-m", "pytest"] if mutation.needs != "engine" else [str(copy / "scripts/test")]
    options = ("--exitfirst", "--quiet", "--no-header", "-p", "no:cacheprovider")
    done = run(
        *(python, *runner, *options, *mutation.tests),
        failing=mutation.name,
        check=False,
        cwd=copy,
        env=environ,
    )
    output = done.stdout + done.stderr
    if done.returncode == _PASSED:
        return {"outcome": "missed", "line": ""}
    line = _FAILURE.search(output)
    if done.returncode not in _FAILED or line is None:
        ending = " ".join(output.split()[-40:])
        raise Problem(f"{' '.join(mutation.tests)} could not be run: {ending}")
    return {"outcome": "caught", "line": line[0]}

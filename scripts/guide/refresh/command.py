"""Run scripts/refresh: carry out the parts in a copy of this repository, and print the report."""

import json
import os
import shutil
from pathlib import Path

from guide import ROOT
from guide.machine.commands import reason, run
from guide.machine.git import git
from guide.machine.locks import exclusive, lock_or_fail
from guide.machine.progress import console, doing
from guide.record.saved_results import fingerprint
from guide.refresh import repository
from guide.refresh.parts import Options, RefreshPart, run_part
from guide.refresh.pins import PINS
from guide.refresh.report import introduction, write_report
from guide.refresh.results import PartResult
from guide.start.environment import cache_dir

_TIME_LIMIT = 6 * 3600
# The lock file that a running part holds.
_PART_LOCK = "part.lock"
# The exit code if a person has to decide something. Other errors have the exit code 1.
_UNDECIDED = 3


def print_plan(parts: list[RefreshPart], options: Options) -> None:
    """Print what a refresh would do. For pins, ask for the newest version and count the files."""
    for part in parts:
        line = f"{part.name}: {part.title}"
        if part.name in PINS:
            pin = PINS[part.name]
            before, after = pin.current(), pin.target(options.version)
            if before == after:
                line += f": {before} is the newest"
            else:
                line += f" from {before} to {after} in {len(pin.files_to_change(after))} files"
        print(line)


def refresh(parts: list[RefreshPart], options: Options, output: Path | None) -> int:
    """Run parts of a refresh, print or write the report, and return an exit code.

    Continues an interrupted run of the same parts on the same commit. The result is a branch of
    this repository, and the working tree stays as it is. The exit code is 0 if nothing needs a
    decision.
    """
    repository.identity()
    repository.check_branch()
    base = repository.head(ROOT)
    if git(ROOT, "status", "--porcelain").strip():
        console.print("refresh: uncommitted changes are not part of the refresh")
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    with lock_or_fail(home / "lock", "Another scripts/refresh is running. Wait until it ends."):
        # A part outlives a refresh that was killed.
        with exclusive(home / _PART_LOCK, "refresh"):
            copy = _copy_for(home, base, parts, options)
        for part in parts[len(repository.results(copy, base)) :]:
            _run(copy, part, options)
        code = report_commits(copy, base, output)
        branch = repository.publish(copy)
        console.print(f"refresh: the result is on the branch {branch}: git diff HEAD...{branch}")
        _discard(copy.parent)
    return code


def run_part_here(name: str, options: Options, output: Path) -> None:
    """Run a part in this repository, and write its result into a file."""
    with exclusive(_home() / _PART_LOCK, "refresh"):
        output.write_text(json.dumps(run_part(name, options)))


def report_commits(folder: Path, base: str, output: Path | None) -> int:
    """Print or write the report about the commits after `base`, and return an exit code."""
    report = write_report(folder, base)
    text = report.text(introduction(repository.results(folder, base)))
    if output is None:
        print(text, end="")
    else:
        output.write_text(text)
    return _UNDECIDED if report.decisions else 0


def _copy_for(home: Path, base: str, parts: list[RefreshPart], options: Options) -> Path:
    subject = f"{base} {[each.name for each in parts]} {options}"
    copy = home / fingerprint(subject) / "guide"
    for other in home.iterdir():
        # Left by an interrupted run on another commit or of other parts.
        if other.is_dir() and other != copy.parent:
            _discard(other)
    is_resumed = copy.exists()
    repository.copy_of(base, copy)
    if is_resumed and (count := len(repository.results(copy, base))):
        console.print(f"refresh: resuming after {count} of {len(parts)} parts")
    return copy


def _home() -> Path:
    return cache_dir() / "refresh"


def _discard(folder: Path) -> None:
    """Delete a folder of a refresh. If that is interrupted, the rest has another name."""
    discarded = folder.with_name("discarded")
    if folder != discarded:
        shutil.rmtree(discarded, ignore_errors=True)
        folder.rename(discarded)
    shutil.rmtree(discarded)


def _run(copy: Path, part: RefreshPart, options: Options) -> None:
    """Run a part in the copy and commit its changes, or commit only the reason if it fails.

    The part runs in a new process, because an earlier part may have changed the versions in the
    code.
    """
    result_file = copy.parent / "result.json"
    result_file.unlink(missing_ok=True)
    arguments = [f"--part={part.name}", f"--output={result_file}"]
    arguments += [f"--to={options.version}"] if options.version else []
    arguments += [] if options.has_docker else ["--without-docker"]
    names = {"GUIDE_ENVIRONMENT", "VIRTUAL_ENV"}
    environ = {name: value for name, value in os.environ.items() if name not in names}
    with doing("refresh", part.title):
        done = run(
            *(copy / "scripts/refresh", *arguments),
            failing=part.title,
            check=False,
            cwd=copy,
            env=environ,
            timeout=_TIME_LIMIT,
        )
    if done.returncode == 0 and result_file.exists():
        result = repository.read_result(result_file)
    else:
        (copy.parent.parent / f"{part.name}.log").write_text(done.stdout + done.stderr)
        result = {"part": part.name, "error": reason(done.stderr or done.stdout)}
        console.print(f"refresh: {part.name} failed: {result['error']}", soft_wrap=True)
        repository.reset(copy)
    repository.commit(copy, _subject(part, result), result)


def _subject(part: RefreshPart, result: PartResult) -> str:
    """Return the first line of the commit of a part."""
    if "error" in result:
        return f"{part.title}: failed"
    raised = result.get("raised", [])
    if part.name in PINS and raised:
        [change] = raised
        return f"Raise {change['name']} from {change['before']} to {change['after']}"
    return part.title

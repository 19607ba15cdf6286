"""Show the durations, packages and output of CI jobs, and the dependencies that Renovate finds."""

from typing import Literal

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.pages import numbers
from guide.pages.charts import Timed, select
from guide.pages.markup import block, code, code_lines, join, output_lines, prompt_line, row, table
from guide.pages.registry import macro

_JOBS = ("lint", "types", "test")
_SPEEDS = {"poetry": "Poetry", "fast": "Fast job", "full": "Full job"}
_RUNNERS = {"fresh": "fresh runner", "warm": "warm runner"}


@macro
def job_seconds() -> Markup:
    """Return a table of the seconds that each job takes, by kind of job and by runner."""
    rows = [
        row(
            f"{name}, {title}", *(_cell(_timed_job(f"{speed} {name}", runner)) for speed in _SPEEDS)
        )
        for name in _JOBS
        for runner, title in _RUNNERS.items()
    ]
    return table(rows, ("", *_SPEEDS.values()), "facts jobs")


@macro
def job_time(name: str, runner: str = "fresh") -> str:
    """Return the median duration of one job, such as "fast lint", in seconds."""
    return numbers.seconds(_timed_job(name, runner).median)


@macro
def job_rounds() -> str:
    """Return the number of rounds in which each job was timed, such as "5 rounds"."""
    return numbers.rounds(len(_timed_job("fast lint", "fresh").every_round))


@macro("job_sets")
def job_packages() -> Markup:
    """Return a table of the commands that each fast job runs and the packages that they install.

    Raises Problem if the GitLab jobs differ from the GitHub jobs.
    """
    recorded = recordings.pipelines()
    if recorded["gitlab"] != recorded["github"]:
        raise Problem(
            "The GitLab and GitHub jobs install different packages or run different commands. "
            "Change one pipeline to match the other, and run: scripts/record pipelines"
        )
    rows = [
        row(
            job["name"],
            code_lines(job["commands"]),
            len(job["installed"]),
            ", ".join(job["installed"]) or "nothing",
        )
        for job in recorded["gitlab"]
    ]
    return table(rows, ("Job", "Commands", "Packages", "Installed packages"), "facts jobs stacked")


@macro
def job_output(name: Literal["stale", "wrong_token"]) -> Markup:
    """Return the output of a job that fails because of a stale lockfile or a wrong token."""
    lines = recordings.pipelines()[name]
    return block(
        Markup("\n").join(
            prompt_line(line[2:]) if line.startswith("$ ") else output_lines(line) for line in lines
        )
    )


@macro("renovate_finds")
def renovate_dependencies() -> Markup:
    """Return a table of the dependencies that Renovate found in a dry run, by file."""
    by_file: dict[str, list[Markup]] = {}
    for each in recordings.renovate()["dependencies"]:
        dependency = Markup("{} {}").format(each["name"], code(each["value"]))
        by_file.setdefault(each["file"], []).append(dependency)
    rows = [row(code(file), join(names, ", ")) for file, names in by_file.items()]
    return table(rows, ("File", "Dependencies"), "facts jobs finds")


def _timed_job(name: str, runner: str) -> Timed:
    return select(recordings.bench_pipelines()["jobs"], runner, name)[0]


def _cell(timed: Timed) -> Markup:
    return Markup("{} <small>{}</small>").format(
        numbers.seconds(timed.median), numbers.spread(timed.every_round)
    )

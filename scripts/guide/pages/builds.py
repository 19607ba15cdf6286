"""Show the recorded builds of the examples: a cold build, and one after each edit."""

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import RecordedBuild
from guide.pages import numbers
from guide.pages.registry import macro


def find_build(example: str, edit: str) -> RecordedBuild:
    """Return the build of an example after an edit, or its "cold" build.

    Raises Problem if the build is not recorded.
    """
    for build in recordings.layers(example)["builds"]:
        if build["name"] == edit:
            return build
    raise Problem(f"No build {edit!r} of {example} is recorded. Run: scripts/record layers")


@macro("seconds")
def build_seconds(example: str, edit: str) -> str:
    """Return the median seconds of a build."""
    return numbers.seconds(find_build(example, edit)["seconds"])


@macro("spread")
def build_range(example: str, edit: str) -> str:
    """Return the shortest and the longest duration of a build over all rounds."""
    return numbers.seconds_range(find_build(example, edit)["every_round"])


@macro("rounds")
def build_rounds(example: str) -> str:
    """Return the number of rounds in which each build was timed, such as "5 rounds"."""
    return numbers.rounds(len(find_build(example, "cold")["every_round"]))


@macro
def step_count(example: str, edit: str) -> int:
    """Return the number of steps that a build ran."""
    return steps_run(find_build(example, edit))


@macro("prepared")
def packages_prepared(example: str, edit: str) -> int:
    """Return the number of packages that uv downloaded or built during a build."""
    return find_build(example, edit)["prepared"]


def steps_run(build: RecordedBuild) -> int:
    """Return the number of steps of a build that did not come from the cache."""
    return sum(not step["cached"] for step in build["steps"])

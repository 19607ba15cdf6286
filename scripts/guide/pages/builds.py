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


@macro("how_timed")
def how_builds_were_timed(example: str) -> str:
    """Return sentences on how many times each build was timed, and how much the times vary."""
    cold = find_build(example, "cold")["every_round"]
    if len(cold) == 1:
        return "We timed each build once. The times do not include pulling the base images."
    return (
        f"Each time is the median of {numbers.rounds(len(cold))} and does not include pulling the "
        "base images. The times vary between rounds. For example, builds without a cache took "
        f"{numbers.seconds_range(cold)}."
    )


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

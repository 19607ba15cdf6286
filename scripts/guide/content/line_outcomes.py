"""State what happens without each line or setting of the files that readers copy.

line_outcomes.toml lists the outcomes. Each names the probe of `guide.record.lines` that shows it, a
regular expression that one of the differences must match, and the sentence that follows "Without
it:" on a page. If a recorder finds no such difference, it records nothing: either the outcome is
wrong, or the line has lost its effect.

The probes, which are run once for the unchanged example and once without each item, are

build      the result of building each image, and what the build prints
image      the configuration, packages and files of each image
stage      the size of the stage of a Dockerfile that contains the item
start      how many modules Python compiles when it imports the service
container  containers of the production image that are started without Compose
rebuild    a build after an edit: its result, the steps that ran, and the fetched packages
time       the seconds of the item's step in rebuilds after an edit
config     the settings that Compose reads from the file
service    the README's commands, the containers, their responses and their logs
stop       stopping the service while requests are open
watch      edits while `docker compose watch` runs
health     the health check, run against good and bad services
laptop     the packages on a laptop, and the linter's rules
tests      the README's command for the tests
types      the type checker
tools      the tools in the image that contains them
workflow   whether a pipeline is valid, what linters find in it, and which jobs each event starts
jobs       the fast job of a pipeline that contains the item, on good code and on faulty code
settings   the settings of a pipeline as they are read, for what only GitLab or GitHub itself shows

A probe can run after an edit: "rebuild after view". `guide.record.line_edits` lists the edits.
"""

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from guide import Problem
from guide.content.line_items import Item

BUILD, IMAGE, STAGE, START, CONTAINER, REBUILD, TIME = (
    *("build", "image", "stage", "start", "container", "rebuild", "time"),
)
CONFIG, SERVICE, STOP, WATCH, HEALTH = "config", "service", "stop", "watch", "health"
LAPTOP, TESTS, TYPES, TOOLS = "laptop", "tests", "types", "tools"
WORKFLOW, JOBS, SETTINGS = "workflow", "jobs", "settings"
_FILE = Path(__file__).with_suffix(".toml")


class Probe(NamedTuple):
    """A kind of probe, and the name of the edit after which it runs, which can be empty."""

    kind: str
    after: str = ""

    def __str__(self) -> str:
        return f"{self.kind} after {self.after}" if self.after else self.kind


@dataclass(frozen=True)
class Outcome:
    """What happens without the items whose file, name or key, and example match the patterns."""

    file: str
    item: str
    probe: Probe
    says: str
    without: str
    example: str = "*"


@cache
def all_outcomes() -> tuple[Outcome, ...]:
    """Return every outcome in the order of the file."""
    return tuple(
        Outcome(**{**each, "probe": Probe(*each["probe"].split(" after "))})
        for each in _tables()["outcomes"]
    )


def _tables() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(_FILE.read_text())


def outcome_of(example: str, item: Item) -> Outcome:
    """Return the outcome of an item of an example. Raises Problem if there is none."""
    for each in all_outcomes():
        is_here = fnmatchcase(example, each.example) and fnmatchcase(item.file, each.file)
        if is_here and matches(each.item, item):
            return each
    raise Problem(
        f"{example}, {item.file}: nothing states what happens without {item.key!r}. Add an outcome "
        f"to {_FILE.name}, or delete the line."
    )


def matches(pattern: str, item: Item) -> bool:
    """Return whether a pattern matches the name of an item or its key, which has its stage."""
    return fnmatchcase(item.name, pattern) or fnmatchcase(item.key, pattern)

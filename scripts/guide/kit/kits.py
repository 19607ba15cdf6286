"""Run the modules that make kits."""

from typing import NotRequired, TypedDict, cast

from guide import ROOT, Problem
from guide.content.kit_sources import kit_sources
from guide.machine import node

MODULE = ROOT / "docs/assets/js/kit/kit.js"

_MAKE = """({ sources, choices }) => choices.map((each) => module.makeKit(each, sources))"""

Answers = dict[str, str]


class Choice(TypedDict):
    """What a reader has chosen. Questions and names that are missing have their defaults."""

    answers: NotRequired[Answers]
    names: NotRequired[dict[str, str | list[str]]]


class KitPart(TypedDict):
    """Lines that go to the start or the end of a file, or into its TOML tables."""

    at: str
    text: str


class KitFile(TypedDict):
    """A file of a kit. `target` is its path in the zip, and `path` its path in the project."""

    path: str
    target: str
    text: str
    kind: str
    note: str
    parts: NotRequired[list[KitPart]]


def kits(choices: list[Choice]) -> list[list[KitFile]]:
    """Return the files of a kit for each choice.

    Raises Problem if there is no kit for a choice, or if a name cannot be used.
    """
    argument = {"sources": kit_sources(), "choices": choices}
    results = node.call(MODULE, _MAKE, argument)
    for result in results:
        if "problem" in result:
            raise Problem(result["problem"])
    return [result["files"] for result in results]


def built_answers() -> list[Answers]:
    """Return each combination of answers of which a different image is built.

    Each has the Python version of the example whose base image it uses.
    """
    return cast(list[Answers], node.call(MODULE, "() => module.builtAnswers()", None))

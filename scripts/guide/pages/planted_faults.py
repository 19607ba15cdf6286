"""Show how many planted faults the tests noticed."""

from collections import Counter

from markupsafe import Markup

from guide.content import recordings
from guide.content.recording_types import PlantedFault
from guide.pages.markup import inline_code, join, row, table
from guide.pages.registry import macro

# The first folder of a file's path, and what the files in that folder are.
_PARTS = {
    "examples": "The examples",
    "docs/data": "The recordings",
    "docs": "The pages",
    "tests": "The tests of the statements",
    "scripts": "The scripts",
    ".github": "The workflows",
}


@macro("planted_faults")
def fault_counts() -> Markup:
    """Return a table of the planted and the noticed faults by the part of the repository."""
    faults = [each for each in _faults() if each["outcome"] != "not tried"]
    planted = Counter(_part(fault) for fault in faults)
    caught = Counter(_part(fault) for fault in faults if fault["outcome"] == "caught")
    rows = [row(part, str(planted[part]), str(caught[part])) for part in planted]
    rows.append(row("All", str(len(faults)), str(caught.total())))
    return table(rows, ("", "Planted", "Noticed"), "facts figures")


@macro("missed_faults")
def list_of_missed_faults() -> Markup:
    """Return a sentence with the faults that the tests did not notice, and one about the others."""
    missed = [each for each in _faults() if each["outcome"] == "missed"]
    skipped = sum(each["outcome"] == "not tried" for each in _faults())
    names = join((inline_code(f"`{fault['name']}`") for fault in missed), ", ")
    sentences = [
        Markup("The tests missed {}.").format(names)
        if missed
        else Markup("The tests noticed every fault.")
    ]
    if skipped:
        sentences.append(
            Markup(
                "{} more faults were not planted in this run, because their tests need a built "
                "site or a Docker engine."
            ).format(skipped)
        )
    return join(sentences, " ")


def _faults() -> list[PlantedFault]:
    return recordings.planted_faults()["faults"]


def _part(fault: PlantedFault) -> str:
    return next(name for folder, name in _PARTS.items() if fault["file"].startswith(folder))

"""Show which kits were built, and what each of them was asked."""

from itertools import groupby

from markupsafe import Markup

from guide.content import recordings
from guide.content.recording_types import RecordedKit
from guide.pages.markup import inline_code, join, listed, row, table
from guide.pages.registry import macro

# The answers in the words of tables. The form has longer ones.
_LAYOUTS = {"plain": "manage.py and apps", "src": "src/ package"}
_SYSTEMS = {"none": "nothing", "library": "library", "compiler": "compiler"}
_PRIVATE = {"none": "none", "git": "Git", "index": "index"}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "celery": "Celery"}
_HEADS = ("Layout", "From apt", "Private packages", "Python", "Lock stage", "Built and started")


@macro
def kit_count() -> int:
    """Return the number of kits that were built."""
    return len(recordings.built_kits()["kits"])


@macro
def kit_answers() -> str:
    """Return the databases and the servers of the kits, as words in a sentence."""
    kits = recordings.built_kits()["kits"]
    values = [each for question in ("database", "server") for each in _values(kits, question)]
    return listed([_NAMES.get(each, each) for each in values])


@macro
def kits_asked() -> str:
    """Return what each kit was asked, as a list in Markdown."""
    return "".join(["\n\n", *(f"- {each}\n" for each in recordings.built_kits()["asked"]), "\n"])


@macro
def kit_table() -> Markup:
    """Return a table with the number of kits for the answers that change the Dockerfile most."""
    kits = recordings.built_kits()["kits"]
    return table(map(_row, _groups(kits)), _HEADS, "facts figures")


def _groups(kits: list[RecordedKit]) -> list[list[RecordedKit]]:
    """Return the kits in groups with the same layout, system packages and private packages."""
    keys = (_LAYOUTS, _SYSTEMS, _PRIVATE)

    def position(kit: RecordedKit) -> list[int]:
        answers = (kit["answers"][name] for name in ("layout", "system", "private"))
        return [[*order].index(answer) for order, answer in zip(keys, answers, strict=True)]

    return [[*group] for _, group in groupby(sorted(kits, key=position), key=position)]


def _row(group: list[RecordedKit]) -> Markup:
    answers = group[0]["answers"]
    return row(
        inline_code(_LAYOUTS[answers["layout"]]),
        _SYSTEMS[answers["system"]],
        _PRIVATE[answers["private"]],
        join(_values(group, "python"), ", "),
        " or ".join(_values(group, "lockStage")),
        len(group),
    )


def _values(kits: list[RecordedKit], question: str) -> list[str]:
    """Return the answers to a question that some of the kits have."""
    return list(dict.fromkeys(kit["answers"][question] for kit in kits))

"""Show how long a turn of the development loop takes."""

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import RecordedTurn
from guide.pages import numbers
from guide.pages.markup import inline_code, row, table
from guide.pages.registry import macro

# Maps the name of a turn to what is edited, and to how the change arrives.
_TURNS = {
    "mount": ("a view", "The code is mounted, and Django's development server reloads it."),
    "watch": (
        "a view",
        "`docker compose watch` copies the file, and Django's development server reloads it.",
    ),
    "rebuild": (
        "a view",
        "`docker compose up --build` builds the image and replaces the container.",
    ),
    "lockfile": (
        "`uv.lock`",
        "`docker compose watch` builds the image, without a new package, and replaces the "
        "container.",
    ),
}


@macro
def dev_loop_table() -> Markup:
    """Return the median seconds of each kind of turn, with its range."""
    rows = [
        row(
            inline_code(edited),
            inline_code(how),
            numbers.seconds(_turn(name)["seconds"]),
            numbers.seconds_range(_turn(name)["every_round"]),
        )
        for name, (edited, how) in _TURNS.items()
    ]
    return table(rows, ("You edit", "What happens", "Median", "Range"), "facts", is_searched=True)


@macro
def dev_loop_seconds(name: str) -> str:
    """Return the median seconds of one kind of turn."""
    return numbers.seconds(_turn(name)["seconds"])


@macro
def dev_loop_rounds() -> str:
    """Return the number of rounds of each kind of turn, such as "5 rounds"."""
    return numbers.rounds(len(_turn("watch")["every_round"]))


def _turn(name: str) -> RecordedTurn:
    for turn in recordings.dev_loop()["turns"]:
        if turn["name"] == name:
            return turn
    raise Problem(f"No turn {name!r} is recorded. Run: scripts/record dev-loop")

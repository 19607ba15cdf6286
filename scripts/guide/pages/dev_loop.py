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
    "mount": "a view, with a bind mount",
    "watch": "a view, with `docker compose watch`",
    "rebuild": "a view, with `docker compose up --build`",
    "lockfile": "`uv.lock`, with `docker compose watch`",
}


@macro
def dev_loop_table() -> Markup:
    """Return the median seconds of each kind of turn, with its range."""
    rows = [
        row(
            inline_code(title),
            numbers.seconds(_turn(name)["seconds"]),
            numbers.seconds_range(_turn(name)["every_round"]),
        )
        for name, title in _TURNS.items()
    ]
    return table(rows, ("You edit", "Median", "Range"), "facts figures", is_searched=True)


@macro
def dev_loop_rounds() -> str:
    """Return the number of rounds of each kind of turn, such as "5 rounds"."""
    return numbers.rounds(len(_turn("watch")["every_round"]))


def _turn(name: str) -> RecordedTurn:
    for turn in recordings.dev_loop()["turns"]:
        if turn["name"] == name:
            return turn
    raise Problem(f"No turn {name!r} is recorded. Run: scripts/record dev-loop")

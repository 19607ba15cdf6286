"""Record the command map, which compares Poetry commands with the uv commands that replace them.

The rows are in command_rows.toml. Each row runs one command in a copy of each twin project and
compares the results.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from guide import Problem
from guide.content.recording_types import CommandMapRow, Effect
from guide.machine.progress import doing
from guide.record.comparisons import COMPARISONS, CommandResult
from guide.record.twins import STATES, Twin, twins

ROWS_FILE = Path(__file__).with_name("command_rows.toml")


@dataclass(frozen=True)
class Row:
    """A command for each tool in one situation, and the comparisons of its results.

    `same` names the COMPARISONS without a difference. `differs` maps the COMPARISONS with a
    difference to a sentence. `before` and `then` map a tool to commands before and after.
    """

    group: str
    poetry: str
    uv: str
    same: tuple[str, ...] = ()
    differs: dict[str, str] = field(default_factory=dict)
    # A description of the situation, and the state of the twins.
    when: str = ""
    state: str = "locked"
    before: dict[str, str] = field(default_factory=dict)
    then: dict[str, str] = field(default_factory=dict)

    @property
    def compared(self) -> tuple[str, ...]:
        """The names of all comparisons."""
        return (*self.same, *self.differs)


def read_rows() -> list[Row]:
    """Read the rows. Raises Problem if a row has an unknown state or comparison."""
    content = tomllib.loads(ROWS_FILE.read_text())
    return [_row(each, content["situations"]) for each in content["rows"]]


def _row(content: dict[str, Any], situations: dict[str, dict[str, Any]]) -> Row:
    situation = content.pop("situation", None)
    content = {**(situations[situation] if situation else {}), **content}
    row = Row(**{**content, "same": tuple(content.get("same", ()))})
    unknown = [name for name in row.compared if name not in COMPARISONS]
    if unknown or row.state not in STATES:
        wrong = ", ".join(unknown) or row.state
        raise Problem(
            f"{ROWS_FILE.name}: The row {row.poetry!r} has {wrong!r}, which does not exist. "
            "Correct the name."
        )
    return row


def compare(
    row: Row, poetry_twin: Twin, uv_twin: Twin, recorded: CommandMapRow | None = None
) -> CommandMapRow:
    """Run a row and return its results. Raises Problem if they contradict the row.

    If `recorded` is set, Poetry's results are taken from it, because its version is pinned.
    """
    poetry = _recorded_results(recorded) if recorded else _results(row, poetry_twin, row.poetry)
    uv = _results(row, uv_twin, row.uv)
    for name in row.compared:
        _check(row, name, poetry[name], uv[name])
    sentences = [
        sentence_of(sentence, poetry[name], uv[name]) for name, sentence in row.differs.items()
    ]
    return {
        "group": row.group,
        "when": row.when,
        "poetry": row.poetry,
        "uv": row.uv,
        "same": {name: poetry[name] for name in row.same},
        "differs": {name: {"poetry": poetry[name], "uv": uv[name]} for name in row.differs},
        "difference": " ".join(sentences),
    }


def _results(row: Row, twin: Twin, command: str) -> dict[str, Effect]:
    """Run a command in the situation of a row, and return the results of its comparisons."""
    twin.start_from(row.state)
    before, then = row.before.get(twin.tool, ""), row.then.get(twin.tool, "")
    result = CommandResult(twin, *twin.type(command, before, then))
    return {name: COMPARISONS[name](result) for name in row.compared}


def _recorded_results(recorded: CommandMapRow) -> dict[str, Effect]:
    differs = {name: each["poetry"] for name, each in recorded["differs"].items()}
    return {**recorded["same"], **differs}


def _check(row: Row, name: str, poetry: Effect, uv: Effect) -> None:
    if (poetry == uv) != (name in row.same):
        verb = "differ" if name in row.same else "do not differ"
        raise Problem(
            f"{row.poetry!r} and {row.uv!r} {verb} in {name}: {poetry!r}, {uv!r}. "
            f"Change the row in {ROWS_FILE.name}."
        )


def sentence_of(template: str, poetry: Effect, uv: Effect) -> str:
    """Return the sentence of a row with its results filled in."""
    return template.format(
        poetry=_in_words(poetry),
        uv=_in_words(uv),
        only_poetry=_in_words(poetry, without=uv),
        only_uv=_in_words(uv, without=poetry),
    )


def _in_words(value: Effect, without: Effect | None = None) -> str:
    if not isinstance(value, list):
        return str(value)
    other = without if isinstance(without, list) else []
    names = [f"`{each.partition('==')[0]}`" for each in value if each not in other]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def record_command_map() -> dict[str, list[CommandMapRow]]:
    """Run every row and return the content of the recording."""
    with twins() as (poetry_twin, uv_twin):
        rows = []
        for row in read_rows():
            with doing("commands", f"{row.poetry} → {row.uv}"):
                rows.append(compare(row, poetry_twin, uv_twin))
    return {"rows": rows}

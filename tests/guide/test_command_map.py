"""Read the rows of the command map, and format their results as sentences."""

from pathlib import Path

import pytest

from guide import Problem
from guide.content import recordings
from guide.record import command_map
from guide.record.command_map import read_rows, sentence_of


def write_row(path: Path, text: str) -> Path:
    file = path / "rows.toml"
    situation = '[situations.stale]\nwhen = "after an edit"\nbefore.uv = "true"\n'
    file.write_text(f'{situation}[[rows]]\ngroup = "Lock"\npoetry = "p"\nuv = "u"\n{text}')
    return file


def test_the_rows_are_those_of_the_recording() -> None:
    """An added, removed or moved row must be recorded."""
    recorded = recordings.command_map()["rows"]
    assert [
        (row.group, row.when, row.poetry, row.uv, {*row.same}, {*row.differs})
        for row in read_rows()
    ] == [
        (
            each["group"],
            each["when"],
            each["poetry"],
            each["uv"],
            {*each["same"]},
            {*each["differs"]},
        )
        for each in recorded
    ]


def test_a_row_has_the_commands_of_its_situation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_row(tmp_path, 'situation = "stale"\nsame = ["exit code"]\n')
    monkeypatch.setattr(command_map, "ROWS_FILE", file)
    (row,) = read_rows()
    assert (row.when, row.before, row.same) == ("after an edit", {"uv": "true"}, ("exit code",))


@pytest.mark.parametrize("text", ['same = ["exit kode"]', 'state = "lokked"'])
def test_a_name_that_does_not_exist_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(command_map, "ROWS_FILE", write_row(tmp_path, text))
    with pytest.raises(Problem, match=r"'(exit kode|lokked)', which does not exist"):
        read_rows()


@pytest.mark.parametrize(
    ("template", "poetry", "uv", "sentence"),
    [
        ("{poetry} files, {uv} files", 5, 1, "5 files, 1 files"),
        ("only {only_poetry}", ["a==1", "b==2", "c==3"], ["b==2"], "only `a` and `c`"),
        ("only {only_uv}", ["a"], ["a", "b", "c", "d"], "only `b`, `c` and `d`"),
        ("{poetry}, {uv}", ["a = 1"], ["b"], "`a = 1`, `b`"),
    ],
)
def test_results_are_put_into_words(
    template: str, poetry: int | list[str], uv: int | list[str], sentence: str
) -> None:
    assert sentence_of(template, poetry, uv) == sentence

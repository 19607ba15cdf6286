"""Join the style sheet from its parts."""

from pathlib import Path

import pytest

from guide import Problem
from guide.machine import files
from guide.site import assets


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "one.css").write_text("/* One:\n   the first. */\na { top: 1px; }\n")
    (tmp_path / "two.css").write_text("b { top: 2px; }\n")
    path = tmp_path / "all.css"
    path.write_text('/* In this order. */\n@import "two.css";\n@import "one.css";\n')
    return path


def test_parts_take_the_place_of_their_imports(sheet: Path) -> None:
    assert assets.joined(sheet) == "b { top: 2px; }\n\na { top: 1px; }\n"


@pytest.mark.parametrize("line", ['@import "two.css";\n', '@import "three.css";\n'])
def test_a_part_is_imported_once(sheet: Path, line: str) -> None:
    with sheet.open("a") as file:
        file.write(line)
    with pytest.raises(Problem, match=r"import each of these once: one\.css, two\.css"):
        assets.joined(sheet)


def test_a_part_that_is_not_imported_is_a_problem(sheet: Path) -> None:
    (sheet.parent / "three.css").write_text("i { top: 3px; }\n")
    with pytest.raises(Problem, match="once"):
        assets.joined(sheet)


def test_a_file_with_the_same_content_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOT", tmp_path)
    path = tmp_path / "file"
    files.update(path, b"one")
    before = path.stat().st_mtime_ns, path.stat().st_ino
    files.update(path, b"one")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    files.update(path, b"two")
    assert path.read_bytes() == b"two"

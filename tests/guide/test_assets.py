"""Join the style sheet from its parts."""

from pathlib import Path

import pytest

from guide import Problem
from guide.machine import files
from guide.site import assets, bundles


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


def test_modules_of_several_files_are_in_a_shared_one(tmp_path: Path) -> None:
    folder = tmp_path / "js/page"
    folder.mkdir(parents=True)
    for name, text in {
        "first.js": 'import { both } from "./both.js";\nboth(1);\n',
        "late.js": (
            'export { same as other } from "./other.js";\nimport { both } from "./both.js";\n'
            'import { same as own } from "./own.js";\nimport { parse } from "../vendor/lib.js";\n'
            "export const all = [both, own, parse];\n"
        ),
        "both.js": "export function both() {}\n",
        "own.js": "export const same = 1;\n",
        "other.js": "export const same = 2;\nexport const parse = 3;\n",
    }.items():
        (folder / name).write_text(text)
    entries = [folder / "first.js", folder / "late.js"]
    texts = bundles.joined_modules(entries, folder / "shared.js")
    assert {path.name: text for path, text in texts.items()} == {
        "shared.js": (
            "const { both } = (() => {\nfunction both() {}\nreturn { both };\n})();\n"
            "export { both };\n"
        ),
        "first.js": ('import { both } from "../page/shared.js";\n(() => {\nboth(1);\n})();\n'),
        "late.js": (
            'import { parse } from "../vendor/lib.js";\nimport { both } from "../page/shared.js";\n'
            "const { same: own } = (() => {\nconst same = 1;\nreturn { same };\n})();\n"
            "const { same: other, parse: parse_2 } = (() => {\nconst same = 2;\nconst parse = 3;\n"
            "return { same, parse };\n})();\n"
            "const { all } = (() => {\nconst all = [both, own, parse];\nreturn { all };\n})();\n"
            "export { all, other };\n"
        ),
    }


def test_modules_that_only_later_files_need_are_in_the_first_of_these(tmp_path: Path) -> None:
    """A page that loads only its first file does not load them."""
    folder = tmp_path / "js/page"
    folder.mkdir(parents=True)
    for name, text in {
        "first.js": "export const name = 1;\n",
        "second.js": 'import { own } from "./own.js";\nexport const two = own;\n',
        "third.js": 'import { own } from "./own.js";\nexport const three = own;\n',
        "own.js": "export const own = 2;\n",
    }.items():
        (folder / name).write_text(text)
    entries = [folder / name for name in ("first.js", "second.js", "third.js")]
    texts = bundles.joined_modules(entries, folder / "shared.js")
    assert {path.name: text for path, text in texts.items()} == {
        "shared.js": "",
        "first.js": (
            "const { name } = (() => {\nconst name = 1;\nreturn { name };\n})();\n"
            "export { name };\n"
        ),
        "second.js": (
            "const { own } = (() => {\nconst own = 2;\nreturn { own };\n})();\n"
            "const { two } = (() => {\nconst two = own;\nreturn { two };\n})();\n"
            "export { own, two };\n"
        ),
        "third.js": (
            'import { own } from "../page/second.js";\n'
            "const { three } = (() => {\nconst three = own;\nreturn { three };\n})();\n"
            "export { three };\n"
        ),
    }


def test_modules_that_import_each_other_are_a_problem(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        text = f'import {{ {other} }} from "./{other}.js";\nexport const {name} = {other};\n'
        (tmp_path / f"{name}.js").write_text(text)
    with pytest.raises(Problem, match=r"one\.js and two\.js import each other"):
        bundles.joined_modules([tmp_path / "one.js"], tmp_path / "shared.js")

"""scripts/kit writes the same bytes as the page, or says what is wrong and writes nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from guide import ROOT, Problem
from guide.content import claims
from guide.kit.command import write_kit
from guide.kit.kits import kits
from guide.machine import node

CHOICE = {"answers": {"database": "postgresql"}, "names": {"packages": ["orders"]}}
TOML = '[answers]\ndatabase = "postgresql"\n[names]\npackages = ["orders"]\n'
REFUSALS = ROOT / "docs/assets/js/kit/refusals.js"


def written(folder):
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize(("name", "text"), [("a.json", json.dumps(CHOICE)), ("a.toml", TOML)])
def test_a_kit_is_written(tmp_path, name, text):
    answers = tmp_path / name
    answers.write_text(text)
    paths = write_kit(answers, tmp_path / "new" / "kit")
    (files,) = kits([CHOICE])
    expected = {file["target"]: file["text"].encode() for file in files}
    assert written(tmp_path / "new" / "kit") == expected
    assert paths == [*expected]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["kit"]


def test_a_kit_is_written_into_an_empty_folder(tmp_path):
    (tmp_path / "a.toml").write_text(TOML)
    (tmp_path / "kit").mkdir()
    write_kit(tmp_path / "a.toml", tmp_path / "kit")
    assert (tmp_path / "kit/Dockerfile").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("answers = {engine = 'sqlite'}", "There is no question engine. There are: layout, "),
        ("answers = {database = 'mysql'}", "There is no answer to database mysql. There are: "),
        ("names = {app = 'shop'}", "There is no name app. There are: project, settings, "),
        ("names = {packages = 'shop'}", "packages has to be a list of texts."),
        ("names = {port = ['8000']}", "port has to be a text."),
        ("names = {port = '80'}", "port: Port: a port from 1024 to 65535, because "),
        ("names = {middleware = 'core'}", "middleware: Package for the health check: choose "),
        ("answers = {system = 'library'}", "libraries: Libraries from apt: name at least one "),
        ("answers = {private = 'index', lockStage = 'yes'}", "private and lockStage: A lock "),
        (
            "answers = {system = 'compiler'}",
            "system and python: If your packages ",
        ),
        (
            "answers = {private = 'git', ci = 'gitlab'}",
            "private and ci: The pipeline jobs ",
        ),
        ("answers = 1", "answers and names in a.toml must be tables."),
        ("kit = 1", "a.toml must have the tables answers and names, and nothing else."),
        ("answers", "a.toml is neither valid JSON nor valid TOML: "),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(tmp_path, monkeypatch, text, message):
    monkeypatch.chdir(tmp_path)
    answers = tmp_path / "a.toml"
    answers.write_text(text)
    with pytest.raises(Problem) as problem:
        write_kit(answers.relative_to(tmp_path), tmp_path / "kit")
    assert str(problem.value).startswith(message)
    assert "\n" not in str(problem.value)
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "a.toml").write_text(TOML)
    with pytest.raises(Problem, match=r"exists and is not an empty folder. Name a new folder"):
        write_kit(tmp_path / "a.toml", tmp_path)
    assert written(tmp_path).keys() == {"a.toml"}


def test_the_current_folder_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Problem, match=r"Name a folder in the current one\.$"):
        write_kit(ROOT / "a.toml", Path())


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(Problem, match=r"b.toml cannot be read: No such file or directory"):
        write_kit(tmp_path / "b.toml", tmp_path / "kit")


def test_each_refusal_names_a_recorded_claim():
    function = "() => module.ruleClaims()"
    names = node.call(REFUSALS, function, None)
    assert len(names) >= 3
    for name in names:
        assert claims.claim(name).sentence


@pytest.mark.slow
def test_the_script_prints_the_paths_or_one_line(tmp_path):
    (tmp_path / "a.toml").write_text(TOML)
    script = [sys.executable, ROOT / "scripts/kit", "--answers", tmp_path / "a.toml", "--into"]
    done = subprocess.run([*script, tmp_path / "kit"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "Dockerfile"
    done = subprocess.run([*script, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1

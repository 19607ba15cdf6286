"""A reader's files fill in the answers and names of a kit."""

import tomllib
from pathlib import Path

import pytest

from assertions import nonempty
from guide import ROOT
from guide.machine import node

PROJECTS = sorted(Path(__file__).with_name("projects").glob("*.toml"))
MODULE = ROOT / "docs/assets/js/kit/read/project.js"
PYTHONS = ["3.12", "3.13", "3.14"]


def read(path):
    return tomllib.loads(path.read_text())


@pytest.fixture(scope="module")
def readings():
    """What the script reads of every project, by the name of its file."""
    given = []
    for project in map(read, nonempty(PROJECTS)):
        paths = [*project["files"], *project["paths"]]
        folder = {} if project.get("isPasted") else {"paths": paths}
        name = {"folder": project["folder"]} if "folder" in project else {}
        given.append({"texts": project["files"], **folder, **name})
    call = "({ given, pythons }) => given.map((each) => module.readProject(each, pythons))"
    results = node.call(MODULE, call, {"given": given, "pythons": PYTHONS})
    return dict(zip((path.name for path in PROJECTS), results, strict=True))


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_the_answers_and_names_of_a_project_are_read(readings, path):
    project, reading = read(path), readings[path.name]
    assert {fact["id"]: fact["value"] for fact in reading["facts"]} == project["facts"]
    assert len(reading["facts"]) == len(project["facts"])
    notes = [note["text"] for note in reading["notes"]]
    assert len(notes) == len(project["notes"]), notes
    for wanted in project["notes"]:
        assert any(wanted in note for note in notes), notes


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_each_fact_names_the_file_and_the_part_that_says_it(readings, path):
    project = read(path)
    known = {*project["files"], *project["paths"]}
    for fact in readings[path.name]["facts"]:
        assert fact["file"] in known, fact
        assert fact["at"], fact
        if fact["at"].startswith("line "):
            lines = project["files"][fact["file"]].splitlines()
            assert int(fact["at"].removeprefix("line ")) <= len(lines), fact


def test_no_password_is_read(readings):
    assert "secret" not in str(readings)

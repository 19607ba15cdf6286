"""The recordings in docs/data/ match the JSON schemas that are published with them."""

import json

import pytest
from jsonschema import Draft202012Validator

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import KINDS, kind_of
from guide.record import recording, schemas

FILES = sorted(
    path.relative_to(recordings.DATA).with_suffix("").as_posix()
    for path in recordings.DATA.rglob("*.json")
    if path.parent.name != schemas.FOLDER
)


def errors(kind, content):
    validator = Draft202012Validator(schemas.schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_made_from_the_types(kind):
    published = (recordings.DATA / schemas.FOLDER / f"{kind}.json").read_bytes()
    assert published == recording.encoded(schemas.schema(kind)), "Run scripts/record schema."
    Draft202012Validator.check_schema(schemas.schema(kind))


def test_every_published_schema_has_a_kind():
    assert set(recordings.names(schemas.FOLDER)) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_recordings_match_their_schema(kind):
    of_kind = [name for name in FILES if kind_of(name) == kind]
    assert of_kind
    for name in of_kind:
        content = json.loads((recordings.DATA / f"{name}.json").read_text())
        assert errors(kind, content) == [], name


def test_every_recording_has_a_kind():
    assert {kind_of(name) for name in FILES} == set(KINDS)


def test_an_unknown_key_and_a_missing_one_do_not_match():
    content = recordings.run("pattern-b-multi-stage")
    content["image_size_in_mb"] = 120
    del content["layers"]
    content["commands"][0]["exit_code"] = "0"
    assert sorted(errors("runs", content)) == [
        "$.commands[0].exit_code: '0' is not of type 'integer'",
        "$: 'layers' is a required property",
        "$: Additional properties are not allowed ('image_size_in_mb' was unexpected)",
    ]


def test_a_recording_that_does_not_exist_is_a_problem():
    with pytest.raises(Problem, match=r"no recording 'runs/no-such-example'"):
        recordings.run("no-such-example")

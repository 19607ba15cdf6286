"""The recordings in docs/data/ are as scripts wrote them, and match their published schemas."""

import json
import statistics

import pytest
from jsonschema import Draft202012Validator

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import KINDS, kind_of
from guide.engine.build import Build
from guide.engine.buildkit import Step
from guide.machine import files
from guide.record import recording, schemas
from guide.record.layers import recorded_builds

FILES = sorted(
    path.relative_to(recordings.DATA).with_suffix("").as_posix()
    for path in recordings.DATA.rglob("*.json")
    if path.parent.name != schemas.FOLDER
)


def content_of(name):
    return json.loads((recordings.DATA / f"{name}.json").read_text())


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
        assert errors(kind, content_of(name)) == [], name


def test_every_recording_has_a_kind():
    assert {kind_of(name) for name in FILES} == set(KINDS)


def wrong_digest(content):
    """Return why a recording is not as a script wrote it, or None."""
    if "digest" not in content:
        return "has no digest. Record it again with scripts/record or scripts/bench."
    if content["digest"] != recording.digest(content):
        return "was changed by hand: its digest does not match. Restore it, or record it again."
    return None


def test_every_recording_is_as_a_script_wrote_it():
    wrong = [
        f"docs/data/{name}.json {why}" for name in FILES if (why := wrong_digest(content_of(name)))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["builds"][0].update(seconds=0.4),
        lambda content: content["builds"][0]["steps"][0].update(cached=True),
        lambda content: content["recorded"].update(date="2026-01-01"),
        lambda content: content.update(note=""),
    ],
    ids=["seconds", "cached", "date", "key"],
)
def test_a_change_by_hand_is_noticed(change, tmp_path, monkeypatch):
    content = content_of("layers/lock-stage")
    monkeypatch.setattr(recording, "DATA", tmp_path)
    monkeypatch.setattr(files, "ROOT", tmp_path)
    written = json.loads(recording.write_recording("lock-stage", content).read_text())
    assert wrong_digest(written) is None
    change(written)
    assert "changed by hand" in wrong_digest(written)
    del written["digest"]
    assert "no digest" in wrong_digest(written)


def timings(value):
    """Return every timing in a recording: an object with the seconds of every round."""
    if isinstance(value, list):
        return [timing for each in value for timing in timings(each)]
    if not isinstance(value, dict):
        return []
    return [value] * ("every_round" in value) + timings([*value.values()])


TIMED = [name for name in FILES if timings(content_of(name))]


@pytest.mark.parametrize("name", TIMED)
def test_a_time_is_the_median_of_its_rounds(name):
    """With an odd number of rounds, the median is the time of a round, whose steps are recorded.

    The table of goals says which goals were measured in too few rounds.
    """
    for timing in timings(content_of(name)):
        rounds = timing["every_round"]
        assert len(rounds) % 2 == 1, f"docs/data/{name}.json has an even number of rounds."
        assert timing["seconds"] == statistics.median(rounds), f"docs/data/{name}.json"


def test_the_steps_of_the_median_round_are_recorded():
    def build(seconds):
        step = Step("", "RUN make", cached=False, seconds=seconds - 0.5, started=0.1)
        return {"cold": Build("tag", [step], seconds, "")}

    (recorded,) = recorded_builds([build(3.0), build(1.0), build(2.0)])
    assert (recorded["seconds"], recorded["every_round"]) == (2.0, [3.0, 1.0, 2.0])
    assert recorded["steps"][0]["seconds"] == 1.5


def test_a_step_that_ends_after_its_build_is_not_recorded():
    build = Build("tag", [Step("", "RUN make", cached=False, seconds=2, started=1)], 2.5, "")
    with pytest.raises(Problem, match="Record again"):
        recorded_builds([{"cold": build}])


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

"""Kits are applied to new projects, built, started and asked: a few at each landing."""

import pytest

from guide import Problem
from guide.content import recordings
from guide.kit.kits import built_answers, kits
from guide.record.kit_builder import choice, kit_builder, label
from landing import COUNT, pairs, split
from samples import sampled

LANDING, OTHERS = split()
# Without --all, as many of the kits for landings are built.
SAMPLE = 2


@pytest.fixture(scope="module")
def builder(engine, request):
    """The builder of the selected kits, with the private servers that they need."""
    selected = [item.callspec.params["answers"] for item in request.session.items if is_kit(item)]
    origins = {answers["private"] for answers in selected}
    with kit_builder(engine, origins) as builder:
        yield builder


def is_kit(item):
    return item.path.name == "test_kit_builds.py" and "builder" in item.fixturenames


def build(builder, answers):
    """Build a kit, and return its recording."""
    (files,) = kits([choice(answers, builder.urls)])
    return builder.build(answers, files)


@pytest.mark.parametrize("answers", sampled(LANDING, SAMPLE, label))
def test_a_kit_is_built_and_answers(builder, answers):
    recorded = build(builder, answers)
    assert {"python", "django", answers["server"]} == {*recorded["versions"]}
    assert any("docker compose" in commands for commands in recorded["commands"])


@pytest.mark.only_with_all
@pytest.mark.parametrize("answers", OTHERS, ids=label)
def test_every_other_kit_is_built_and_answers(builder, answers):
    build(builder, answers)


@pytest.mark.only_with_all
@pytest.mark.parametrize("answers", LANDING[:1], ids=label)
@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("Dockerfile", " --group prod", "", "gunicorn|uvicorn"),
        ("Dockerfile", "USER 10001", "USER 0", "Check|root"),
        ("KIT-README.md", "prints `ok`", "prints `well`", "must print 'well'"),
    ],
)
def test_a_broken_kit_fails(builder, answers, file, old, new, message):
    (files,) = kits([choice(answers, builder.urls)])
    (broken,) = (each for each in files if each["target"] == file)
    assert old in broken["text"]
    broken["text"] = broken["text"].replace(old, new)
    with pytest.raises(Problem, match=message):
        builder.build(answers, files)


def test_the_kits_of_a_landing_have_different_answers():
    assert len(LANDING) == COUNT
    for question in LANDING[0]:
        possible = {each[question] for each in OTHERS}
        assert {each[question] for each in LANDING} == possible, question
    assert len(set().union(*map(pairs, LANDING))) > 2 * len(pairs(LANDING[0]))


def test_the_recording_has_every_kit():
    """After a change of the questions, run scripts/record kits."""
    recorded = [kit["answers"] for kit in recordings.built_kits()["kits"]]
    assert recorded == built_answers()

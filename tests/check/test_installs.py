"""The install predictor gives every recorded set of packages."""

from collections import ChainMap

import pytest

from guide.content import recordings, uv_options
from guide.content.dockerfile import Dockerfile
from guide.content.examples import every_example
from guide.content.lockfiles import locked_versions
from guide.engine.stand_ins import BUILD_ARGUMENTS
from predictor import FILES, names, predict, result
from rebuilds import project_texts

RECORDED = recordings.sets(uv_options.EXAMPLE)


def recorded_lines():
    """Return every recorded line with its outcome."""
    lines = {
        uv_options.command_line(command, lock, options): uv_options.outcome(
            RECORDED, command, options
        )
        for options in uv_options.option_strings(RECORDED["groups"])
        for command, lock in uv_options.command_variants(options)
    }
    for line, each in RECORDED["sequences"].items():
        for lock in uv_options.LOCKS:
            text = uv_options.sequence_line(line, lock, each["runs"])
            lines[text] = RECORDED["outcomes"][each["outcome"]]
    return lines


def comparable(line, outcome):
    """Return an outcome without uv's reason if the line has its options in reverse order.

    uv names two conflicting options in their order, and the recorded order is the other one.
    """
    has_lock = any(lock in line for lock in uv_options.LOCKS if lock)
    return outcome if has_lock or "packages" in outcome else {"refused": "in another order"}


def test_every_recorded_line_gives_its_recorded_set():
    lines = recorded_lines()
    assert len(lines) == 4_484 + 3 * len(RECORDED["sequences"])
    predicted = map(result, predict(*lines))
    assert {
        line: comparable(line, outcome) for line, outcome in zip(lines, predicted, strict=True)
    } == {line: comparable(line, outcome) for line, outcome in lines.items()}


def test_the_versions_are_those_of_the_lockfile():
    [[outcome]] = predict("uv sync --all-groups")
    locked = locked_versions(FILES["uv.lock"])
    assert outcome["packages"]
    for each in outcome["packages"]:
        assert each["version"] == locked[each["name"]]


def built_images():
    """Return the examples whose image was recorded and whose Dockerfile runs uv."""
    return [each for each in every_example() if each.has_uv and each.patch is None]


def uv_commands(parsed):
    """Return the words of each command of a build, with the variables of its stage."""
    return [
        [*(f"{name}={value}" for name, value in stage.environment.items()), *command.words]
        for stage in parsed.stages_for()
        for instruction in stage.instructions
        if instruction.keyword == "RUN"
        for command in instruction.commands
    ]


@pytest.mark.parametrize("built", built_images(), ids=lambda each: each.name)
def test_the_image_of_an_example_contains_what_its_dockerfile_installs(built):
    files = project_texts(built.folder)
    # A stand-in can have another version of Python.
    stand_ins = recordings.provenance(f"runs/{built.name}").get("stand_ins", [])
    arguments = ChainMap({}, *(BUILD_ARGUMENTS.get(image, {}) for image in stand_ins))
    commands = uv_commands(Dockerfile.parse(built.dockerfile_text, arguments))
    [outcomes] = predict(commands, files=files, root="/app")
    if built.name == "lock-stage--kept-venv":
        # The script computes the path of the virtual environment.
        assert outcomes[-1]["unknown"] == "The value of “$venv” is unknown."
    else:
        assert names(outcomes[-1]) == recordings.run(built.name)["packages"]


@pytest.mark.parametrize("forge", ["gitlab", "github"])
def test_a_job_installs_what_was_recorded(forge):
    jobs = recordings.pipelines()[forge]
    assert any(job["installed"] for job in jobs)
    predicted = predict(*(" && ".join(job["commands"]) for job in jobs))
    for job, outcomes in zip(jobs, predicted, strict=True):
        assert names(outcomes[-1]) == job["installed"]

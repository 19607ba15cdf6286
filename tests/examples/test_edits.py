"""Every edit of an example rebuilds the steps that the pages show."""

import pytest

from guide.content import recordings
from guide.content.contenders import AFTER
from guide.content.edits import Edit, edit, edits_of
from guide.content.examples import example as find_example
from guide.engine.build import NO_IMAGE
from guide.record import layers

PATTERN_A = find_example("pattern-a-single-stage")


@pytest.fixture(scope="session")
def measured_steps(edit_builds):
    """The steps of each build and whether they were cached, keyed by the name of the edit."""
    return {name: layers.step_states(build) for name, build in edit_builds.items()}


@pytest.fixture(scope="session")
def recorded(uv_example):
    """The recorded steps of each build, keyed by the name of the edit.

    scripts/bench recorded the shop.
    """
    if uv_example.name != AFTER:
        builds = {each["name"]: each for each in recordings.layers(uv_example.name)["builds"]}
        return {name: layers.recorded_step_states(each["steps"]) for name, each in builds.items()}
    timed = next(
        each for each in recordings.bench()["builds"] if each["name"] == "shop-single-stage"
    )
    return {name: layers.recorded_step_states(run["steps"]) for name, run in timed["runs"].items()}


@pytest.fixture(scope="session")
def rebuild(builder, edit_builds):
    """A function that builds Pattern A after an edit or with a different Dockerfile."""
    assert edit_builds

    def build(change=None, dockerfile=None):
        return builder.build(change, dockerfile, NO_IMAGE)

    return build


def check_edit(measured, recorded):
    """Check that the recorded instructions ran and that the others came from the cache."""
    ran, cached = ([step for step, hit in measured if hit is kind] for kind in (False, True))
    assert ran == [step for step, hit in recorded if not hit], "other steps ran"
    assert cached == [step for step, hit in recorded if hit], "other steps were cached"


def test_every_edit_rebuilds_the_recorded_steps(measured_steps, recorded, uv_example):
    wanted = ["cold", *(each.name for each in edits_of(uv_example))]
    if uv_example.name == AFTER:
        wanted = [*measured_steps]
    assert recorded.keys() >= {*wanted}
    for name in measured_steps:
        check_edit(measured_steps[name], recorded[name])


# These tests use the builder that has already built Pattern A.
of_pattern_a = pytest.mark.parametrize(
    "uv_example", [pytest.param(PATTERN_A, id=PATTERN_A.name)], scope="session"
)


@of_pattern_a
def test_swapping_the_two_copies_fails_the_edit_test(measured_steps, recorded):
    with pytest.raises(AssertionError, match="other steps ran"):
        check_edit(measured_steps[layers.CODE_FIRST], recorded["view"])


@of_pattern_a
def test_linter_settings_in_a_separate_file_install_nothing(rebuild):
    def move(folder, _uv):
        pyproject = folder / "pyproject.toml"
        project, settings = pyproject.read_text().split("\n[tool.ruff]\n")
        pyproject.write_text(project)
        (folder / "ruff.toml").write_text(settings.replace("[tool.ruff.", "["))

    def move_and_edit(folder, uv):
        move(folder, uv)
        path = folder / "ruff.toml"
        path.write_text(path.read_text().replace("line-length = 88", "line-length = 100"))

    moved = Edit("moved", "Move the linter's settings to ruff.toml", move)
    rebuild(moved)
    run = rebuild(Edit("edited", "Change one of them", move_and_edit))
    assert "COPY . ." in run.ran
    assert not any("uv sync" in step for step in run.ran)


@of_pattern_a
def test_an_env_or_a_file_mode_makes_a_step_run_again(rebuild):
    """Changing an ENV above a step, or the mode of a file that it copies, runs the step again."""

    def change_mode(folder, _uv):
        (folder / "uv.lock").chmod(0o600)

    mode = Edit("mode", "Change the mode of uv.lock", change_mode)
    other_mode = rebuild(mode)
    env = "ENV UV_COMPILE_BYTECODE=1\n"
    assert env in PATTERN_A.dockerfile_text
    other_env = rebuild(
        dockerfile=PATTERN_A.dockerfile_text.replace(env, "ENV UV_COMPILE_BYTECODE=true\n")
    )
    assert other_mode.ran[0] == "COPY pyproject.toml uv.lock ./"
    assert any("uv sync" in step for step in other_env.ran)


@of_pattern_a
def test_without_dockerignore_files_of_tools_invalidate_the_cache(rebuild):
    def show_all(folder, _uv):
        (folder / ".dockerignore").unlink()

    def show_all_after_tools(folder, uv):
        edit("tools").apply(folder, uv)
        show_all(folder, uv)

    rebuild(Edit("all", "Ignore nothing", show_all))
    run = rebuild(Edit("tools", "Ignore nothing, run tools", show_all_after_tools))
    assert run.ran[0] == "COPY . ."

"""The lock-stage example has the project of Pattern A, and can keep its venv between builds."""

from guide.content.edits import Edit, edit
from guide.content.examples import example as find_example
from guide.engine.isolated import isolated_builder
from guide.record import traps


def test_it_is_the_same_project_as_pattern_a():
    """The results of the two examples can therefore be compared."""
    one, other = (find_example(name) for name in ("pattern-a-single-stage", "lock-stage"))
    own = {"Dockerfile", "kept-venv.Dockerfile", "check_venv.py", "README.md", ".dockerignore"}
    files = [{str(path) for path in each.files} - own for each in (one, other)]
    assert files[0] == files[1]
    for path in files[0]:
        assert (one.folder / path).read_bytes() == (other.folder / path).read_bytes(), path


def test_the_persistent_venv_drops_packages_that_are_no_longer_locked(engine):
    def add_another(folder, uv):
        uv(folder, ["add", "iniconfig", "--no-sync"])

    with isolated_builder(engine, find_example("lock-stage--kept-venv")) as builder:
        before = traps.packages(engine, builder.build().tag)
        assert "sentry-sdk" in traps.packages(engine, builder.build(edit("dependency")).tag)
        image = builder.build(Edit("another", "Add another dependency instead", add_another)).tag
        assert traps.packages(engine, image) == sorted([*before, "iniconfig"])

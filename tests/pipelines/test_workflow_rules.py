"""What starts the CI jobs, what they may do, and that publishing waits for the checks."""

import pytest
from ruamel.yaml import YAML

from assertions import nonempty
from guide import ROOT
from guide.content import yaml_files
from guide.content.shell import commands
from workflow_files import WORKFLOWS, name_of, of_the_examples, steps

PUBLISH, TEST, FRESHNESS = (
    ROOT / f".github/workflows/{name}.yml" for name in ("publish", "test", "freshness")
)
GITLAB_PIPELINES = of_the_examples(".gitlab-ci.yml")

each_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=name_of)
each_gitlab_pipeline = pytest.mark.parametrize("pipeline", GITLAB_PIPELINES, ids=name_of)


def pushes(step):
    """Return whether a step writes to a registry."""
    return any(option in step.get("run", "") for option in ("--push", "--cache-to"))


# --- what starts a workflow ---


@pytest.mark.parametrize(
    "workflow", [each for each in WORKFLOWS if each not in {PUBLISH, FRESHNESS}], ids=name_of
)
def test_pull_requests_start_the_checks(workflow):
    """Only a workflow that builds an image may leave out pull requests that do not change it."""
    events = yaml_files.workflow(workflow)["on"]
    assert "pull_request" in events, f"{name_of(workflow)}: pull requests do not start it"
    filters = (events["pull_request"] or {}) if isinstance(events, dict) else {}
    wanted = {}
    if any(pushes(step) for _, step in steps(workflow)):
        own = workflow.relative_to(workflow.parents[2]).as_posix()
        wanted = {"paths": ["Dockerfile", ".dockerignore", "pyproject.toml", "uv.lock", own]}
    assert filters == wanted, f"{name_of(workflow)}: the filters of pull requests must be {wanted}"


def test_every_push_is_tested_and_only_the_main_branch_is_published():
    """The tests of the main branch are part of the workflow that publishes it."""
    main = {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    assert yaml_files.workflow(PUBLISH)["on"] == main, f"{name_of(PUBLISH)}: must start for main"
    pushed = yaml_files.workflow(TEST)["on"]["push"]
    assert pushed == {"branches-ignore": ["main"]}, f"{name_of(TEST)}: must leave out only main"


# --- publishing waits for the checks ---


def jobs_before(jobs, name):
    """Return the names of the jobs that have to succeed before a job starts."""
    needs = jobs[name].get("needs", [])
    needs = [needs] if isinstance(needs, str) else needs
    return {*needs}.union(*(jobs_before(jobs, need) for need in needs))


def test_the_site_is_published_after_its_tests():
    jobs = yaml_files.workflow(PUBLISH)["jobs"]
    assert jobs["test"]["uses"] == f"./{name_of(TEST)}", f"{name_of(PUBLISH)}: test must call it"
    for name, job in jobs.items():
        waits = name == "test" or "test" in jobs_before(jobs, name)
        assert waits, f"{name_of(PUBLISH)}: {name} does not need the tests"
        # With a condition such as always(), a job starts although the tests have failed.
        assert "if" not in job, f"{name_of(PUBLISH)}: {name} must have no condition"


@pytest.mark.parametrize("path", [*WORKFLOWS, *GITLAB_PIPELINES], ids=name_of)
def test_no_check_may_fail(path):
    for setting in ("continue-on-error", "allow_failure"):
        assert setting not in path.read_text(), f"{name_of(path)}: {setting} hides failed checks"


def test_an_image_is_pushed_from_the_main_branch_after_its_checks():
    pushing = [path for path in WORKFLOWS if any(pushes(step) for _, step in steps(path))]
    for workflow in nonempty(pushing):
        every = [step for _, step in steps(workflow)]
        pushed = [step for step in every if pushes(step)]
        for step in pushed:
            is_main = step.get("if") == "github.ref == 'refs/heads/main'"
            assert is_main, f"{name_of(workflow)}: {step['name']!r} must run only on main"
        before = every[: every.index(pushed[0])]
        checked = "\n".join(step.get("run", "") for step in before if "if" not in step)
        for check in ("ruff check", "ruff format --check", "mypy", "pytest"):
            assert check in checked, f"{name_of(workflow)}: the image is pushed without {check}"


@each_gitlab_pipeline
def test_gitlab_publishes_an_image_after_all_other_jobs(pipeline):
    last = YAML(typ="safe").load(pipeline)["stages"][-1]
    jobs = yaml_files.gitlab_jobs(pipeline)
    publishing = [name for name, job in jobs.items() if publishes(job)]
    for name in nonempty(publishing):
        stage = jobs[name]["stage"]
        assert stage == last, f"{name_of(pipeline)}: {name} must be in {last}, not in {stage}"
        # With `needs`, a job does not wait for the stages before it.
        assert "needs" not in jobs[name], f"{name_of(pipeline)}: {name} must not name its needs"


def publishes(job):
    return any('"$CI_REGISTRY_IMAGE:' in line and "--push" in line for line in job["script"])


# --- permissions ---

# The permissions that actions need. A job has the permissions of its steps and no others.
NEEDED = {
    "actions/checkout": {"contents": "read"},
    "actions/configure-pages": {"pages": "read"},
    "actions/deploy-pages": {"pages": "write", "id-token": "write"},
    "actions/attest": {"id-token": "write", "attestations": "write"},
}


def needed_permissions(job):
    if "uses" in job:
        called = yaml_files.workflow(ROOT / job["uses"])["jobs"].values()
        return {key: level for each in called for key, level in each.get("permissions", {}).items()}
    needed = {}
    for step in job["steps"]:
        needed |= NEEDED.get(step.get("uses", "").partition("@")[0], {})
        needed |= {"packages": "write"} if pushes(step) else {}
        if "gh pr create" in step.get("run", ""):
            needed |= {"contents": "write", "pull-requests": "write", "issues": "write"}
    return needed


@each_workflow
def test_each_job_has_the_permissions_that_it_needs_and_no_others(workflow):
    content = yaml_files.workflow(workflow)
    none = content.get("permissions") == {}
    assert none, f"{name_of(workflow)}: jobs that name no permissions must have none"
    for name, job in content["jobs"].items():
        needed = needed_permissions(job)
        assert job.get("permissions") == needed, f"{name_of(workflow)}: {name} must have {needed}"


# --- uv and its cache ---


def uv_calls(path):
    """Return the uv commands of a workflow or of a GitLab pipeline, each with its job's name."""
    if path in GITLAB_PIPELINES:
        jobs = yaml_files.gitlab_jobs(path).items()
        scripts = [(name, line) for name, job in jobs for line in job["script"]]
    else:
        scripts = [(name, step["run"]) for name, step in steps(path) if "run" in step]
    calls = [(name, each.call) for name, script in scripts for each in commands(script)]
    return [(name, call) for name, call in calls if call[:1] == ("uv",)]


INSTALLING = {"sync", "run", "export"}


def test_uv_installs_only_what_is_locked():
    paths = [*WORKFLOWS, *GITLAB_PIPELINES]
    calls = [(path, call) for path in paths for _, call in uv_calls(path)]
    for path, call in nonempty(calls):
        is_locked = call[1] not in INSTALLING or "--locked" in call
        assert is_locked, f"{name_of(path)}: {' '.join(call)!r} lacks --locked"


def test_caches_on_github_follow_the_lockfile():
    """Each job that installs packages has its own cache. The job that publishes has none."""
    for workflow in nonempty(path for path in WORKFLOWS if steps(path, "astral-sh/setup-uv")):
        installing = {job for job, call in uv_calls(workflow) if call[1] in INSTALLING}
        for job, step in steps(workflow, "astral-sh/setup-uv"):
            wanted = {"enable-cache": False}
            if job in installing and workflow != PUBLISH:
                follows = {"cache-dependency-glob": "uv.lock", "cache-suffix": job}
                wanted = {"enable-cache": True, **follows}
            cache = {key: value for key, value in step["with"].items() if "cache" in key}
            assert cache == wanted, f"{name_of(workflow)}: the cache of {job} must be {wanted}"


@each_gitlab_pipeline
def test_caches_on_gitlab_follow_the_lockfile(pipeline):
    wanted = {"prefix": "$CI_JOB_NAME", "files": ["uv.lock"]}
    for name, job in yaml_files.gitlab_jobs(pipeline).items():
        if job.get("cache"):
            key = job["cache"].get("key")
            assert key == wanted, f"{name_of(pipeline)}: the cache key of {name} must be {wanted}"


# --- Dependabot ---

# The file that Dependabot updates for each package ecosystem of the examples.
UPDATED_FILES = {"uv": "uv.lock", "docker": "Dockerfile", "github-actions": ".github/workflows"}


def test_dependabot_looks_into_the_folders_of_the_files():
    for path in nonempty(of_the_examples(".github/dependabot.yml")):
        folders = {
            update["package-ecosystem"]: update.get("directory", "")
            for update in YAML(typ="safe").load(path)["updates"]
        }
        wanted = [*UPDATED_FILES]
        assert [*folders] == wanted, f"{name_of(path)}: the ecosystems must be {wanted}"
        for ecosystem, folder in folders.items():
            file = f"{folder.strip('/')}/{UPDATED_FILES[ecosystem]}".lstrip("/")
            exists = folder.startswith("/") and (path.parents[1] / file).exists()
            assert exists, f"{name_of(path)}: {ecosystem} must look into /, not into {folder!r}"

"""The CI files of the guide and of the examples, and their steps."""

from guide import ROOT
from guide.content import yaml_files
from guide.content.examples import examples

OWN = sorted((ROOT / ".github/workflows").glob("*.yml"))


def of_the_examples(*names):
    """Return the files of the examples whose paths match one of the patterns."""
    paths = [each.folder / path for each in examples() for path in each.files]
    return [path for path in paths if any(path.match(name) for name in names)]


# The pipelines that check the Dockerfiles or the packages of any project.
CHECKS = ROOT / "scripts/guide/content/pipelines"
CHECK_PIPELINE = CHECKS / "check.gitlab-ci.yml"
CHECK_WORKFLOW = CHECKS / ".github/workflows/check.yml"
AUDIT_PIPELINE = CHECKS / "audit.gitlab-ci.yml"
AUDIT_WORKFLOW = CHECKS / ".github/workflows/audit.yml"

WORKFLOWS = [
    *OWN,
    *of_the_examples(".github/workflows/*.yml"),
    CHECK_WORKFLOW,
    AUDIT_WORKFLOW,
]


def name_of(path):
    """Return the path of a file in the repository, for the messages of failed assertions."""
    return path.relative_to(ROOT).as_posix()


def steps(workflow, action=""):
    """Return the steps of a workflow, each with its job's name, optionally for only one action."""
    return [
        (name, step)
        for name, job in yaml_files.workflow(workflow)["jobs"].items()
        # A job that calls another workflow has no steps.
        for step in job.get("steps", [])
        if not action or step.get("uses", "").startswith(f"{action}@")
    ]

"""The checker finds nothing in the guide's own Dockerfiles, unless there is a reason for it."""

import pytest

from guide.check.folders import check_folders
from guide.content.edits import copy
from guide.content.examples import EXAMPLES, every_example

# Why a Dockerfile has a finding, by the Dockerfile and the rule.
REASONS = {
    ("migration/before-poetry/Dockerfile", "code-before-install"): (
        "The migration starts from a Dockerfile with this mistake, and layered.Dockerfile mends it."
    ),
    ("pattern-a-single-stage--apt/Dockerfile", "lockfile-out-of-date"): (
        "A patch does not contain uv.lock. uv locks the project after the patch has been applied."
    ),
}
# Dockerfiles in which Poetry installs the packages.
WITH_POETRY = "migration/before-poetry/"


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """The results for every Dockerfile under examples/, and for those that a patch changes."""
    folder = tmp_path_factory.mktemp("variants")
    variants = [
        (f"{example.name}/", copy(example, folder / example.name))
        for example in every_example()
        if example.patch
    ]
    names, folders = zip(("", EXAMPLES), *variants, strict=True)
    return {
        name + dockerfile["path"]: dockerfile
        for name, (_, dockerfiles) in zip(names, check_folders([*folders]), strict=True)
        for dockerfile in dockerfiles
    }


def test_every_dockerfile_is_checked(checked):
    paths = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*Dockerfile")}
    assert len(paths) > 8
    assert paths <= checked.keys()
    assert any(example.patch for example in every_example())


def test_the_examples_have_no_finding_without_a_reason(checked):
    found = {
        (path, finding["rule"])
        for path, dockerfile in checked.items()
        for finding in dockerfile["findings"]
    }
    assert found == REASONS.keys()


def test_the_examples_are_judged_and_understood(checked):
    assert {path for path, each in checked.items() if each["problems"]} == set()
    unjudged = {path for path, each in checked.items() if each["notJudged"]}
    assert {path for path in unjudged if not path.startswith(WITH_POETRY)} == set()


def test_the_examples_need_no_fix(checked):
    assert {path: each["fixed"] for path, each in checked.items() if each["fixed"]} == {}

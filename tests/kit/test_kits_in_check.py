"""The checker finds nothing in any kit, and there are many different kits."""

from itertools import cycle

import pytest

from guide import ROOT
from guide.content import recordings
from guide.kit.kits import built_answers, kits
from guide.machine import node
from kit_projects import project_of
from oracle import OPTIONS

MODULE = ROOT / "docs/assets/js/check/repository.js"
CHECK = """({ grammar, repositories }) => repositories.map((repository) => {
    const [result, ...others] = module.checkRepository(repository, grammar);
    const { findings, notJudged, problems } = result;
    return { findings, notJudged, problems, others: others.length };
})"""
# The names of a usual project.
NAMES = {"project": "shop", "settings": "web", "packages": ["orders"], "folders": ["templates"]}


def names_for(answers):
    is_package = answers["layout"] == "src"
    return NAMES | {
        "static": ["src/web/static" if is_package else "orders/static"],
        "libraries": [] if answers["system"] == "none" else ["libcairo2"],
        "privatePackages": ["acme-vat"],
    }


@pytest.fixture(scope="module")
def choices():
    """Every combination of answers that changes more than the versions of images."""
    # The pipelines do not depend on the other answers, except for private packages from Git.
    pipelines = cycle(OPTIONS["ci"])
    return [
        {"answers": answers | ci, "names": names_for(answers)}
        for answers in built_answers()
        for ci in [{} if answers["private"] == "git" else {"ci": next(pipelines)}]
    ]


def test_there_are_at_least_60_kits_with_different_images(choices):
    built = [
        tuple(file["text"] for file in kit if file["kind"] == "file" and is_built(file["path"]))
        for kit in kits([{**choice, "answers": choice["answers"] | NO_CI} for choice in choices])
    ]
    assert len(set(built)) == len(choices) >= 60


NO_CI = {"ci": "none"}


def is_built(path):
    return path != "KIT-README.md"


def test_the_checker_finds_nothing_in_any_kit(choices):
    repositories = []
    for choice, files in zip(choices, kits(choices), strict=True):
        texts = project_of(files, choice["names"])
        repositories.append({"paths": sorted(texts), "texts": texts})
    argument = {"grammar": recordings.uv_options(), "repositories": repositories}
    nothing = {"findings": [], "notJudged": [], "problems": [], "others": 0}
    for choice, result in zip(choices, node.call(MODULE, CHECK, argument), strict=True):
        assert result == nothing, choice["answers"]

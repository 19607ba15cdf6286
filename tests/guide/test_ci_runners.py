"""Parse the output of CI jobs, without running any."""

from pathlib import Path
from typing import Any

import pytest

from guide import Problem
from guide.ci import github, gitlab, network, pipelines, renovate
from guide.ci.gitlab import GitLabJob


def job(output: str, exit_code: int = 0) -> GitLabJob:
    return GitLabJob("lint", exit_code, output, ["ruff"], [], 1.0)


def test_package_names_come_from_the_folders_of_distributions() -> None:
    listing = (
        "python3.14/site-packages/Django_Debug.Toolbar-6.0.dist-info\n"
        "python3.14/site-packages/ruff-0.17.6.dist-info\n"
    )
    assert network.package_names(listing) == ["django-debug-toolbar", "ruff"]
    assert network.package_names("") == []


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("python:3.14-slim-trixie", None),
        ("acme/python", None),
        ("ghcr.io/astral-sh/uv:0.13.9", "ghcr.io"),
        ("registry.example.com:5050/acme/project", "registry.example.com:5050"),
    ],
)
def test_the_registry_of_an_image(image: str, registry: str | None) -> None:
    assert network.registry_host(image) == registry


def test_the_output_of_a_job_is_found_in_that_of_gitlab_ci_local() -> None:
    output = (
        "lint       starting shell\n"
        "lint       $ uv lock --check\n"
        "lint       > Resolved 20 packages in 3ms \n"
        "full lint  > another job\n"
        "lint       >\n"
        "lint       finished in 2 s\n"
    )
    assert (
        gitlab.output_of_job("lint", output) == "$ uv lock --check\nResolved 20 packages in 3ms\n"
    )


def test_the_recorded_output_has_no_versions_and_times() -> None:
    output = (
        "$ uv lock --check\nUsing CPython 3.14.8\nCreating virtual environment\n"
        " Downloading ruff\nResolved 20 packages in 3ms\n"
    )
    assert pipelines.stable_output(job(output)) == [
        "$ uv lock --check",
        "Resolved 20 packages in …",
    ]


def test_a_failed_job_is_not_recorded() -> None:
    scripts = {"lint": ["ruff check"]}
    assert pipelines.recorded_jobs([job("")], scripts) == [
        {"name": "lint", "commands": ["ruff check"], "installed": ["ruff"]}
    ]
    with pytest.raises(Problem, match=r"The job 'lint' failed: .*F401"):
        pipelines.recorded_jobs([job("error: F401 unused import", 1)], scripts)


def test_renovate_dependencies_are_listed_once_and_sorted() -> None:
    uv: Any = {"depName": "uv", "currentValue": "0.13.9"}
    files: Any = {
        "pep621": [{"packageFile": "pyproject.toml", "deps": [{"depName": "django"}]}],
        "dockerfile": [{"packageFile": "Dockerfile", "deps": [uv, uv, {"currentValue": "$TAG"}]}],
    }
    assert renovate.dependency_rows(files) == [
        {"file": "Dockerfile", "manager": "dockerfile", "name": "uv", "value": "0.13.9"},
        {"file": "pyproject.toml", "manager": "pep621", "name": "django", "value": ""},
    ]


def test_a_checkout_has_no_ignored_files(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("/site/\n__pycache__/\n*.log\n")
    (tmp_path / "scripts/site").mkdir(parents=True)
    ignored = github.gitignored_files(tmp_path)
    (tmp_path / "site").mkdir()
    assert ignored(str(tmp_path), ["site", "scripts", "run.log"]) == {"site", "run.log"}
    assert ignored(str(tmp_path / "scripts"), ["site"]) == set()


def test_a_step_gets_no_token_that_it_does_not_ask_for() -> None:
    context = github.github_context("pull_request", "feature/rooms")
    assert context["ref"] == "refs/pull/1/merge"
    variables = github.github_variables(context)
    assert variables["GITHUB_HEAD_REF"] == "feature/rooms"
    assert "GITHUB_TOKEN" not in variables

"""Read Compose files, CI pipelines and lockfiles."""

import pytest

from guide import Problem
from guide.content.lockfiles import locked_versions
from guide.content.yaml_files import (
    compose_services,
    gitlab_images,
    gitlab_jobs,
    gitlab_pipeline_conditions,
    workflow,
)

PIPELINE = """\
workflow:
  rules:
    - if: $CI_COMMIT_BRANCH
stages: [fast]
default: {image: "python:3.14"}
.docker:
  image: docker:29-cli  # a comment
  services:
    - docker:29-dind
  variables: {A: "1"}
build:
  extends: .docker
  script:
    - docker build .
full:
  image: $CI_REGISTRY_IMAGE/test
  script: [pytest]
"""


@pytest.fixture
def pipeline(tmp_path):
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(PIPELINE)
    return path


def test_a_gitlab_job_has_what_it_extends(pipeline):
    jobs = gitlab_jobs(pipeline)
    assert [*jobs] == ["build", "full"]
    assert jobs["build"]["services"] == ["docker:29-dind"]
    assert jobs["build"]["script"] == ["docker build ."]


def test_gitlab_images_in_either_notation_without_those_of_the_pipeline(pipeline):
    assert gitlab_images(pipeline) == ["python:3.14", "docker:29-cli", "docker:29-dind"]


def test_gitlab_pipeline_conditions(pipeline):
    assert gitlab_pipeline_conditions(pipeline) == ["$CI_COMMIT_BRANCH"]


def test_the_trigger_of_a_workflow_is_not_read_as_a_boolean(tmp_path):
    path = tmp_path / "ci.yml"
    path.write_text("on:\n  push: {branches: [main]}\njobs: {}\n")
    assert workflow(path)["on"] == {"push": {"branches": ["main"]}}


def test_compose_services_merge_their_anchors(tmp_path):
    path = tmp_path / "compose.yaml"
    path.write_text(
        "x-service: &service\n  image: postgres:18\n"
        "services:\n  db:\n    <<: *service\n  web: {build: .}\n"
    )
    assert compose_services(path) == {"db": {"image": "postgres:18"}, "web": {"build": "."}}


@pytest.mark.parametrize("kind", ["virtual", "editable"])
def test_locked_versions_without_the_project(kind):
    lockfile = (
        f'[[package]]\nname = "shop"\nversion = "1.0.0"\nsource = {{ {kind} = "." }}\n'
        '[[package]]\nname = "Django_Ninja"\nversion = "1.4"\n'
    )
    assert locked_versions(lockfile) == {"django-ninja": "1.4"}
    with pytest.raises(Problem, match="does not contain any packages"):
        locked_versions("package = []")

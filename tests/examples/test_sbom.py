"""The SBOM of an example's lockfile lists the packages in the example's image."""

import json

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from guide.content import recordings
from guide.content.examples import example as find_example
from guide.machine.commands import run
from guide.machine.uv_releases import installed_uv

EXPORT = ("export", "--quiet", "--frozen", "--format=cyclonedx1.5")
# The groups that the Dockerfiles of the examples install.
GROUPS = ("--no-default-groups", "--group=prod")


def components(example):
    """Return the marker of each package in the SBOM, by name."""
    command = (installed_uv(), *EXPORT, *GROUPS, f"--directory={example.folder}")
    bom = json.loads(run(*command, failing="uv export").stdout)
    return {canonicalize_name(each["name"]): marker_of(each) for each in bom["components"]}


def marker_of(component):
    properties = {each["name"]: each["value"] for each in component.get("properties", [])}
    return properties.get("uv:package:marker")


@pytest.mark.parametrize("name", ["pattern-a-single-stage", "dependency-groups"])
def test_the_sbom_lists_the_packages_in_the_image(name):
    listed = components(find_example(name))
    on_linux = {"sys_platform": "linux"}
    for_linux = [each for each, on in listed.items() if not on or Marker(on).evaluate(on_linux)]
    # test_image.py compares the recorded packages with those in the image.
    assert sorted(for_linux) == recordings.run(name)["packages"]
    # Django needs tzdata only on Windows.
    assert {*listed} - {*for_linux} == {"tzdata"}

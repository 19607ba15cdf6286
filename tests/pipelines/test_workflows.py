"""The guide's own GitHub workflows: valid, with least permissions, and every action pinned."""

import re

import pytest

from guide import ROOT
from guide.commands import tool

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def test_schema():
    done = tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing():
    done = tool("zizmor", "--offline", "--quiet", "--color", "never", *WORKFLOWS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_sha_and_permissions_start_at_none(workflow):
    text = workflow.read_text()
    assert "\npermissions: {}\n" in text
    for action in re.findall(r"uses: ([^.\s]\S*(?: #.*)?)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action

"""The lines that name a uv version."""

import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from guide import Problem
from guide.pages.uv_places import PLACES, PRE_COMMIT, REQUIRED_VERSION, uv_line, uv_places
from guide.start.environment import UV_VERSION


@pytest.mark.parametrize(("purpose", "file", "source", "start"), PLACES)
def test_each_line_allows_the_pinned_uv(purpose: str, file: str, source: Path | str, start: str):
    line = uv_line(source, start)
    assert line.startswith(start)
    assert UV_VERSION in line or UV_VERSION.rpartition(".")[0] in line
    assert f"<code>{file}</code>" in uv_places()


def test_the_required_version_allows_the_pinned_uv():
    settings = tomllib.loads(REQUIRED_VERSION.read_text())["tool"]["uv"]
    assert UV_VERSION in SpecifierSet(settings["required-version"])


def test_the_hook_runs_the_pinned_uv():
    [repository] = yaml.safe_load(PRE_COMMIT.read_text())["repos"]
    assert repository["rev"] == UV_VERSION
    assert repository["hooks"] == [{"id": "uv-lock"}]


def test_a_file_without_the_line_stops_the_build():
    with pytest.raises(Problem, match="has no line that starts with 'nothing'"):
        uv_line(REQUIRED_VERSION, "nothing")

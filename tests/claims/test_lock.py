"""What `uv lock` and `uv sync` make of a project that comes from Poetry."""

import tomllib

import pytest

from guide.commands import run
from guide.start import find_uv

POETRY = """
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.11"
sqlparse = "*"
"""

PACKAGED = """
[project]
name = "shop"
version = "1.0.0"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["sqlparse"]

[build-system]
requires = ["uv_build"]
build-backend = "uv_build"
"""


@pytest.fixture
def uv(tmp_path):
    def in_project(*arguments):
        return run(find_uv(), *arguments, cwd=tmp_path, failing="uv failed", check=False)

    return in_project


def test_without_a_project_table_uv_locks_nothing_and_says_nothing(tmp_path, uv):
    (tmp_path / "pyproject.toml").write_text(POETRY)
    done = uv("lock")
    assert done.returncode == 0
    assert "error" not in done.stderr
    assert "package" not in tomllib.loads((tmp_path / "uv.lock").read_text())


def test_with_a_build_system_uv_sync_needs_the_code(tmp_path, uv):
    """Which is not there yet when a Dockerfile installs the packages before it copies the code."""
    (tmp_path / "pyproject.toml").write_text(PACKAGED)
    assert uv("lock").returncode == 0
    assert uv("sync", "--locked").returncode != 0


def test_package_false_lets_uv_sync_do_without_the_code(tmp_path, uv):
    (tmp_path / "pyproject.toml").write_text(PACKAGED + "\n[tool.uv]\npackage = false\n")
    assert uv("lock").returncode == 0
    assert uv("sync", "--locked").returncode == 0

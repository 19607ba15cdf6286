"""Call JavaScript from Python, and install packages from npm."""

import json
import re

import pytest

from guide import Problem
from guide.machine import node

PROJECTS = sorted(path.name for path in node.PROJECTS.iterdir())


@pytest.mark.parametrize("project", PROJECTS)
def test_npm_installs_exact_versions_from_a_lockfile(project):
    asked, lock = (
        json.loads((node.PROJECTS / project / name).read_text())
        for name in ("package.json", "package-lock.json")
    )
    assert asked["dependencies"]
    for package, version in asked["dependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), package
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert lock["packages"][""]["dependencies"] == asked["dependencies"]
    # The lockfile has no URLs, so that npm uses the configured registry.
    unlocked = [name for name, each in packages.items() if "integrity" not in each]
    assert unlocked == []
    assert [name for name, each in packages.items() if "resolved" in each] == []


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "double.mjs"
    path.write_text(
        "export const double = (number) => number * 2;\n"
        'export const fail = () => { throw new TypeError("no number"); };\n'
    )
    return path


def test_a_function_is_called_with_json(module):
    assert node.call(module, "module.double", 21) == 42
    assert node.call(module, "(list) => list.map(module.double)", [1, 2]) == [2, 4]


def test_an_error_in_javascript_is_a_problem_in_its_words(module):
    with pytest.raises(Problem, match=r"^double\.mjs failed: TypeError: no number$"):
        node.call(module, "module.fail", None)


def test_a_project_is_installed_once(tmp_path, monkeypatch):
    """A project is installed into the cache again only if one of its files changes."""
    project = tmp_path / "projects/empty"
    project.mkdir(parents=True)
    (project / "package.json").write_text('{"name": "empty", "version": "1.0.0"}')
    lock = {"name": "empty", "lockfileVersion": 3, "packages": {"": {"name": "empty"}}}
    (project / "package-lock.json").write_text(json.dumps(lock))
    monkeypatch.setattr(node, "PROJECTS", project.parent)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    home = node.installed_project("empty")
    (home / "kept").touch()
    assert node.installed_project("empty") == home
    assert (home / "kept").exists()
    (project / "package.json").write_text('{"name": "empty", "version": "1.0.1"}')
    assert node.installed_project("empty") != home
    (project / "package-lock.json").unlink()
    with pytest.raises(Problem, match=r"machine/node/empty: The `npm ci` command can only install"):
        node.installed_project("empty")
    # No partial installation and no temporary folder remains.
    names = [path.name for path in home.parent.iterdir() if path.is_dir()]
    assert len(names) == 2, names

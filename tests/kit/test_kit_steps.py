"""The instructions of every kit can be followed, and lines are merged as a reader would."""

import ast
import re
import subprocess
import tomllib

import pytest

from guide import Problem
from guide.kit.kits import built_answers, kits
from guide.record.kit_builder import choice
from guide.record.kit_steps import README, follow, merge_python, merge_toml, read_steps

URLS = {"git": "http://git.example.com:8418", "index": "http://packages.example.com:8419"}
SETTINGS = '''\
"""The settings of a new project."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
'''
PYPROJECT = """\
[project]
name = "shop"
version = "0.1.0"
readme = "README.md"
requires-python = ">=3.15"
dependencies = ["django>=6.1,<6.2"]
"""


def new_project(folder, layout):
    package = folder / ("src/shop" if layout == "src" else "shop")
    package.mkdir(parents=True)
    (package / "settings.py").write_text(SETTINGS)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    return folder


def write_kit(folder, files):
    for file in files:
        path = folder / file["target"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file["text"])
    return folder


def test_the_instructions_of_every_kit_can_be_followed(tmp_path):
    """Kits with the same instructions and the same lines to merge are followed once."""
    every = [
        choice({**answers, **more}, URLS)
        for answers in built_answers()
        for more in ({}, {"ci": "gitlab", "agents": "yes"})
        if not (more and answers["private"] == "git")
    ]
    different = {}
    for made, files in zip(every, kits(every), strict=True):
        texts = {each["target"]: each["text"] for each in files}
        merged = [text for name, text in texts.items() if name.startswith("to-merge/")]
        different.setdefault((texts[README], *merged), (made["answers"], files))
    assert len(different) > 50
    for number, (answers, files) in enumerate(different.values()):
        folder = tmp_path / str(number)
        project = new_project(folder / "project", answers["layout"])
        typed = []

        def run(commands, typed=typed):
            typed.append(commands)
            return "ok"

        follow(write_kit(folder / "kit", files), project, run)
        assert any("uv lock" in commands for commands in typed)
        assert any("docker compose" in commands for commands in typed)
        pyproject = tomllib.loads((project / "pyproject.toml").read_text())
        assert pyproject["project"]["requires-python"] == f">={answers['python']}"
        assert "django>=6.1,<6.2" in pyproject["project"]["dependencies"]
        assert ("readme" in pyproject["project"]) == (answers["layout"] == "plain")
        (settings,) = (each for each in project.rglob("settings.py") if each.parent.name == "shop")
        ast.parse(settings.read_text())


@pytest.mark.parametrize("content", [None, ".venv", ".venv\n"])
def test_git_ignores_the_token(tmp_path, content):
    """The last line of .gitignore can lack its newline."""
    (files,) = kits([choice({**built_answers()[0], "private": "git"}, URLS)])
    (text,) = (each["text"] for each in files if each["target"] == README)
    (commands,) = re.findall(r"printf %s .+\n.+", text)
    ignored = tmp_path / ".gitignore"
    if content is not None:
        ignored.write_text(content)
    subprocess.run(["sh", "-c", commands], cwd=tmp_path, check=True, env={"SECRET": "1"})
    lines = ignored.read_text().splitlines()
    assert lines[-1] == ".git-token"
    assert content is None or lines[0] == ".venv"


KIT = """\
# Files for shop

1. Copy these files into the folder.

   - `Dockerfile`

2. Merge `to-merge/shop/settings.py` into `shop/settings.py`. Put the imports at the top.
3. Ask the service. The command prints `ok`:

   ```sh
   export HOST=localhost
   curl $HOST
   ```

4. Delete `to-merge` and this file.
"""


@pytest.fixture
def kit(tmp_path):
    texts = {README: KIT, "Dockerfile": "FROM x\n", "to-merge/shop/settings.py": "A = 1\n"}
    return write_kit(
        tmp_path / "kit", [{"target": name, "text": text} for name, text in texts.items()]
    )


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "project", "plain")


def test_steps_are_carried_out_in_order(kit, project):
    typed = []
    follow(kit, project, lambda commands: typed.append(commands) or "ok")
    assert typed == ["export HOST=localhost\ncurl $HOST\n"]
    assert (project / "Dockerfile").read_text() == "FROM x\n"
    assert (project / "shop/settings.py").read_text().endswith("\n\n\nA = 1\n")
    assert [step.kind for step in read_steps(KIT)] == ["Copy", "Merge", "Run", "Delete"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("4. Delete", "4. Think about", "no program can follow: 'Think about"),
        ("   - `Dockerfile`\n", "", "No step of KIT-README.md mentions Dockerfile"),
        ("`to-merge` and", "`merged` and", "does not have"),
        ("into `shop/settings.py`", "into `shop/other.py`", "no program can follow: 'Merge"),
        ("prints `ok`", "prints `well`", "must print 'well', but it prints 'ok'"),
    ],
)
def test_a_step_that_cannot_be_followed_is_a_problem(kit, project, old, new, message):
    path = kit / README
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Problem, match=message):
        follow(kit, project, lambda _commands: "ok")


def test_a_file_of_the_project_is_not_replaced(kit, project):
    (project / "Dockerfile").write_text("FROM y\n")
    with pytest.raises(Problem, match="which the project already has"):
        follow(kit, project, lambda _commands: "ok")


def test_imports_go_to_the_top_and_values_to_the_end():
    lines = "import os\n\nfrom x import y\n\n# A comment.\nA = os.environ\n"
    assert merge_python(SETTINGS, lines) == (
        '"""The settings of a new project."""\n\nimport os\n\nfrom x import y\n\n'
        "from pathlib import Path\n\n"
        "BASE_DIR = Path(__file__).resolve().parent.parent\n"
        'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n\n\n'
        "# A comment.\nA = os.environ\n"
    )


def test_packages_are_added_to_the_lists_that_exist():
    lines = """\
[project]
requires-python = ">=3.14"
dependencies = ["psycopg[binary]>=3", "Django>=6.1"]

[dependency-groups]
prod = ["gunicorn"]

[[tool.uv.index]]
name = "acme"
"""
    assert tomllib.loads(merge_toml(PYPROJECT, lines)) == {
        "project": {
            "name": "shop",
            "version": "0.1.0",
            "readme": "README.md",
            "requires-python": ">=3.14",
            "dependencies": ["psycopg[binary]>=3", "Django>=6.1"],
        },
        "dependency-groups": {"prod": ["gunicorn"]},
        "tool": {"uv": {"index": [{"name": "acme"}]}},
    }


def test_imports_go_below_those_from_the_future():
    text = '"""Settings."""\n\nfrom __future__ import annotations\n\nimport re\n'
    merged = merge_python(text, "import os\n\nA = os.environ\n")
    compile(merged, "settings.py", "exec")
    assert merged.index("annotations") < merged.index("import os") < merged.index("import re")

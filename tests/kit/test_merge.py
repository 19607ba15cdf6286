"""The lines of a kit go into a file that the project has, and leave the rest of it as it is."""

import ast
import tomllib

import pytest

from guide import ROOT
from guide.content.kit_sources import kit_sources
from guide.machine import node

MODULE = ROOT / "docs/assets/js/kit/merge.js"
LINES = """\
[project]
requires-python = ">=3.14"
dependencies = ["psycopg[binary]>=3.2,<4", "whitenoise>=6.12,<7"]

[dependency-groups]
prod = ["gunicorn>=27,<28"]

# There is no package to build.
[tool.uv]
package = false

[[tool.uv.index]]
name = "acme"
url = "https://packages.example.com/simple/"
"""
# Each file, and the file with the lines.
CASES = {
    "an empty file": ("", LINES),
    "a list on one line": (
        '[project]\nname = "a"\nrequires-python = ">=3.14"\ndependencies = ["django"]\n'
        "[dependency-groups]\nprod = []\n[tool.uv]\npackage = false\n",
        '[project]\nname = "a"\nrequires-python = ">=3.14"\n'
        'dependencies = ["django", "psycopg[binary]>=3.2,<4", "whitenoise>=6.12,<7"]\n'
        '[dependency-groups]\nprod = ["gunicorn>=27,<28"]\n[tool.uv]\npackage = false\n\n'
        '[[tool.uv.index]]\nname = "acme"\nurl = "https://packages.example.com/simple/"\n',
    ),
    "brackets in a comment": (
        '[project]\nrequires-python = ">=3.14"\ndependencies = ["django"] # a ] comment\n'
        '[dependency-groups]\nprod = ["a[b]"] # "]"\n[tool.uv]\npackage = false\n',
        '[project]\nrequires-python = ">=3.14"\ndependencies = ["django", '
        '"psycopg[binary]>=3.2,<4", "whitenoise>=6.12,<7"] # a ] comment\n'
        '[dependency-groups]\nprod = ["a[b]", "gunicorn>=27,<28"] # "]"\n'
        "[tool.uv]\npackage = false\n\n"
        '[[tool.uv.index]]\nname = "acme"\nurl = "https://packages.example.com/simple/"\n',
    ),
    "comments and a last item without a comma": (
        '# Ours.\n[project]\nrequires-python = ">=3.12"\ndependencies = [\n'
        '    "WhiteNoise ~= 6.12",\n    "django[argon2]" # [the] framework\n]\n\n'
        '# Tools.\n[dependency-groups]\ndev = ["a"]\n\n# Other.\n[tool.ruff]\nline-length = 1\n\n'
        "[tool.uv]\npackage = false\n"
        '[[tool.uv.index]]\nname = "acme"\nurl = "https://packages.example.com/simple/"\n',
        '# Ours.\n[project]\nrequires-python = ">=3.12"\ndependencies = [\n'
        '    "WhiteNoise ~= 6.12",\n    "django[argon2]", # [the] framework\n'
        '    "psycopg[binary]>=3.2,<4",\n]\n\n'
        '# Tools.\n[dependency-groups]\ndev = ["a"]\nprod = ["gunicorn>=27,<28"]\n\n'
        "# Other.\n[tool.ruff]\nline-length = 1\n\n[tool.uv]\npackage = false\n"
        '[[tool.uv.index]]\nname = "acme"\nurl = "https://packages.example.com/simple/"\n',
    ),
}


def merge(text, parts):
    call = "({ text, parts }) => module.merge(text, parts) ?? null"
    return node.call(MODULE, call, {"text": text, "parts": parts})


@pytest.mark.parametrize("name", CASES)
def test_lines_are_added_to_the_tables_of_a_file(name):
    text, wanted = CASES[name]
    merged = merge(text, [{"at": "toml", "text": LINES}])
    assert merged == {"text": wanted, "conflicts": []}
    tomllib.loads(merged["text"])
    # A file that has the lines stays the same.
    again = merge(merged["text"], [{"at": "toml", "text": LINES}])
    assert again == merged


def test_a_different_value_stays_and_is_reported():
    text = '[project]\nrequires-python = ">=3.10,<3.13"\n[tool.uv]\npackage = true\n'
    merged = merge(text, [{"at": "toml", "text": LINES}])
    assert merged["conflicts"] == ['requires-python = ">=3.14"', "package = false"]
    assert tomllib.loads(merged["text"])["tool"]["uv"]["package"] is True


@pytest.mark.parametrize(
    "text",
    ["[project\n", 'project = { name = "a" }\n', '[project]\ndependencies = ["a",\n  "b"]\n'],
)
def test_a_file_that_the_lines_would_break_is_not_merged(text):
    merged = merge(text, [{"at": "toml", "text": LINES}])
    assert merged is None or tomllib.loads(merged["text"])


def test_a_server_that_the_project_has_keeps_its_version():
    text = '[project]\ndependencies = ["gunicorn==23.0.0", "psycopg", "whitenoise"]\n'
    merged = tomllib.loads(merge(text, [{"at": "toml", "text": LINES}])["text"])
    assert merged["dependency-groups"] == {"prod": []}
    assert merged["project"]["dependencies"] == ["gunicorn==23.0.0", "psycopg", "whitenoise"]


def test_lines_of_python_go_above_the_imports_and_to_the_end():
    parts = [{"at": "start", "text": "import os\n"}, {"at": "end", "text": "A = os.environ\n"}]
    text = '"""Settings."""\r\n\r\nfrom pathlib import Path\r\n'
    merged = merge(text, parts)["text"]
    assert merged == '"""Settings."""\n\nimport os\nfrom pathlib import Path\n\nA = os.environ\n'
    assert merge(merged, parts)["text"] == merged


# Each module, and the line in front of which the imports go.
MODULES = {
    "imports": ("import a\n", "import a"),
    "a docstring": ('"""Settings.\n\nimport of data\nfrom a to b\n"""\nimport a\n', "import a"),
    "a docstring without imports": ('"""Settings.\n\nimport x\n"""\nA = 1\n', "A = 1"),
    "a quote in a comment": ("# Don't \"\"\"\nimport a\n'''\nimport b\n'''\n", "import a"),
    "future": ("from __future__ import annotations\nimport a\n", "import a"),
    "a long future": (
        "from __future__ import (\n    annotations,\n    division,\n)\nA = 1\n",
        "A = 1",
    ),
    "comments": ("# Settings.\n", ""),
}


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_where_python_accepts_them(name):
    text, below = MODULES[name]
    merged = merge(text, [{"at": "start", "text": "import os\n"}])["text"]
    compile(merged, "settings.py", "exec")
    assert f"import os\n{below}" in merged
    assert merged.replace("import os\n", "", 1) == text
    assert ast.get_docstring(ast.parse(merged)) == ast.get_docstring(ast.parse(text))


def test_a_file_with_windows_line_ends_keeps_them():
    call = """({ texts, sources }) => {
      const unix = (text) => text.replaceAll("\\r\\n", "\\n");
      const merge = (text) => ({ text: `${unix(text)}A = 1\\n`, conflicts: [] });
      const { files } = module.viewOf({ answers: {}, names: {} }, { texts, merge }, sources);
      return files.find(({ path }) => path === "config/settings.py");
    }"""
    given = {"texts": {"config/settings.py": "B = 1\r\n"}, "sources": kit_sources()}
    file = node.call(ROOT / "docs/assets/js/kit-page/view.js", call, given)
    assert file["text"] == "B = 1\r\nA = 1\r\n"
    assert file["lines"] == [{"sign": " ", "line": "B = 1"}, {"sign": "+", "line": "A = 1"}]

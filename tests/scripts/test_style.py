"""The guide's own Python is linted and formatted, and its modules keep to their order."""

import ast
import re

import pytest

import guide
from guide import ROOT
from guide.commands import tool
from guide.testing import Session


def test_ruff_has_nothing_to_say():
    for command in (["check"], ["format", "--check"]):
        done = tool("ruff", *command, "--no-cache", ROOT)
        assert done.returncode == 0, done.stdout


def test_each_module_imports_only_those_above_it():
    order = re.findall(r"[a-z_]+", guide.__doc__.partition("below:\n")[2])
    modules = {path.stem: path for path in (ROOT / "scripts/guide").glob("[a-z]*.py")}
    assert sorted(order) == sorted(modules)
    for name, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("guide"):
                continue
            parts = [node.module.partition(".")[2]] if "." in node.module else []
            for imported in parts or [each.name for each in node.names]:
                if imported in modules:
                    assert order.index(imported) < order.index(name), f"{name} imports {imported}"


def test_tests_that_share_a_fixture_run_in_one_process(request):
    """pytest-xdist notes it at the end of a test's identifier."""
    if hasattr(request.config, "workerinput"):
        assert request.node.nodeid.endswith("@test_style")


@pytest.mark.parametrize(
    "text",
    [
        "import pytest\n\ndef test_it():\n    pytest.skip('x')\n",
        "import pytest\n\npytest.skip('x', allow_module_level=True)\n",
    ],
    ids=["test", "module"],
)
def test_a_skip_fails_the_run(tmp_path, engine, text):
    (tmp_path / "test_it.py").write_text(text)
    (tmp_path / "test_passes.py").write_text("def test_it():\n    pass\n")
    options = ["--quiet", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    code = pytest.main([*options, "--import-mode=importlib", str(tmp_path)], [Session(engine)])
    assert code == pytest.ExitCode.TESTS_FAILED

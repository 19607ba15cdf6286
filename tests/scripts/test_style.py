"""Check the guide's own Python: lint, format, the direction of imports."""

import pytest

from guide import ROOT
from guide.machine.commands import tool
from guide.testing.session import Session


def test_ruff_has_nothing_to_say():
    for command in (["check"], ["format", "--check"]):
        done = tool("ruff", *command, "--no-cache", ROOT)
        assert done.returncode == 0, done.stdout


def test_packages_import_one_way():
    done = tool("lint-imports", "--no-cache", cwd=ROOT)
    assert done.returncode == 0, done.stdout


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

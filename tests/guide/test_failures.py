"""A broken fixture is reported in full once. Other tests that use it refer to that report."""

import subprocess
import sys
from pathlib import Path

from guide import ROOT

BROKEN = """\
import pytest

@pytest.fixture(scope="module")
def broken():
    raise RuntimeError("the cause")

@pytest.fixture
def also_broken(broken):
    return broken

def test_first(broken): pass
def test_second(broken): pass
def test_third(also_broken): pass
def test_other(): raise RuntimeError("another cause")
"""


def test_one_cause_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(BROKEN)
    options = ("-p", "guide.testing.failures", "-p", "no:cacheprovider", "--rootdir", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, tmp_path],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
    )
    details, _, summary = done.stdout.partition("short test summary info")
    assert details.count('raise RuntimeError("the cause")') == 1
    assert details.count("RuntimeError in a fixture, reported in full at test_it.py::") == 2
    assert details.count('raise RuntimeError("another cause")') == 1
    assert "1 failed, 3 errors" in summary

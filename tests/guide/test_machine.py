"""Wait for conditions, install programs once, and serve folders."""

import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from guide import Problem
from guide.machine.installing import cached
from guide.machine.serving import folder_server, free_port, is_free
from guide.machine.waiting import wait_until
from guide.start.installing import fill_once


def test_wait_until_returns_the_first_true_answer():
    answers = iter([None, 0, "ready", "late"])
    assert wait_until(lambda: next(answers), timeout=5, interval=0, failing="No answer") == "ready"


def test_wait_until_ignores_the_named_exceptions_only():
    def check():
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    outcomes = iter([OSError("refused"), "ready"])
    waited = wait_until(check, timeout=5, interval=0, failing="No answer", ignoring=OSError)
    assert waited == "ready"
    outcomes = iter([ValueError("broken"), "ready"])
    with pytest.raises(ValueError, match="broken"):
        wait_until(check, timeout=5, interval=0, failing="No answer", ignoring=OSError)


def test_wait_until_asks_for_the_reason_when_time_is_up():
    with pytest.raises(Problem, match=r"^The log at the end within 0\.05 s$"):
        wait_until(lambda: False, timeout=0.05, interval=0.01, failing=lambda: "The log at the end")


def test_processes_that_install_at_once_install_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls = []

    def install(folder):
        calls.append(folder)
        time.sleep(0.1)
        (folder / "program").write_text("1")

    with ThreadPoolExecutor() as pool:
        folders = set(pool.map(lambda _: cached("tool-1", install, "tools"), range(4)))
    assert len(calls) == 1
    assert [(folder / "program").read_text() for folder in folders] == ["1"]


def test_a_failed_installation_leaves_nothing(tmp_path):
    def fill(folder):
        (folder / "half").touch()
        raise Problem("The disk is full.")

    with pytest.raises(Problem):
        fill_once(tmp_path / "tool", fill)
    assert [*tmp_path.iterdir()] == []


def test_the_slower_of_two_installations_is_discarded(tmp_path):
    def slower(folder):
        (folder / "program").write_text("slower")
        fill_once(tmp_path / "tool", lambda other: (other / "program").write_text("faster"))

    fill_once(tmp_path / "tool", slower)
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]
    assert (tmp_path / "tool/program").read_text() == "faster"


def test_a_folder_is_served_until_the_block_ends(tmp_path):
    (tmp_path / "file.txt").write_text("content")
    with folder_server(tmp_path) as origin:
        with urllib.request.urlopen(f"{origin}/file.txt", timeout=5) as answer:
            assert answer.read() == b"content"
        assert not is_free(int(origin.rpartition(":")[2]))
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{origin}/file.txt", timeout=5)
    assert is_free(free_port())

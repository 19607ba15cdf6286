"""Run programs: their output, their time limit, and how they and their children are stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide import Problem
from guide.machine import commands
from guide.machine.commands import run, stop_all
from guide.machine.waiting import wait_until

# Seconds after which a test fails, even on a busy machine.
SOON = 20.0


def is_running(pid: int) -> bool:
    """Return whether a process exists and is not a zombie."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], object]) -> None:
    wait_until(condition, timeout=SOON, interval=0.01, failing="not")


def pid_in(file: Path) -> int:
    """Return the process id that a script writes to a file. Wait for the file."""
    wait_for(lambda: file.exists() and file.read_text().endswith("\n"))
    return int(file.read_text())


def with_child(file: Path) -> tuple[str, ...]:
    """Return a shell command that starts a child, writes its process id to a file and waits."""
    return ("sh", "-c", f"sleep 300 & echo $! > {file}; wait")


def test_both_streams_and_the_exit_code_are_returned() -> None:
    done = run("sh", "-c", "echo out; echo err >&2; exit 3", failing="x", check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 3)


def test_input_reaches_the_command() -> None:
    assert run("cat", input="typed", failing="x").stdout == "typed"


def test_arguments_are_not_read_by_a_shell() -> None:
    assert run("printf", "%s", "$HOME; exit 1", failing="x").stdout == "$HOME; exit 1"


def test_a_failure_is_one_line_with_the_reason() -> None:
    script = "echo first >&2; echo why >&2; echo; exit 1"
    with pytest.raises(Problem, match=r"\Ait failed: why\Z"):
        run("sh", "-c", script, failing="it failed")


def test_without_an_error_output_the_reason_is_in_the_output() -> None:
    with pytest.raises(Problem, match="it failed: why"):
        run("sh", "-c", "echo why; exit 1", failing="it failed")


def test_a_time_limit_stops_the_command_and_its_children(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(Problem, match="it failed: no answer within 1 s"):
        run(*with_child(tmp_path / "pid"), failing="it failed", timeout=0.6)
    assert time.monotonic() - start < SOON
    wait_for(lambda: not is_running(pid_in(tmp_path / "pid")))


def test_a_child_that_ignores_the_signal_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "GRACE", 0.2)
    ignoring = ("sh", "-c", f"(trap '' TERM; exec sleep 300) & echo $! > {tmp_path / 'pid'}; wait")
    with pytest.raises(Problem, match="no answer"):
        run(*ignoring, failing="x", timeout=0.5)
    wait_for(lambda: not is_running(pid_in(tmp_path / "pid")))


def test_output_of_a_killed_command_is_kept() -> None:
    done = run("sh", "-c", "echo out; echo err >&2; kill -9 $$", failing="x", check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", -signal.SIGKILL)


def test_a_killed_command_is_a_failure() -> None:
    with pytest.raises(Problem, match="it failed: begun"):
        run("sh", "-c", "echo begun; kill -9 $$", failing="it failed")


def test_stop_all_stops_the_commands_of_other_threads(tmp_path: Path) -> None:
    problems: list[str] = []

    def work(number: int) -> None:
        try:
            run(*with_child(tmp_path / str(number)), failing=f"command {number}")
        except Problem as problem:
            problems.append(str(problem))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    pids = [pid_in(tmp_path / str(number)) for number in range(2)]

    def all_are_stopped() -> bool:
        # Repeated, because a thread may not have registered its command yet.
        stop_all()
        return not any(thread.is_alive() for thread in threads)

    wait_for(all_are_stopped)
    assert sorted(problem.partition(":")[0] for problem in problems) == ["command 0", "command 1"]
    for pid in pids:
        wait_for(lambda pid=pid: not is_running(pid))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_the_command_first(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import signal, sys; from guide.machine.commands import run\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(number, signal.default_int_handler)\n"
        f"run(*{with_child(tmp_path / 'pid')!r}, failing='x')"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as program:
        pid = pid_in(tmp_path / "pid")
        # The command starts shortly before the program waits for it.
        time.sleep(0.4)
        os.kill(program.pid, number)
        _, errors = program.communicate(timeout=SOON)
    assert b"KeyboardInterrupt" in errors
    wait_for(lambda: not is_running(pid))

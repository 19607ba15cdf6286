"""Termination signals that arrive while a process cleans up."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from guide.machine.interrupts import uninterrupted
from guide.machine.waiting import wait_until

# As in the scripts, a termination signal raises an exception, and the cleanup follows.
PROGRAM = """
import signal, sys, time
from pathlib import Path
from guide.machine.interrupts import UninterruptedExit, uninterrupted

folder = Path(sys.argv[1])
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.default_int_handler)

def clean(name):
    with uninterrupted():
        (folder / f"{name} begun").touch()
        time.sleep(0.6)
        (folder / f"{name} done").touch()

with UninterruptedExit() as stack:
    stack.callback(clean, "outer")
    stack.callback(clean, "inner")
    (folder / "ready").touch()
    time.sleep(60 if sys.argv[2] == "wait" else 0)
(folder / "after").touch()
"""


def start(folder: Path, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), how]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def wait_for(file: Path) -> None:
    wait_until(file.exists, timeout=10, interval=0.02, failing=f"{file.name} did not appear")


@pytest.mark.parametrize("again", [signal.SIGINT, signal.SIGTERM])
def test_further_signals_do_not_interrupt_cleaning_up(
    tmp_path: Path, again: signal.Signals
) -> None:
    with start(tmp_path, "wait") as program:
        wait_for(tmp_path / "ready")
        os.kill(program.pid, signal.SIGINT)
        for name in ("inner", "outer"):
            wait_for(tmp_path / f"{name} begun")
            os.kill(program.pid, again)
        _, errors = program.communicate(timeout=10)
    assert (tmp_path / "inner done").exists()
    assert (tmp_path / "outer done").exists()
    assert errors.count("Cleaning up; this takes a few seconds.\n") == 1
    assert program.returncode != 0


def test_a_first_signal_while_cleaning_up_counts_afterwards(tmp_path: Path) -> None:
    with start(tmp_path, "end") as program:
        wait_for(tmp_path / "inner begun")
        os.kill(program.pid, signal.SIGINT)
        _, errors = program.communicate(timeout=10)
    assert (tmp_path / "outer done").exists()
    assert not (tmp_path / "after").exists()
    assert errors.rstrip().endswith("KeyboardInterrupt")


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with uninterrupted():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_clean_up_as_well() -> None:
    cleaned: list[bool] = []

    def clean() -> None:
        with uninterrupted():
            cleaned.append(True)

    thread = threading.Thread(target=clean)
    thread.start()
    thread.join()
    assert cleaned == [True]

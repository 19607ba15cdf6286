"""Run other programs, and report in one line why a program failed."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from guide import ROOT, Problem
from guide.machine.interrupts import uninterrupted

# Seconds within which a command must exit after SIGTERM before it is killed.
GRACE = 10.0
# The default time limit of a command in seconds.
TIME_LIMIT = 1800.0
# The running commands of all threads.
_running: set[subprocess.Popen[str]] = set()


def run(
    *command: object,
    failing: str,
    check: bool = True,
    input: str | None = None,
    timeout: float = TIME_LIMIT,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stderr: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """Run `command` with its output captured as text.

    `stderr` has the same meaning as in subprocess.Popen. Raises Problem, with a message of the form
    "`failing`: reason", if the command takes longer than `timeout` seconds or, unless `check` is
    False, if its exit code is not 0. If this process is interrupted, the command and its children
    are stopped first.
    """
    arguments = [str(part) for part in command]
    with subprocess.Popen(
        arguments,
        stdin=None if input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=cwd,
        env=env,
        text=True,
        # A new session: Ctrl-C interrupts only this process, which then stops the command.
        start_new_session=True,
    ) as process:
        try:
            _running.add(process)
            output, errors = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            stop(process)
            raise Problem(f"{failing}: no answer within {timeout:.0f} s") from None
        except BaseException:
            with uninterrupted():
                stop(process)
            raise
        finally:
            _running.discard(process)
    if check and process.returncode != 0:
        raise Problem(f"{failing}: {reason(errors or output or '')}")
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def stop_all() -> None:
    """Stop the commands of other threads. Each `run` then raises Problem or returns."""
    for process in [*_running]:
        stop(process)


def stop(process: subprocess.Popen[str] | subprocess.Popen[bytes], grace: float = GRACE) -> None:
    """Stop a process and its children, which must be in a separate session.

    They get SIGTERM first. Once the process has exited, or after `grace` seconds, all that remain
    are killed.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        # A child that ignores the signal outlives the process that started it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tool(name: str, *arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program of the guide's environment, such as ruff. Its exit code is not checked."""
    path = Path(sys.executable).with_name(name)
    return run(path, *arguments, failing=f"{name} failed", check=False, cwd=cwd)


# How uv, pip, Git, Docker, apt, Poetry, mkdocs, pytest and iptables begin the line that states an
# error.
# Hints, usage and instructions follow that line.
_ERROR = re.compile(
    r"(?:docker: )?(?:error|Error|ERROR|fatal|E|Error response from daemon)(?:: | +- )"
    r"|FAILED \S+::|ip6?tables(?: v[\d.]+ \(\w+\))?: "
)
# npm begins every line with the same prefix. Codes and paths come first, the path of the log last.
_NPM_ERROR = re.compile(r"npm (?:error|ERR!) (?!code |syscall |path |errno |A complete log )\S+ \S")
# uv lists the causes of an error after it, and the original cause last.
_CAUSE = re.compile(r"(?:cause|Caused by): (.+)")


def reason(output: str) -> str:
    """Return the line of a program's output that states why it failed.

    It is the last line that begins with an error prefix, combined with its original cause. If no
    line does, it is the last line. A full disk takes precedence.
    """
    if is_disk_full(output):
        return "the disk is full. Free some space and run this again."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for number in range(len(lines) - 1, -1, -1):
        if _ERROR.match(lines[number]):
            causes = [match[1] for line in lines[number:] if (match := _CAUSE.match(line))]
            return ": ".join([lines[number], *causes[-1:]])
    npm_errors = [line for line in lines if _NPM_ERROR.match(line)]
    return (npm_errors[:1] or lines[-1:] or ["it gave no reason"])[0]


def is_disk_full(output: str) -> bool:
    """Return whether a program reported that there is no space left."""
    return "no space left on device" in output.lower()

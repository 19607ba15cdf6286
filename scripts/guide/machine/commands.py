"""Run other programs, and report in one line why one failed."""

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

# Seconds that a command gets to end by itself before it is killed.
GRACE = 10.0
# Seconds that a command may take, unless it is run with a time limit of its own.
TIME_LIMIT = 1800.0
# The commands that are running now, in any thread.
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

    `stderr` is where its errors go, as for subprocess.Popen. Raises Problem, "`failing`: the
    reason", when it exits with another code than 0, unless `check` is off, and when it takes more
    than `timeout` seconds. When this process is interrupted, the command and its children are
    ended first.
    """
    words = [str(part) for part in command]
    with subprocess.Popen(
        words,
        stdin=None if input is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=cwd,
        env=env,
        text=True,
        # A session of its own: Ctrl-C reaches this process alone, which then ends the command.
        start_new_session=True,
    ) as process:
        try:
            _running.add(process)
            output, errors = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            end(process)
            raise Problem(f"{failing}: no answer within {timeout:.0f} s") from None
        except BaseException:
            with uninterrupted():
                end(process)
            raise
        finally:
            _running.discard(process)
    if check and process.returncode != 0:
        raise Problem(f"{failing}: {reason(errors or output or '')}")
    return subprocess.CompletedProcess(words, process.returncode, output, errors)


def end_all() -> None:
    """End the commands of other threads. Each raises Problem, or returns if it does not check."""
    for process in [*_running]:
        end(process)


def end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process and its children, which have a session of their own.

    They get a signal to end first, and whatever is left of them is killed.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        # A child that ignores the signal outlives the process that started it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tool(name: str, *arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program of the guide's own environment, such as ruff. Its exit code is not checked."""
    path = Path(sys.executable).with_name(name)
    return run(path, *arguments, failing=f"{name} failed", check=False, cwd=cwd)


# How uv, pip, Git, Docker, apt, Poetry, mkdocs and pytest begin the line that states an error.
# Hints, usage and instructions follow that line.
_ERROR = re.compile(
    r"(?:docker: )?(?:error|Error|ERROR|fatal|E|Error response from daemon)(?:: | +- )"
    r"|FAILED \S+::"
)
# npm begins every line alike. Codes and paths come first, and where the log is comes last.
_NPM_ERROR = re.compile(r"npm (?:error|ERR!) (?!code |syscall |path |errno |A complete log )\S+ \S")
# uv lists the causes of an error below it, the original one last.
_CAUSE = re.compile(r"(?:cause|Caused by): (.+)")


def reason(output: str) -> str:
    """Return the line of a program's output that states why it failed.

    That is the last line that begins as an error does, with its original cause, or else the last
    line. A full disk comes before anything else.
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
    """Whether a program reported that there is no space left."""
    return "no space left on device" in output.lower()

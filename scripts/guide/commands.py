"""Running other programs, and saying in one line why one failed."""

import subprocess
import sys
from pathlib import Path

from guide import Problem


def run(
    *command: object, failing: str, check: bool = True, **options
) -> subprocess.CompletedProcess[str]:
    """Run `command` with its output captured as text.

    Raises Problem, "`failing`: the reason", when it exits with another code than 0, unless
    `check` is off.
    """
    options = {"capture_output": True, "text": True, **options}
    done = subprocess.run([str(part) for part in command], check=False, **options)
    if check and done.returncode != 0:
        raise Problem(f"{failing}: {reason(done.stderr or done.stdout or '')}")
    return done


def tool(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a program of the guide's own environment, such as ruff, whatever comes of it."""
    path = Path(sys.executable).with_name(name)
    return run(path, *arguments, failing=f"{name} failed", check=False)


def reason(output: str) -> str:
    """The line of an error output that says why; a full disk comes before anything else."""
    if "no space left on device" in output.lower():
        return "the disk is full. Free some space (docker system prune helps) and run this again."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"

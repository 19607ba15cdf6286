"""Set up the guide's environment on a bare machine, using only the standard library of Python 3.8.

A script parses its arguments and calls `in_environment`. It can then import the packages of the
environment.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from guide import ROOT, Problem
from guide.start import packages
from guide.start.installing import fill_once

# The version of uv to install if uv is missing. A test checks that the examples pin the same one.
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 13)
# Seconds that pip, uv or apt may take. They download packages.
TIME_LIMIT = 1800


def cache_dir() -> Path:
    """Return the folder of downloads, programs and the private engine, kept between runs.

    You can delete it at any time.
    """
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "django-images-with-uv"


def in_environment(*groups: str) -> None:
    """Continue this script inside the guide's virtual environment, with `groups` installed.

    The process is replaced by the Python of the virtual environment, because `uv run` would remain
    its parent process and would have to forward signals. Raises Problem if `uv sync` fails.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    venv = ROOT / ".venv"
    if os.environ.get("GUIDE_ENVIRONMENT") == str(ROOT) and Path(sys.prefix) == venv:
        return
    uv = find_uv()
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    options = [argument for group in groups for argument in ("--group", group)]
    command = [uv, "sync", "--quiet", "--locked", "--no-default-groups", "--inexact", *options]
    if sys.dont_write_bytecode:
        # Otherwise each process compiles every module that it imports.
        command.append("--compile-bytecode")
    # Set only for this command, so that later uv commands do not change this virtual environment.
    sync = {**environ, "UV_PROJECT_ENVIRONMENT": str(venv)}
    if _run_command(command, cwd=ROOT, env=sync).returncode != 0:
        raise Problem("uv sync could not install the guide's environment. See its error above.")
    python = str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    environ.pop("UV_PROJECT_ENVIRONMENT", None)
    environ.update({"GUIDE_ENVIRONMENT": str(ROOT), "GUIDE_UV": uv})
    os.execve(python, [python, *sys.argv], environ)


def run(main: Callable[[], int | None]) -> None:
    """Run a script's `main` function and exit with its code.

    A Problem is printed as one line, and the exit code is 1.
    """
    try:
        sys.exit(main())
    except Problem as problem:
        sys.exit(f"{Path(sys.argv[0]).name}: {problem}")
    except Terminated as terminated:
        sys.exit(128 + terminated.args[0])
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def find_uv() -> str:
    """Return the path of a uv that is new enough, installing one into the cache if necessary."""
    if "GUIDE_UV" in os.environ:
        return os.environ["GUIDE_UV"]
    for uv in (shutil.which("uv"), str(cache_dir() / f"uv-{UV_VERSION}" / "bin" / "uv")):
        if uv and os.path.exists(uv) and _version(uv) >= OLDEST_UV:
            return uv
    return _install_uv()


def _version(uv: str) -> tuple[int, ...]:
    """Return the major and minor version of a uv, or an empty tuple if it does not work."""
    try:
        done = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=60)
        return tuple(int(part) for part in done.stdout.split()[1].split(".")[:2])
    except (IndexError, ValueError, subprocess.TimeoutExpired):
        return ()


def _install_uv() -> str:
    home = cache_dir() / f"uv-{UV_VERSION}"
    print(f"uv: not found, installing {UV_VERSION} into {home}", file=sys.stderr, flush=True)
    # If the folder already exists, its uv does not work.
    shutil.rmtree(home, ignore_errors=True)
    fill_once(home, _pip_install_uv)
    return str(home / "bin" / "uv")


def _pip_install_uv(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--target", str(folder), f"uv=={UV_VERSION}"]
    done = _run_command(pip, stderr=subprocess.PIPE)
    if done.returncode != 0 and "No module named pip" in done.stderr and _install_pip():
        done = _run_command(pip, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise Problem(
            f"uv is missing and pip could not install it ({pip_error(done.stderr)}). "
            "Install uv (or python3-pip, on Debian) and run this again."
        )


def pip_error(output: str) -> str:
    """Return the last line of pip's output that states an error. Hints may follow it."""
    lines = output.strip().splitlines()
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors[-1:] or lines[-1:] or ["pip failed"])[0]


def _install_pip() -> bool:
    """Install pip, which Debian's Python lacks, with apt. Return whether that succeeded.

    guide.machine.debian cannot be used, because it needs packages that are not installed yet.
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print("pip: not found, installing python3-pip with apt", file=sys.stderr, flush=True)
    install = ["install", "--yes", "--no-install-recommends", "python3-pip", "ca-certificates"]
    commands = (["apt-get", "-qq", "update"], ["apt-get", "-qq", *install])
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with packages.tracked_installs(cache_dir()):
        return all(
            _run_command(command, stdout=subprocess.DEVNULL, env=environ).returncode == 0
            for command in commands
        )


def _run_command(
    command: list[str],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command. Raises Problem if it takes too long."""
    try:
        return subprocess.run(
            command,
            cwd=cwd,
            env=env,
            stdout=stdout,
            stderr=stderr,
            text=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise Problem(
            f"{' '.join(command)} did not finish within {TIME_LIMIT // 60} minutes. "
            "Check the network and run this again."
        ) from None


class Terminated(KeyboardInterrupt):
    """A signal, in args[0], that stops this process. Code that handles Ctrl-C also handles it."""


def _terminate(number: int, _frame: FrameType | None) -> None:
    raise Terminated(number)

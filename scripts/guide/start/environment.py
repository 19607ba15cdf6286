"""From a bare machine to the guide's own environment. Standard library only, for any Python 3.8.

A script parses its arguments, calls `in_environment`, and then imports whatever it likes.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from guide import ROOT, Problem
from guide.start import packages
from guide.start.installing import fill_once

# The uv to install where there is none. The examples pin the same one; a test compares them.
UV_VERSION = "0.13.9"
OLDEST_UV = (0, 13)


def cache_dir() -> Path:
    """Where downloads and the private engine live between runs. Safe to delete."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "django-images-with-uv"


def in_environment(*groups: str) -> None:
    """Make this process run inside the guide's venv with `groups` installed.

    Syncs the venv and then replaces the process by the same script under the venv's Python:
    no uv stays behind as a parent that would have to pass signals on.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    venv = ROOT / ".venv"
    if os.environ.get("GUIDE_ENVIRONMENT") == str(ROOT) and Path(sys.prefix) == venv:
        return
    uv = find_uv()
    environ = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    wanted = [argument for group in groups for argument in ("--group", group)]
    command = [uv, "sync", "--quiet", "--locked", "--no-default-groups", "--inexact", *wanted]
    if sys.dont_write_bytecode:
        # Otherwise each process compiles all that it imports.
        command.append("--compile-bytecode")
    # For this one command: whatever runs uv later must not sync this venv by mistake.
    sync = {**environ, "UV_PROJECT_ENVIRONMENT": str(venv)}
    if subprocess.run(command, cwd=ROOT, env=sync).returncode != 0:
        raise Problem("The guide's environment could not be made; uv says why above.")
    python = str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    environ.pop("UV_PROJECT_ENVIRONMENT", None)
    environ.update({"GUIDE_ENVIRONMENT": str(ROOT), "GUIDE_UV": uv})
    os.execve(python, [python, *sys.argv], environ)


def run(main) -> None:
    """Run a script's `main`: a problem becomes one line and exit code 1."""
    try:
        sys.exit(main())
    except Problem as problem:
        sys.exit(f"{Path(sys.argv[0]).name}: {problem}")
    except Terminated as terminated:
        sys.exit(128 + terminated.args[0])
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def find_uv() -> str:
    """The path of a uv that is new enough, installed with pip into the cache if need be."""
    if "GUIDE_UV" in os.environ:
        return os.environ["GUIDE_UV"]
    for found in (shutil.which("uv"), str(cache_dir() / f"uv-{UV_VERSION}" / "bin" / "uv")):
        if found and os.path.exists(found) and _version(found) >= OLDEST_UV:
            return found
    return _install_uv()


def _version(uv: str):
    answer = subprocess.run([uv, "--version"], capture_output=True, text=True)
    try:
        return tuple(int(part) for part in answer.stdout.split()[1].split(".")[:2])
    except (IndexError, ValueError):
        return ()


def _install_uv() -> str:
    home = cache_dir() / f"uv-{UV_VERSION}"
    print(f"uv: not found, installing {UV_VERSION} into {home}", file=sys.stderr, flush=True)
    # A uv that is there was rejected as too old or broken.
    shutil.rmtree(home, ignore_errors=True)
    fill_once(home, _pip_install_uv)
    return str(home / "bin" / "uv")


def _pip_install_uv(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--target", str(folder), f"uv=={UV_VERSION}"]
    done = subprocess.run(pip, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0 and "No module named pip" in done.stderr and _install_pip():
        done = subprocess.run(pip, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["pip failed"]
        raise Problem(
            f"uv is missing and pip could not install it ({reason[0]}). "
            "Install uv (or python3-pip, on Debian) and run this again."
        )


def _install_pip() -> bool:
    """Debian's Python comes without pip. As root, get it with apt; returns whether that worked.

    Not with guide.debian, whose progress lines need a package that is not installed yet.
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    print("pip: not found, installing python3-pip with apt", file=sys.stderr, flush=True)
    install = ["install", "--yes", "--no-install-recommends", "python3-pip", "ca-certificates"]
    commands = (["apt-get", "-qq", "update"], ["apt-get", "-qq", *install])
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdout": subprocess.DEVNULL, "env": environ}
    with packages.recorded(cache_dir()):
        return all(subprocess.run(command, **quiet).returncode == 0 for command in commands)


class Terminated(KeyboardInterrupt):
    """Told to end by the signal in args[0]. As final as Ctrl-C for whoever catches that."""


def _terminate(number, _frame):
    raise Terminated(number)

"""Find and stop processes of this machine, and run its system programs."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from guide import Problem
from guide.machine.waiting import wait_until

# Seconds within which dockerd must stop its containers and exit.
STOP_TIMEOUT = 30


def admin_environ() -> dict[str, str]:
    """Return this process's environment with the folders of system programs on PATH.

    `su` does not add these folders.
    """
    return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}


def daemons() -> list[int]:
    """Return the dockerd processes in this network namespace, so none in containers."""
    network = os.readlink("/proc/self/ns/net")
    pids = []
    for pid in _pids():
        with contextlib.suppress(OSError):
            if _name(pid) == "dockerd" and os.readlink(f"/proc/{pid}/ns/net") == network:
                pids.append(pid)
    return pids


def stop_engine(folder: Path) -> None:
    """Stop the engine of a killed run whose sockets are in `folder`, and its containers."""
    for pid in processes_in(folder):
        with contextlib.suppress(OSError):
            if _name(pid) == "dockerd":
                os.kill(pid, signal.SIGTERM)
    with contextlib.suppress(Problem):
        wait_until(
            lambda: not processes_in(folder),
            timeout=STOP_TIMEOUT,
            failing="An engine whose run was killed did not stop",
        )
    for pid in processes_in(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes_in(folder: Path) -> list[int]:
    """Return the processes with a path in `folder` on their command line, and their children."""
    children: dict[int, list[int]] = {}
    unvisited = []
    for pid in _pids():
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text()
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(pid)
            if f"{folder}/".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                unvisited.append(pid)
    tree = set()
    while unvisited:
        pid = unvisited.pop()
        if pid not in tree:
            tree.add(pid)
            unvisited += children.get(pid, [])
    return sorted(tree - {os.getpid()})


def is_used(folder: Path) -> bool:
    """Return whether a process has the folder as cwd or in its arguments or environment."""
    for pid in _pids():
        with contextlib.suppress(OSError):
            process = Path(f"/proc/{pid}")
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if os.fsencode(folder) in text or (process / "cwd").readlink().is_relative_to(folder):
                return True
    return False


def _pids() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").glob("[0-9]*"))


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()

"""Programs and processes of the whole machine, as its administrator sees them."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from guide import Problem
from guide.machine.waiting import wait_until

# Seconds that dockerd gets to stop its containers after the run that started it was killed.
STOPPING = 30


def admin_environ() -> dict[str, str]:
    """Return this environment with the folders of system programs on PATH.

    `su` leaves them out.
    """
    return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}


def daemons() -> list[int]:
    """List the processes of dockerd in this network. One in a container has its own network."""
    network = os.readlink("/proc/self/ns/net")
    pids = []
    for pid in _pids():
        with contextlib.suppress(OSError):
            if _name(pid) == "dockerd" and os.readlink(f"/proc/{pid}/ns/net") == network:
                pids.append(pid)
    return pids


def end_engine(folder: Path) -> None:
    """End an engine with its sockets in `folder` whose run was killed, and its containers."""
    for pid in processes_in(folder):
        with contextlib.suppress(OSError):
            if _name(pid) == "dockerd":
                os.kill(pid, signal.SIGTERM)
    with contextlib.suppress(Problem):
        wait_until(
            lambda: not processes_in(folder),
            timeout=STOPPING,
            failing="An engine whose run was killed did not stop",
        )
    for pid in processes_in(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes_in(folder: Path) -> list[int]:
    """List the processes with a path in `folder` on their command line, and all their children."""
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
    """Whether a process works in the folder, or has it in its command line or environment."""
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

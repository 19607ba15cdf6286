"""Locks between processes of this machine, one file each."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from guide.machine.progress import doing


@contextmanager
def exclusive(path: Path, kind: str) -> Iterator[None]:
    """Hold the lock file `path` while the block runs, waiting for a process that holds it.

    The kernel releases the lock when its process dies. `kind` heads the progress line that says
    that this process waits.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        with doing(kind, "waiting for another process to finish"):
            lock.acquire()
    try:
        yield
    finally:
        lock.release()

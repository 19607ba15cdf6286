"""Lock files between processes of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from guide import Problem
from guide.machine.progress import doing


@contextmanager
def exclusive(path: Path, kind: str) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. Wait if another process holds it.

    The kernel releases the lock when its process dies. `kind` begins the progress line that is
    printed while this process waits.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        held = lock.acquire(blocking=False)
    except Timeout:
        with doing(kind, "waiting for another process to finish"):
            held = lock.acquire()
    with held:
        yield


@contextmanager
def lock_or_fail(path: Path, failing: str) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. Raises Problem(failing) if it is held."""
    try:
        held = FileLock(path).acquire(blocking=False)
    except Timeout:
        raise Problem(failing) from None
    with held:
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Share the lock file `path` while the block runs, so that `lock_or_fail` cannot take it."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield

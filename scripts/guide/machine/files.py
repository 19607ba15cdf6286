"""Files written in one go: a reader sees the old one or the new one, never a part."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import ROOT
from guide.start.environment import cache_dir


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Let one process of this machine at a time do something of that name. Others wait."""
    import fcntl

    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / f"{what}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write(path: Path, content: bytes) -> None:
    """Put `content` into a file under the guide's folder, making its folder if need be.

    The part that is being written lies outside docs/, which is published and watched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".part-") as folder:
        part = Path(folder) / path.name
        part.write_bytes(content)
        part.replace(path)

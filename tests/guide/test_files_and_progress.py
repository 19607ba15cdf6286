"""Write files atomically, and print the progress of long tasks."""

import io
import re
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from rich.console import Console

from guide.machine import files, progress

# Larger than a single write of the system.
SIZE = 3_000_000

WRITER = """
import sys
from pathlib import Path
from guide.machine import files
files.ROOT = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in (b"a", b"b"):
        files.write(files.ROOT / "out/file", letter * int(sys.argv[2]))
"""


def is_whole(content: bytes) -> bool:
    return content in (b"a" * SIZE, b"b" * SIZE)


def test_a_reader_sees_the_old_file_or_the_new_one_even_after_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "out/file"
    for _ in range(3):
        command = (sys.executable, "-c", WRITER, tmp_path, str(SIZE))
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            end = time.monotonic() + 0.1
            seen: list[bool] = []
            while time.monotonic() < end or not seen:
                if file.exists():
                    seen.append(is_whole(file.read_bytes()))
            writer.kill()
        assert all(seen)
        assert is_whole(file.read_bytes())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["file"]


def test_a_write_makes_the_folder_and_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOT", tmp_path)
    files.write(tmp_path / "a/b/file", b"content")
    assert (tmp_path / "a/b/file").read_bytes() == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_write_that_fails_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOT", tmp_path)
    files.write(tmp_path / "file", b"old")

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        files.write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """The output of progress lines without a terminal, with no recorded durations."""
    stream = io.StringIO()
    monkeypatch.setattr(progress, "console", Console(file=stream, width=20, highlight=False))
    monkeypatch.setattr(progress, "spent", defaultdict(float))
    return stream


def test_work_is_one_line_with_its_seconds(printed: io.StringIO) -> None:
    with progress.doing("build", "an example with a long name"):
        assert printed.getvalue() == ""
    assert re.fullmatch(r"build: an example with a long name  \d+\.\d s\n", printed.getvalue())


def test_seconds_are_added_up_by_kind_even_when_the_work_fails(printed: io.StringIO) -> None:
    def fail_slowly() -> None:
        with progress.doing("build", "x"):
            time.sleep(0.02)
            raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            fail_slowly()
    with progress.doing("pull", "y"):
        pass
    assert progress.spent["build"] >= 0.04
    assert progress.spent.keys() == {"build", "pull"}
    assert printed.getvalue().count("\n") == 3

"""Interrupt and kill scripts/test. If this run's engine is private, the test run starts another."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from guide import ROOT
from guide.engine import filesystem, leftovers, recovery
from guide.engine.docker import ALL_RUNS_PREFIX, Engine
from guide.engine.private import STATE_FILE
from guide.machine.waiting import wait_until
from guide.start import environment
from guide.start.environment import find_uv


@dataclass
class Run:
    """A run of scripts/test in the background, and the folders that it uses."""

    program: subprocess.Popen[str]
    name: str
    temporary: Path
    state_file: Path
    engine_folders: set[Path]


@contextmanager
def started_run(engine: Engine, folder: Path, name: str) -> Iterator[Run]:
    """Start scripts/test and wait until its engine or its tests run."""
    temporary = folder / "temporary"
    temporary.mkdir()
    own_engine = folder / "django-images-with-uv" / "engine"
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GUIDE_")},
        "TMPDIR": str(temporary),
        "GUIDE_RUN": name,
    }
    if engine.private:
        own_engine.mkdir(parents=True)
        programs = environment.cache_dir() / "engine" / "docker"
        (own_engine / "docker").symlink_to(programs)
        environ |= {"XDG_CACHE_HOME": str(folder), "GUIDE_UV": find_uv()}
    with subprocess.Popen(
        [ROOT / "scripts/test", "tests/examples/test_run.py"],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A background process may ignore SIGINT, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as program:
        try:
            assert program.stdout is not None
            # By then, it builds a stand-in or runs its tests.
            sign = "starting Docker" if engine.private else "test_run.py::"
            lines = [program.stdout.readline()]
            while sign not in lines[-1]:
                assert lines[-1], f"scripts/test exited by itself: {''.join(lines)}"
                lines.append(program.stdout.readline())
            folders = engine_folders(temporary)
            assert folders or not engine.private
            time.sleep(2)
            yield Run(program, name, temporary, own_engine / STATE_FILE, folders)
        finally:
            program.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("times", [1, 4])
def test_an_interrupted_run_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, how: signal.Signals, times: int
) -> None:
    """Further signals do not interrupt the cleanup."""
    with started_run(engine, tmp_path, f"{how:04x}{times:04x}") as run:
        for _ in range(times):
            run.program.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.program.wait(0.7)
        output, _ = run.program.communicate(timeout=60)
    # After the cleanup, while Python shuts down, a signal stops the process directly.
    assert run.program.returncode in {2, 128 + how, -how}, output
    # uv leaves its lock files in this folder.
    assert [path for path in run.temporary.iterdir() if path.suffix != ".lock"] == []
    assert not [folder for folder in run.engine_folders if folder.exists()]
    assert not run.state_file.exists()
    assert processes(run.temporary) == []
    assert run.name not in engine.docker("volume", "ls").stdout
    assert run.name not in engine.docker("container", "ls", "--all").stdout


def test_what_a_killed_run_leaves_is_removed_by_the_next(engine: Engine, tmp_path: Path) -> None:
    prefix = f"{ALL_RUNS_PREFIX}{signal.SIGKILL:08x}"
    with started_run(engine, tmp_path, f"{signal.SIGKILL:08x}") as run:
        run.program.kill()
    assert run.state_file.exists() is engine.private
    # The next run does the same for a private engine, and scripts/clean for an existing engine.
    recovery.recover(run.state_file)
    leftovers.remove_leftovers(engine, prefix)
    wait_until(
        lambda: processes(run.temporary) == [], timeout=30, failing="The processes did not exit"
    )
    assert not run.state_file.exists()
    assert not [folder for folder in run.engine_folders if folder.exists()]
    mounted = [path for _, path in filesystem.mounts()]
    assert not [path for path in mounted for each in run.engine_folders if each in path.parents]
    assert leftovers.identifiers(engine, prefix) == []


def processes(temporary: Path) -> list[str]:
    """Return the command lines of the processes whose TMPDIR is this folder."""
    setting = f"TMPDIR={temporary}\0".encode()
    lines = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if setting in (path / "environ").read_bytes():
                lines.append((path / "cmdline").read_text().replace("\0", " "))
    return lines


def engine_folders(temporary: Path) -> set[Path]:
    """Return the folders under /run of the private engines among these processes."""
    arguments = [each for line in processes(temporary) for each in line.split()]
    files = [each for each in arguments if re.fullmatch(r"/run/guide-engine-.+json", each)]
    return {Path(file).parent for file in files}

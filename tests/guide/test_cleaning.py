"""scripts/clean lists leftovers, removes them on request and keeps everything else."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from guide import Problem
from guide.engine import cleaning, system
from guide.start import packages


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder of a machine that otherwise has only the guide's environment."""
    folder = tmp_path / "cache"
    for path in ("engine/docker/dockerd", "engine/layers.ext4", "engine/lock", "uv-1/bin/uv"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes(5000))
    root = tmp_path / "guide"
    (root / ".venv/bin").mkdir(parents=True)
    (root / "README.md").touch()
    temporary = tmp_path / "temporary"
    (temporary / "guide-builder-1").mkdir(parents=True)
    (temporary / "somebody-elses").mkdir()
    monkeypatch.setattr(cleaning, "cache_dir", lambda: folder)
    monkeypatch.setattr(cleaning, "ROOT", root)
    monkeypatch.setattr(cleaning, "existing_engine_lock", lambda: folder / "found-engine.lock")
    monkeypatch.setattr(cleaning, "why_unusable", lambda: "no docker command")
    monkeypatch.setattr(cleaning, "run_folders", lambda: iter(()))
    monkeypatch.setattr(cleaning.tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setenv("COLUMNS", "500")
    return folder


def test_without_a_request_nothing_is_removed(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packages.write_list(cache, {"iptables", "runc"})
    before = sorted(cache.parent.rglob("*"))
    assert cleaning.run(remove=False, with_packages=False) == 0
    assert sorted(cache.parent.rglob("*")) == before
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    names = {Path(row[1]).name for row in rows if row[0] in ("cache", "environment", "temporary")}
    assert names == {"docker", "layers.ext4", "uv-1", "cache", ".venv", "guide-builder-1"}
    assert ["packages", "iptables,", "runc"] in rows


def test_everything_except_the_packages_is_removed(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages.write_list(cache, {"iptables"})
    monkeypatch.setattr(cleaning.debian, "remove_packages", pytest.fail)
    cleaning.run(remove=True, with_packages=False)
    assert packages.read_list(cache) == ["iptables"]
    assert [path.name for path in cache.iterdir()] == [packages.FILE]
    assert [path.name for path in (cache.parent / "guide").iterdir()] == ["README.md"]
    assert [path.name for path in (cache.parent / "temporary").iterdir()] == ["somebody-elses"]


def test_packages_are_removed_on_request(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages.write_list(cache, {"iptables", "curl"})
    removed: list[str] = []
    monkeypatch.setattr(
        cleaning.debian, "remove_packages", lambda names: removed.extend(names) or ["curl"]
    )
    cleaning.run(remove=True, with_packages=True)
    assert removed == ["curl", "iptables"]
    assert packages.read_list(cache) == ["curl"]


def test_a_temporary_folder_that_is_used_stays(cache: Path) -> None:
    used = cache.parent / "temporary/guide-builder-1"
    with subprocess.Popen(["sleep", "60"], cwd=used) as process:
        cleaning.run(remove=True, with_packages=False)
        process.kill()
    assert used.exists()


def test_nothing_is_left_of_the_cache_without_packages(cache: Path) -> None:
    cleaning.run(remove=True, with_packages=False)
    assert not cache.exists()


def test_nothing_is_removed_during_a_run(cache: Path) -> None:
    with (
        FileLock(cache / "engine/lock"),
        pytest.raises(Problem, match="Another command of the guide is running"),
    ):
        cleaning.run(remove=True, with_packages=False)
    assert (cache / "engine/docker/dockerd").exists()


def test_while_a_program_of_the_environment_runs_nothing_is_removed(cache: Path) -> None:
    program = cache.parent / "guide/.venv/bin/mkdocs"
    with subprocess.Popen(["sh", "-c", "sleep 60; true", program]) as process:
        try:
            with pytest.raises(Problem, match="Another command of the guide is running"):
                cleaning.run(remove=True, with_packages=False)
        finally:
            for pid in system.processes_in(cache.parent / "guide/.venv"):
                os.kill(pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert (cache / "engine/docker/dockerd").exists()


def test_disk_usage_counts_blocks_and_hard_links_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(1_000_000))
    os.link(tmp_path / "file", tmp_path / "link")
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(10**9)
    assert 900_000 < cleaning.disk_usage(tmp_path) < 1_200_000


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_340_000_000, "2.3 GB")]
)
def test_sizes_are_formatted(size: int, text: str) -> None:
    assert cleaning.format_size(size) == text

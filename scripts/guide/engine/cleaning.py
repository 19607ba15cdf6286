"""List what the guide has left on this machine, and remove it on request."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from guide import ROOT, Problem
from guide.engine import filesystem, images, leftovers, network, recovery, system
from guide.engine.docker import ALL_RUNS_PREFIX
from guide.engine.private import LOCK, RUN_FOLDER_PREFIX, STATE_FILE
from guide.engine.running import existing_engine, existing_engine_lock, why_unusable
from guide.machine import debian
from guide.machine.locks import lock_or_fail
from guide.machine.progress import console, doing
from guide.start import packages
from guide.start.environment import cache_dir

BUSY = "Another command of the guide is running. Wait until it has finished, and run this again."


@dataclass(frozen=True)
class Leftover:
    """Something that the guide has left, its size on the disk, and the function that removes it.

    Packages are removed only on a separate request.
    """

    kind: str
    name: str
    remove: Callable[[], object]
    size: int | None = None
    is_package: bool = False


def run(remove: bool, with_packages: bool) -> int:
    """List what the guide has left, remove it if `remove` is set, and return an exit code.

    Packages are removed only if `with_packages` is also set. Raises Problem if another command of
    the guide is running.
    """
    output = Console(highlight=False)
    with ExitStack() as stack:
        for lock in (engine_folder() / LOCK, existing_engine_lock()):
            if lock.exists():
                stack.enter_context(lock_or_fail(lock, BUSY))
        with doing("clean", "looking for what earlier runs have left"):
            listed = [*all_leftovers()]
        output.print(leftover_table(listed))
        if not remove:
            output.print("scripts/clean --remove removes all of these except the packages.")
            output.print("scripts/clean --remove --packages also removes the packages.")
            return 0
        # Tests without an engine, and a server of the site, hold no lock.
        if system.processes_in(ROOT / ".venv"):
            raise Problem(BUSY)
        for leftover in listed:
            if with_packages or not leftover.is_package:
                with doing("clean", f"removing {leftover.name}"):
                    leftover.remove()
    return 0


def all_leftovers() -> Iterator[Leftover]:
    """Iterate over everything that the guide has left, in the order in which to remove it.

    Mounts and running engines come before the files that they use and the programs that remove
    them. The environment that runs this function comes last.
    """
    yield from changed_network()
    yield from mounted_file_systems()
    yield from run_folders()
    yield from in_existing_engine()
    yield from temporary_folders()
    yield from recorded_packages()
    yield from cached_files()
    environment = ROOT / ".venv"
    if environment.exists():
        yield _files("environment", environment)


def changed_network() -> Iterator[Leftover]:
    """Yield the network changes that a killed run has not undone."""
    file = engine_folder() / STATE_FILE
    if network.read_state(file) is not None:
        yield Leftover("network", "changes of a killed run", lambda: _restore(file))


def mounted_file_systems() -> Iterator[Leftover]:
    """Iterate over the mounted file systems of private engines, and their loop devices."""
    devices = filesystem.loop_devices(engine_folder() / filesystem.FILE)
    for device, path in filesystem.mounts():
        if device in devices:
            yield Leftover("file system", f"{device} on {path}", partial(_unmount, device))
            devices.remove(device)
    for device in devices:
        yield Leftover("loop device", device, partial(filesystem.detach, device))


def run_folders() -> Iterator[Leftover]:
    """Iterate over the folders under /run whose private engine is no longer running."""
    for folder in sorted(Path("/run").glob(f"{RUN_FOLDER_PREFIX}*")):
        if not system.processes_in(folder):
            yield _files("engine", folder)


def in_existing_engine() -> Iterator[Leftover]:
    """Iterate over the guide's objects and images in an engine that was already running."""
    if why_unusable() is not None:
        return
    engine = existing_engine()
    if leftovers.identifiers(engine, ALL_RUNS_PREFIX):
        names = ", ".join(leftovers.identifiers(engine, ALL_RUNS_PREFIX))
        yield Leftover("engine", names, lambda: leftovers.remove_leftovers(engine, ALL_RUNS_PREFIX))
    for image in images.pulled_images():
        if engine.docker("image", "inspect", image, check=False).returncode == 0:
            # Docker refuses to remove an image that a container uses.
            remove = partial(engine.docker, "image", "rm", image, check=False)
            yield Leftover("image", image, remove)


def temporary_folders() -> Iterator[Leftover]:
    """Iterate over the temporary folders of killed runs."""
    for folder in sorted(Path(tempfile.gettempdir()).glob("guide-*")):
        if folder.is_dir() and not system.is_used(folder):
            yield _files("temporary", folder)


def recorded_packages() -> Iterator[Leftover]:
    """Yield the Debian packages that the guide has installed."""
    names = packages.read_list(cache_dir())
    if names:
        yield Leftover("packages", ", ".join(names), partial(_remove_packages, names), None, True)


def cached_files() -> Iterator[Leftover]:
    """Iterate over the parts of the cache folder, and then the folder itself.

    The list of packages is kept, because they may be removed later.
    """
    cache, engine = cache_dir(), engine_folder()
    parents = [folder for folder in (cache, engine) if folder.exists()]
    parts = [path for folder in parents for path in sorted(folder.iterdir()) if path != engine]
    kept = cache / packages.FILE
    for path in parts:
        if path.is_dir() or path.name == filesystem.FILE:
            yield _files("cache", path)
    if any(path != kept for path in [*parts, engine] if path.exists()):
        yield Leftover("cache", f"{cache} (the rest)", lambda: _remove_cache(kept))


def leftover_table(listed: list[Leftover]) -> Table:
    """Return a table of leftovers, with their total size."""
    rows = Table("What", "Where", "Size", box=None, header_style="bold")
    rows.columns[2].justify = "right"
    for leftover in listed:
        size = "" if leftover.size is None else format_size(leftover.size)
        rows.add_row(leftover.kind, leftover.name, size)
    total = sum(leftover.size or 0 for leftover in listed)
    rows.add_row("Total", "", format_size(total), style="bold")
    return rows


def format_size(size: int) -> str:
    """Format a number of bytes in the largest unit in which it is at least 1."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"


def disk_usage(path: Path) -> int:
    """Return the number of bytes that a file or folder takes on the disk. Hard links count once."""
    inodes: dict[tuple[int, int], int] = {}
    paths = [path, *(Path(top) / name for top, _, names in os.walk(path) for name in names)]
    for each in paths:
        # Another program may have deleted it in the meantime.
        with contextlib.suppress(FileNotFoundError):
            status = each.lstat()
            inodes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(inodes.values())


def engine_folder() -> Path:
    """Return the folder of the private engine in the cache."""
    return cache_dir() / "engine"


def _files(kind: str, path: Path) -> Leftover:
    return Leftover(kind, str(path), lambda: _delete(path), disk_usage(path))


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_cache(kept: Path) -> None:
    """Delete the rest of the cache except the list of packages, then the folder if it is empty."""
    for path in cache_dir().iterdir():
        if path != kept:
            _delete(path)
    if not kept.exists():
        cache_dir().rmdir()


def _restore(file: Path) -> None:
    recovery.recover(file)
    if file.exists():
        raise Problem("Another Docker engine is running. Stop it and run this again.")


def _unmount(device: str) -> None:
    filesystem.unmount(lambda mounted, _: mounted == device)


def _remove_packages(names: list[str]) -> None:
    """Remove packages. Those that other packages need stay installed and recorded."""
    kept = debian.remove_packages(names)
    packages.write_list(cache_dir(), {*kept})
    if kept:
        console.print(f"packages: kept {', '.join(kept)}, because other packages need them")

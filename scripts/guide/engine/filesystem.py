"""Disk space for images: the file system that a private engine has to itself."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import Problem
from guide.engine.system import admin_environ
from guide.machine.commands import run
from guide.machine.interrupts import uninterrupted

# With less free disk than this a build is likely to fail half-way.
DISK_NEEDED_GB = 15
# The size of the file system of a private engine. The file takes up only what is stored in it.
FILE_SYSTEM_GB = 50
# The file that the file system is, in the folder of the engine in the cache.
FILE = "layers.ext4"
# Seconds that mkfs, mount, umount and fstrim may take.
TIME_LIMIT = 120
# How the names of the folders in it begin that are removed after a run.
TEMPORARY = "guide-test-"


def check_disk(folder: Path) -> None:
    """Raise Problem when too little disk is free under `folder` to build images."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < DISK_NEEDED_GB:
        raise Problem(
            f"The disk is nearly full: {free:.1f} GB free where the engine keeps its layers, "
            f"{DISK_NEEDED_GB} needed. Free some space and run this again."
        )


@contextmanager
def file_system(home: Path, mount_point: Path) -> Iterator[Path]:
    """Mount a file system for layers, which is one file in `home`; yields the mount point.

    Yields `home` itself where none can be mounted.

    The ext4 of many virtual machines has no journal. To create a file, it passes over every one
    that was deleted in the last five minutes: writing and deleting a virtual environment of 40,000
    files four times took 66 to 90 s of kernel time there, and 24 s in a file system of its own.
    """
    mount_point.mkdir()
    file = home / FILE
    # Mounts of a run that was killed. No other run uses them, because this one holds the lock.
    loops = loop_devices(file)
    unmount(lambda device, _: device in loops)
    if not _mount(file, mount_point):
        # The file does not exist yet, or it is broken.
        _create(file)
        if not _mount(file, mount_point):
            file.unlink()
            check_disk(home)
            yield home
            return
    try:
        for folder in mount_point.glob(f"{TEMPORARY}*"):
            shutil.rmtree(folder, ignore_errors=True)
        # Give the space of deleted files back to the disk.
        _admin("fstrim", mount_point)
        check_disk(home)
        yield mount_point
    finally:
        with uninterrupted():
            unmount(lambda _, path: path.is_relative_to(mount_point))


def loop_devices(file: Path) -> list[str]:
    """List the loop devices of a file, on a machine that has such devices."""
    if shutil.which("losetup", path=admin_environ()["PATH"]) is None:
        return []
    return _admin("losetup", "-nO", "NAME", "-j", file).stdout.split()


def _create(file: Path) -> None:
    file.unlink(missing_ok=True)
    part = file.with_suffix(".part")
    with part.open("wb") as empty:
        empty.truncate(FILE_SYSTEM_GB * 10**9)
    _admin("mkfs.ext4", "-q", "-F", "-i", "8192", part, check=True)
    part.rename(file)


def _mount(file: Path, mount_point: Path) -> bool:
    """Mount the file system in `file`, if it is one. It does not have to survive a power cut."""
    options = "loop,noatime,data=writeback,barrier=0,commit=300,noinit_itable"
    command = ("mount", "-t", "ext4", "-o", options, file, mount_point)
    return file.exists() and _admin(*command).returncode == 0


def unmount(chosen: Callable[[str, Path], bool]) -> None:
    """Unmount every mount whose device and path `chosen` accepts."""
    for device, path in reversed(mounts()):
        if chosen(device, path):
            _admin("umount", "--lazy", path)


def mounts() -> list[tuple[str, Path]]:
    """List what is mounted, a device and a path each, in the order of mounting."""
    table = Path("/proc/mounts")
    lines = table.read_text().splitlines() if table.exists() else []
    return [(device, Path(path)) for device, path, *_ in map(str.split, lines)]


def detach(device: str) -> None:
    """Detach a loop device that is not mounted."""
    _admin("losetup", "--detach", device)


def _admin(*command: object, check: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a system program. Raises Problem if it fails and `check` is on, or takes too long."""
    failing = f"{command[0]} failed"
    return run(*command, env=admin_environ(), failing=failing, check=check, timeout=TIME_LIMIT)

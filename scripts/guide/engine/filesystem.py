"""The separate file system in which a private engine stores its images."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import Problem
from guide.engine.system import admin_environ
from guide.machine.commands import run
from guide.machine.interrupts import uninterrupted

# With less free disk space than this, a build is likely to fail halfway.
DISK_NEEDED_GB = 15
# The size of a private engine's file system. Its file is sparse, so it starts out nearly empty.
FILE_SYSTEM_GB = 100
# The file that contains the file system, in the engine's folder in the cache.
FILE = "layers.ext4"
# Seconds that mkfs, mount, umount and fstrim may take.
TIME_LIMIT = 120
# Prefix of the folders in this file system that are removed after a run.
TEMPORARY_PREFIX = "guide-test-"


def check_disk(folder: Path) -> None:
    """Raise Problem if the disk of `folder` has too little free space to build images."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < DISK_NEEDED_GB:
        raise Problem(
            f"The disk is nearly full: {free:.1f} GB free where the engine keeps its layers, "
            f"{DISK_NEEDED_GB} needed. Free some space and run this again."
        )


@contextmanager
def file_system(home: Path, mount_point: Path) -> Iterator[Path]:
    """Mount a file system for layers, stored in one file in `home`, and yield the mount point.

    Yields `home` itself if the file system cannot be mounted.

    On many virtual machines, ext4 has no journal. To create a file, it then skips every inode that
    was freed in the last five minutes. Writing and deleting a virtual environment of 40,000 files
    four times took 66 to 90 s of kernel time there, and 24 s in a separate file system.
    """
    mount_point.mkdir()
    file = home / FILE
    # Mounts of a killed run. No other run uses them, because this run holds the lock.
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
        for folder in mount_point.glob(f"{TEMPORARY_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)
        # Give the space of deleted files back to the disk.
        _admin("fstrim", mount_point)
        check_disk(home)
        yield mount_point
    finally:
        with uninterrupted():
            unmount(lambda _, path: path.is_relative_to(mount_point))


def loop_devices(file: Path) -> list[str]:
    """Return the loop devices of a file. Without the losetup program, there are none."""
    if shutil.which("losetup", path=admin_environ()["PATH"]) is None:
        return []
    return _admin("losetup", "-nO", "NAME", "-j", file).stdout.split()


def _create(file: Path) -> None:
    file.unlink(missing_ok=True)
    part = file.with_suffix(".part")
    with part.open("wb") as empty:
        empty.truncate(FILE_SYSTEM_GB * 10**9)
    _admin("mkfs.ext4", "-q", "-F", "-m", "0", "-i", "8192", part, check=True)
    part.rename(file)


def _mount(file: Path, mount_point: Path) -> bool:
    """Mount the file system in `file`, and return whether that succeeded.

    The options trade durability for speed, because its content is not needed after a power cut.
    """
    options = "loop,noatime,data=writeback,barrier=0,commit=300,noinit_itable"
    command = ("mount", "-t", "ext4", "-o", options, file, mount_point)
    return file.exists() and _admin(*command).returncode == 0


def unmount(chosen: Callable[[str, Path], bool]) -> None:
    """Unmount every mount whose device and path `chosen` accepts."""
    for device, path in reversed(mounts()):
        if chosen(device, path):
            _admin("umount", "--lazy", path)


def mounts() -> list[tuple[str, Path]]:
    """Return the device and the path of each mount, in the order of mounting."""
    table = Path("/proc/mounts")
    lines = table.read_text().splitlines() if table.exists() else []
    return [(device, Path(path)) for device, path, *_ in map(str.split, lines)]


def detach(device: str) -> None:
    """Detach a loop device that is not mounted."""
    _admin("losetup", "--detach", device)


def _admin(*command: object, check: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a system program. Raises Problem if it fails and `check` is set, or takes too long."""
    failing = f"{command[0]} failed"
    return run(*command, env=admin_environ(), failing=failing, check=check, timeout=TIME_LIMIT)

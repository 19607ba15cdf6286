"""Choose the engine of a run: the engine that is already running, or a private engine.

If an engine answers, it is used unchanged, and base images are pulled. If none answers, a private
engine is started on a Debian machine. If no registry answers either, the private engine gets
stand-ins: images built from Debian packages and PyPI, under the official names.
"""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import Problem
from guide.engine import leftovers
from guide.engine.docker import PREFIX, Engine
from guide.engine.filesystem import check_disk
from guide.engine.private import private_engine, second_engine
from guide.machine import debian
from guide.machine.commands import reason, run
from guide.machine.interrupts import uninterrupted
from guide.machine.locks import shared
from guide.start.environment import cache_dir

# buildx 0.15 added --progress=rawjson and --check. Both are required.
OLDEST_BUILDX = (0, 15)


@contextmanager
def running_engine(timed: bool = True) -> Iterator[Engine]:
    """Yield the engine of this run, and stop it after the block if it is private.

    Everything that the run created in it is removed. Unless builds are `timed`, the cache of a
    private engine is pruned while the block runs. Raises Problem if no engine answers and none can
    be started.
    """
    missing = why_unusable()
    if missing is not None:
        _check_private_is_possible(missing)
        with private_engine(timed) as engine:
            yield engine
        return
    engine = existing_engine()
    layers = engine.docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
    if Path(layers).exists():
        check_disk(Path(layers))
    with shared(existing_engine_lock()):
        try:
            yield engine
        finally:
            with uninterrupted():
                leftovers.remove_leftovers(engine, PREFIX)


def existing_engine() -> Engine:
    """Return the engine that is already running on this machine."""
    return Engine({**os.environ, "DOCKER_CLI_HINTS": "false"}, private=False)


def existing_engine_lock() -> Path:
    """Return the lock file that runs share while they use an existing engine."""
    return cache_dir() / "found-engine.lock"


@contextmanager
def fresh_builder(engine: Engine, *images: str) -> Iterator[Engine]:
    """Yield a builder with an empty cache that it can export, as on a CI runner.

    The builder has the given images, or can pull them. It is a second engine next to a private
    engine, and a buildx builder in a container otherwise.
    """
    if engine.private:
        with second_engine(engine, *images) as second:
            yield second
        return
    name = f"{PREFIX}-builder"
    engine.docker("buildx", "create", "--name", name, "--driver", "docker-container")
    try:
        fresh = Engine(engine.environ, private=False)
        fresh.builder = name
        yield fresh
    finally:
        with uninterrupted():
            engine.docker("buildx", "rm", "--force", name, check=False)


def why_unusable() -> str | None:
    """Return the reason why this machine's docker command cannot be used, or None if it can.

    Raises Problem if an engine answers but a plugin is missing or too old.
    """
    if shutil.which("docker") is None:
        return "no docker command"

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        failing = f"docker {arguments[0]} failed"
        return run("docker", *arguments, check=False, failing=failing, timeout=60)

    server = ask("version", "--format", "{{.Server.Version}}")
    if server.returncode != 0:
        return f"no Docker engine answers ({reason(server.stderr)})"
    version = re.search(r"v?(\d+)\.(\d+)", ask("buildx", "version").stdout.partition(" ")[2])
    if version is None or (int(version[1]), int(version[2])) < OLDEST_BUILDX:
        raise Problem(
            "A Docker engine is running, but buildx is missing or older than 0.15. Update buildx."
        )
    if ask("compose", "version").returncode != 0:
        raise Problem(
            "A Docker engine is running, but its compose plugin is missing. Install the plugin."
        )
    return None


def _check_private_is_possible(missing: str) -> None:
    if platform.system() != "Linux" or not debian.is_possible():
        raise Problem(
            f"Images cannot be built: {missing}. Install and start Docker (Docker Desktop, or "
            "Docker Engine with the buildx and compose plugins). Without Docker, a private engine "
            "is possible only as root on Debian."
        )

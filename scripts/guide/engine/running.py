"""The engine of a run: the one that is already running, or else a private one.

An engine that answers is used as it is, and base images are pulled. Where none answers, a bare
Debian machine gets a private one. Where no registry answers either, the private engine gets
stand-ins: images made from Debian packages and PyPI, under the official names.
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

# --progress=rawjson and --check, both needed, came with buildx 0.15.
OLDEST_BUILDX = (0, 15)


@contextmanager
def running_engine(timed: bool = True) -> Iterator[Engine]:
    """Yield the engine to use. A private one is stopped at the end.

    What the run created in it is removed. Unless builds are `timed`, the cache of a private engine
    is pruned while it is used. Raises Problem when there is no engine and none can be started.
    """
    missing = why_unusable()
    if missing is not None:
        _check_private_is_possible(missing)
        with private_engine(timed) as engine:
            yield engine
        return
    engine = found_engine()
    layers = engine.docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
    if Path(layers).exists():
        check_disk(Path(layers))
    with shared(lock_of_found_engines()):
        try:
            yield engine
        finally:
            with uninterrupted():
                leftovers.remove_leftovers(engine, PREFIX)


def found_engine() -> Engine:
    """Return the engine that is already running on this machine."""
    return Engine({**os.environ, "DOCKER_CLI_HINTS": "false"}, private=False)


def lock_of_found_engines() -> Path:
    """Return the lock file that runs share while they use an engine that was already running."""
    return cache_dir() / "found-engine.lock"


@contextmanager
def fresh_builder(engine: Engine, *images: str) -> Iterator[Engine]:
    """Yield a builder with an empty cache that it can export, as on a CI runner.

    It has the named images, or can pull them. Next to a private engine it is a second engine,
    elsewhere a builder of buildx in a container.
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
    """Return why the docker command of this machine cannot be used, or None if it can.

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
        raise Problem("A Docker engine runs, but buildx is missing or older than 0.15: update it.")
    if ask("compose", "version").returncode != 0:
        raise Problem("A Docker engine runs, but its compose plugin is missing: install it.")
    return None


def _check_private_is_possible(missing: str) -> None:
    if platform.system() != "Linux" or not debian.is_possible():
        raise Problem(
            f"Images cannot be built: {missing}. Install and start Docker (Docker Desktop, or "
            "Docker Engine with the buildx and compose plugins). Without it, a private engine "
            "is possible only as root on Debian."
        )

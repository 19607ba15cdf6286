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

# --progress=rawjson and --check, both needed, came with buildx 0.15.
OLDEST_BUILDX = (0, 15)


@contextmanager
def running_engine(timed: bool = True) -> Iterator[Engine]:
    """Yield the engine to use. A private one is stopped at the end.

    What the run created in it is removed. Unless builds are `timed`, the cache of a private engine
    is pruned while it is used. Raises Problem when there is no engine and none can be started.
    """
    missing = _unusable(dict(os.environ))
    if missing is None:
        engine = Engine({**os.environ, "DOCKER_CLI_HINTS": "false"}, private=False)
        layers = engine.docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
        if Path(layers).exists():
            check_disk(Path(layers))
        try:
            yield engine
        finally:
            with uninterrupted():
                leftovers.remove(engine)
    else:
        _check_private_is_possible(missing)
        with private_engine(timed) as engine:
            yield engine


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


def _unusable(environ: dict[str, str]) -> str | None:
    """Return why the docker command in `environ` cannot be used, or None if it can."""
    if shutil.which("docker", path=environ.get("PATH")) is None:
        return "no docker command"

    def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
        failing = f"docker {arguments[0]} failed"
        return run("docker", *arguments, env=environ, check=False, failing=failing, timeout=60)

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

"""Run dockerd, unpacked from Debian testing, while a block runs."""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from guide import Problem
from guide.engine.filesystem import unmount
from guide.engine.system import STOP_TIMEOUT, admin_environ
from guide.machine import debian
from guide.machine.commands import reason, run, stop
from guide.machine.installing import cached
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing
from guide.machine.waiting import wait_until

# Debian 12's Docker is too old. These programs from testing run there, but testing's runc does not.
FROM_TESTING = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "tini")
# The size at which dockerd collects garbage in the build cache, which slows builds down.
CACHE_LIMIT_GIB = 25


def docker_programs() -> Path:
    """Return the folder of Docker's programs, which are unpacked into the cache once."""

    def unpack(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder.parent) as downloads:
            debian.fetch("testing", FROM_TESTING, Path(downloads))
            for package in Path(downloads).glob("*.deb"):
                failing = f"{package.name} could not be unpacked"
                run("dpkg-deb", "-x", package, folder, failing=failing)

    return cached("engine/docker", unpack, "engine")


@contextmanager
def running_dockerd(
    data: Path, folder: Path, settings: Mapping[str, object]
) -> Iterator[dict[str, str]]:
    """Run dockerd with its sockets and PID files in `folder`. Yield the client's environment.

    `settings` are added to its daemon.json.
    """
    tree = docker_programs()
    socket = f"unix://{folder}/docker.sock"
    configuration = {
        "data-root": str(data),
        "exec-root": str(folder / "exec"),
        "pidfile": str(folder / "docker.pid"),
        "hosts": [socket],
        "builder": {
            "gc": {
                "enabled": True,
                "policy": [{"all": True, "maxUsedSpace": f"{CACHE_LIMIT_GIB}GiB"}],
            }
        },
        **settings,
    }
    (folder / "daemon.json").write_text(json.dumps(configuration))
    plugins = str(tree / "usr/libexec/docker/cli-plugins")
    (folder / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [plugins]}))
    environ = {
        **os.environ,
        "PATH": f"{tree}/usr/bin:{tree}/usr/sbin:{admin_environ()['PATH']}",
        "DOCKER_HOST": socket,
        "DOCKER_CONFIG": str(folder),
    }
    log = folder / "dockerd.log"
    with log.open("wb") as output:
        # A new session, so that Ctrl-C in the terminal interrupts only this process, which stops
        # dockerd after it has cleaned up.
        daemon = subprocess.Popen(
            ["dockerd", "--config-file", str(folder / "daemon.json")],
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    try:
        with doing("engine", "starting Docker"):
            _wait_until_up(daemon, environ, log)
        yield environ
    finally:
        with uninterrupted():
            _stop(daemon, folder, data)


def _wait_until_up(daemon: subprocess.Popen[bytes], environ: dict[str, str], log: Path) -> None:
    def answers() -> bool:
        if daemon.poll() is not None:
            raise Problem(f"The private Docker engine did not start: {reason(log.read_text())}")
        info = ("docker", "info")
        failing = "docker info failed"
        return not run(*info, env=environ, check=False, failing=failing, timeout=60).returncode

    def failing() -> str:
        return f"The private Docker engine did not answer ({reason(log.read_text())})"

    wait_until(answers, timeout=60, failing=failing)


def _die_with_parent() -> None:
    """Ask the kernel to stop dockerd if this process is killed."""
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _stop(daemon: subprocess.Popen[bytes], *folders: Path) -> None:
    """Stop dockerd, and unmount anything that it leaves mounted in its folders."""
    stop(daemon, STOP_TIMEOUT)
    unmount(lambda _, path: any(path.is_relative_to(folder) for folder in folders))

"""Start a private engine, with Docker from Debian testing, while a block runs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.engine import daemon, leftovers, network, recovery, release_api
from guide.engine.docker import ALL_RUNS_PREFIX, Engine
from guide.engine.filesystem import file_system
from guide.machine import debian
from guide.machine.interrupts import UninterruptedExit
from guide.machine.locks import exclusive
from guide.start.environment import cache_dir

# The commands in the examples' READMEs need curl and openssl.
PACKAGES = (
    "ca-certificates",
    "curl",
    "debian-archive-keyring",
    "e2fsprogs",
    "iproute2",
    "iptables",
    "mmdebstrap",
    "mount",
    "openssl",
    "runc",
)
# The state of the network before the engine was started, in the engine's folder in the cache.
STATE_FILE = "network-before.json"
# The lock of the private engine, in the same folder.
LOCK = "lock"
# Prefix of the folders under /run that contain the sockets of engines.
RUN_FOLDER_PREFIX = "guide-engine-"


@contextmanager
def private_engine(timed: bool) -> Iterator[Engine]:
    """Start a private engine, and stop it after the block. Only one process can use it at a time.

    Unless builds are `timed`, its cache is pruned while the block runs.
    """
    home = cache_dir() / "engine"
    home.mkdir(parents=True, exist_ok=True)
    with UninterruptedExit() as stack:
        stack.enter_context(exclusive(home / LOCK, "engine"))
        debian.install(*PACKAGES)
        state_file = home / STATE_FILE
        recovery.recover(state_file)
        # Under /run, because the path of a socket can have at most 107 characters.
        run_folder = tempfile.TemporaryDirectory(prefix=RUN_FOLDER_PREFIX, dir="/run")
        folder = Path(stack.enter_context(run_folder))
        firewall_settings = stack.enter_context(network.restored_network(state_file, folder))
        disk = stack.enter_context(file_system(home, folder / "fs"))
        settings = {"bip": f"{release_api.ADDRESS}/16", **firewall_settings}
        environ = stack.enter_context(daemon.running_dockerd(disk / "data", folder, settings))
        engine = Engine(environ, private=True)
        if disk != home:
            engine.temporary = str(disk)
        leftovers.remove_leftovers(engine, ALL_RUNS_PREFIX)
        stack.callback(leftovers.remove_leftovers, engine, ALL_RUNS_PREFIX)
        stack.enter_context(engine.pruned(first=timed))
        stack.enter_context(release_api.serve_release_api())
        yield engine


@contextmanager
def second_engine(engine: Engine, *images: str) -> Iterator[Engine]:
    """Start a second private engine with copies of `images` and an empty cache.

    It uses the image store that can export its cache. Its build steps have no network.
    """
    # The firewall and the bridge belong to the first engine. `bridge: none` would remove it.
    settings = {"features": {"containerd-snapshotter": True}, **network.NO_FIREWALL_SETTINGS}
    # Inside the first engine's folder, so that cleaning up after a killed run stops both engines.
    first_folder = engine.environ["DOCKER_CONFIG"]
    with UninterruptedExit() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-builder-"))
        run_folder = tempfile.TemporaryDirectory(prefix="second-", dir=first_folder)
        folder = Path(stack.enter_context(run_folder))
        environ = stack.enter_context(daemon.running_dockerd(Path(data), folder, settings))
        second = Engine(environ, private=True)
        engine.docker("save", "--output", f"{data}/images.tar", *images)
        second.docker("load", "--input", f"{data}/images.tar")
        yield second

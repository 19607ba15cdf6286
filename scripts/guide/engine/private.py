"""A private engine: Docker from Debian testing, started for as long as it is needed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.engine import daemon, leftovers, network, recovery, release_api
from guide.engine.docker import ALL_RUNS, Engine
from guide.engine.filesystem import file_system
from guide.machine import debian
from guide.machine.interrupts import UninterruptedExit
from guide.machine.locks import exclusive
from guide.start.environment import cache_dir

# curl and openssl are for the commands of the READMEs.
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
# How the network was before the engine was started, in the folder of the engine in the cache.
STATE_FILE = "network-before.json"
# The lock of the private engine, in that folder.
LOCK = "lock"
# How the names of the folders under /run begin in which engines have their sockets.
RUN_FOLDERS = "guide-engine-"


@contextmanager
def private_engine(timed: bool) -> Iterator[Engine]:
    """Start a private engine and stop it at the end. One process of this machine has it at a time.

    Unless builds are `timed`, its cache is pruned while it is used.
    """
    home = cache_dir() / "engine"
    home.mkdir(parents=True, exist_ok=True)
    with UninterruptedExit() as stack:
        stack.enter_context(exclusive(home / LOCK, "engine"))
        debian.install(*PACKAGES)
        state_file = home / STATE_FILE
        recovery.recover(state_file)
        # Under /run, because the path of a socket may have 107 characters at most.
        run_folder = tempfile.TemporaryDirectory(prefix=RUN_FOLDERS, dir="/run")
        folder = Path(stack.enter_context(run_folder))
        firewall_settings = stack.enter_context(network.borrowed(state_file, folder))
        disk = stack.enter_context(file_system(home, folder / "fs"))
        settings = {"bip": f"{release_api.ADDRESS}/16", **firewall_settings}
        environ = stack.enter_context(daemon.running(disk / "data", folder, settings))
        engine = Engine(environ, private=True)
        if disk != home:
            engine.temporary = str(disk)
        leftovers.remove_leftovers(engine, ALL_RUNS)
        stack.callback(leftovers.remove_leftovers, engine, ALL_RUNS)
        stack.enter_context(engine.pruned(first=timed))
        stack.enter_context(release_api.answering())
        yield engine


@contextmanager
def second_engine(engine: Engine, *images: str) -> Iterator[Engine]:
    """Start a second private engine with copies of `images` and nothing in its cache.

    It has the image store that can export its cache. Steps have no network.
    """
    # The firewall belongs to the first engine. So does the bridge, but `bridge: none` would remove
    # it.
    settings = {"features": {"containerd-snapshotter": True}, **network.HANDS_OFF}
    # In the folder of the first, so that both are found when this run is killed.
    first_folder = engine.environ["DOCKER_CONFIG"]
    with UninterruptedExit() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-builder-"))
        run_folder = tempfile.TemporaryDirectory(prefix="second-", dir=first_folder)
        folder = Path(stack.enter_context(run_folder))
        environ = stack.enter_context(daemon.running(Path(data), folder, settings))
        second = Engine(environ, private=True)
        engine.docker("save", "--output", f"{data}/images.tar", *images)
        second.docker("load", "--input", f"{data}/images.tar")
        yield second

"""A private engine: Docker from Debian testing, started for as long as it is needed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.engine import daemon, leftovers, network, release_api
from guide.engine.docker import Engine
from guide.engine.filesystem import file_system
from guide.machine import debian
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


@contextmanager
def private_engine(timed: bool) -> Iterator[Engine]:
    """Start a private engine and stop it at the end. One process of this machine has it at a time.

    Unless builds are `timed`, its cache is pruned while it is used.
    """
    home = cache_dir() / "engine"
    home.mkdir(parents=True, exist_ok=True)
    with exclusive(home / "lock", "engine"):
        debian.install(*PACKAGES)
        # Under /run, because the path of a socket may have 107 characters at most.
        with (
            tempfile.TemporaryDirectory(prefix="guide-engine-", dir="/run") as folder,
            file_system(home, Path(folder) / "fs") as disk,
            network.restored(),
            daemon.running(
                disk / "data",
                Path(folder),
                {"bip": f"{release_api.ADDRESS}/16", **network.firewall_settings()},
            ) as environ,
        ):
            engine = Engine(environ, private=True)
            if disk != home:
                engine.temporary = str(disk)
            leftovers.remove(engine)
            try:
                with engine.pruned(first=timed), release_api.answering():
                    yield engine
            finally:
                leftovers.remove(engine)


@contextmanager
def second_engine(engine: Engine, *images: str) -> Iterator[Engine]:
    """Start a second private engine with copies of `images` and nothing in its cache.

    It has the image store that can export its cache. Steps have no network.
    """
    with (
        tempfile.TemporaryDirectory(prefix="guide-builder-") as data,
        tempfile.TemporaryDirectory(prefix="guide-engine-", dir="/run") as folder,
        daemon.running(
            Path(data),
            Path(folder),
            # The firewall belongs to the first engine. So does the bridge, but `bridge: none` would
            # remove it.
            {"features": {"containerd-snapshotter": True}, **network.HANDS_OFF},
        ) as environ,
    ):
        second = Engine(environ, private=True)
        engine.docker("save", "--output", f"{data}/images.tar", *images)
        second.docker("load", "--input", f"{data}/images.tar")
        yield second

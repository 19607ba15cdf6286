"""Pull base images, or build stand-ins for them if no registry answers."""

import json
import os
import subprocess
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from guide import Problem
from guide.engine import stand_ins
from guide.machine.commands import reason, stop_all
from guide.machine.progress import doing
from guide.start.environment import cache_dir

# Parts of the error message if no registry answers, as opposed to a registry that refuses.
UNREACHABLE = ("no such host", "connection refused", "timeout", "unreachable", "misbehaving")
# The file in the cache that lists the images pulled into engines that were already running.
PULLED = "pulled-images.txt"


class Docker(Protocol):
    """Run a docker command, as `Engine.docker` does."""

    def __call__(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]: ...


def provide(docker: Docker, names: list[str], known: Collection[str], private: bool) -> list[str]:
    """Provide the images `names` in an engine, and return the new stand-ins among them.

    `known` are the stand-ins that are already up to date. Stand-ins are built only in a private
    engine, because any other engine must never contain a stand-in under an official name.
    """
    labels: dict[str, str | None] = {}
    for name in names:
        _pull(docker, name, {*known}, private, labels)
    _make(docker, labels)
    return [*labels]


def _pull(
    docker: Docker, name: str, known: set[str], private: bool, labels: dict[str, str | None]
) -> None:
    """Pull an image that the engine does not have.

    If no registry answers, add the required stand-in to `labels`, after the stand-ins that it
    starts from. `labels` maps each to the label of the existing stand-in, or None.
    """
    label = _stand_in_label(docker, name)
    if label == "" or name in known or name in labels:
        return
    with doing("base images", f"pulling {name}"):
        pulled = docker("pull", "--quiet", name, check=False)
    if pulled.returncode == 0:
        if not private:
            _record(name)
        return
    why = reason(pulled.stderr)
    if not private or not any(part in why.lower() for part in UNREACHABLE):
        raise Problem(f"{name} could not be pulled: {why}")
    for base in stand_ins.starts_from(name):
        _pull(docker, base, known, private, labels)
    labels[name] = label


def pulled_images() -> list[str]:
    """Return the images that the guide has pulled into engines that were already running."""
    file = cache_dir() / PULLED
    return sorted({*file.read_text().split()}) if file.exists() else []


def _record(name: str) -> None:
    """Add an image to the list of pulled images."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / PULLED).open("a") as file:
        file.write(f"{name}\n")


def _make(docker: Docker, labels: dict[str, str | None]) -> None:
    """Build stand-ins in parallel, because each keeps about one core busy."""
    futures: dict[str, Future[None]] = {}

    def make(name: str) -> None:
        for base in stand_ins.starts_from(name):
            if base in futures:
                futures[base].result()
        stand_ins.make(docker, name, labels[name])

    # One thread more than there are cores, because one may wait for another.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        try:
            for name in labels:
                futures[name] = pool.submit(make, name)
            for future in futures.values():
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_all()
            raise


def _stand_in_label(docker: Docker, name: str) -> str | None:
    """Return the label of a stand-in, "" for an official image, or None for a missing image."""
    inspected = docker("image", "inspect", name, check=False)
    if inspected.returncode != 0:
        return None
    labels: dict[str, str] = json.loads(inspected.stdout)[0]["Config"].get("Labels") or {}
    return labels.get(stand_ins.LABEL, "")

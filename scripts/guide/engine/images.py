"""Base images: pulled, or made here as stand-ins because no registry answers."""

import json
import os
import subprocess
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from guide import Problem
from guide.engine import stand_ins
from guide.machine.commands import end_all, reason
from guide.machine.progress import doing
from guide.start.environment import cache_dir

# Words in the error of a pull to which no registry answered, unlike a registry that refused.
UNREACHABLE = ("no such host", "connection refused", "timeout", "unreachable", "misbehaving")
# The list of images that were pulled into engines that were already running, in the cache.
PULLED = "pulled-images.txt"


class Docker(Protocol):
    """Run a docker command, as `Engine.docker` does."""

    def __call__(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]: ...


def provide(docker: Docker, names: list[str], known: Collection[str], private: bool) -> list[str]:
    """Make sure that the images `names` are in an engine; return the new stand-ins among them.

    `known` are the stand-ins that were made or checked before. Stand-ins are made in a private
    engine only: another engine never gets an image under a name that is not its own.
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

    Where no registry answers, add to `labels` the stand-ins that are needed, after those that they
    start from, each with the label of the stand-in that exists.
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
    if not private or not any(words in why.lower() for words in UNREACHABLE):
        raise Problem(f"Cannot pull {name}: {why}")
    for base in stand_ins.starts_from(name):
        _pull(docker, base, known, private, labels)
    labels[name] = label


def pulled_images() -> list[str]:
    """Return the images that the guide has pulled into engines that were already running."""
    file = cache_dir() / PULLED
    return sorted({*file.read_text().split()}) if file.exists() else []


def _record(name: str) -> None:
    """Add an image to the list of those that were pulled."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with (cache_dir() / PULLED).open("a") as file:
        file.write(f"{name}\n")


def _make(docker: Docker, labels: dict[str, str | None]) -> None:
    """Make stand-ins side by side, because each keeps one core busy most of the time."""
    futures: dict[str, Future[None]] = {}

    def make(name: str) -> None:
        for base in stand_ins.starts_from(name):
            if base in futures:
                futures[base].result()
        stand_ins.make(docker, name, have=labels[name])

    # One more than there are cores, because one may wait for another.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        try:
            for name in labels:
                futures[name] = pool.submit(make, name)
            for future in futures.values():
                future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise


def _stand_in_label(docker: Docker, name: str) -> str | None:
    """Return None if there is no such image, "" if it is official, else the stand-in's label."""
    inspected = docker("image", "inspect", name, check=False)
    if inspected.returncode != 0:
        return None
    labels: dict[str, str] = json.loads(inspected.stdout)[0]["Config"].get("Labels") or {}
    return labels.get(stand_ins.LABEL, "")

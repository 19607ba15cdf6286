"""Write recordings: JSON files in docs/data/, each with its date, versions, machine and digest."""

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from guide import ROOT
from guide.content.recording_types import Machine, Provenance
from guide.content.recordings import DATA
from guide.engine.docker import Engine
from guide.machine import files
from guide.machine.git import git

_CPU_INFO = Path("/proc/cpuinfo")


def make_provenance(
    engine: Engine | None, images: Iterable[str] | None = None, **tools: str
) -> Provenance:
    """Return the date, the commit, the versions and the machine of a recording.

    `tools` are the versions of uv, Poetry and other programs. `images` are the base images, by
    default all that the engine has provided. Without an engine, the machine and the base images
    are left out.
    """
    origin: Provenance = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit_of(),
        "versions": tools,
    }
    if engine is None:
        return origin
    names = engine.images if images is None else images
    return {
        **origin,
        "versions": {**tools, **engine.versions},
        "machine": _machine(engine),
        "base_images": engine.base_images,
        "stand_ins": [*engine.stand_ins],
        "images": {name: digest for name in names if (digest := engine.image_digest(name))},
    }


@cache
def commit_of(folder: Path = ROOT) -> str:
    """Return the commit of the guide, with "-dirty" if files other than recordings differ."""
    changed = git(folder, "status", "--porcelain", "--", ".", ":!docs/data")
    return git(folder, "rev-parse", "HEAD").strip() + ("-dirty" if changed else "")


def _machine(engine: Engine) -> Machine:
    """Return the machine of the engine, which is a virtual machine on some laptops."""
    info = json.loads(engine.docker("info", "--format", "{{json .}}").stdout)
    machine: Machine = {
        "cores": info["NCPU"],
        "memory": round(info["MemTotal"] / 2**30),
        "system": info["OperatingSystem"],
        "architecture": info["Architecture"],
        "kernel": info["KernelVersion"],
    }
    if info["KernelVersion"] == platform.release() and (cpu := processor()):
        machine["cpu"] = cpu
    return machine


def processor() -> str | None:
    """Return the name of this machine's processor, or None if it is not known."""
    text = _CPU_INFO.read_text() if _CPU_INFO.exists() else ""
    match = re.search(r"(?m)^model name\s*: (.+)$", text)
    return match[1] if match else None


def encoded(content: Mapping[str, object]) -> bytes:
    """Return the JSON text of a recording's file."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def digest(content: Mapping[str, object]) -> str:
    """Return the digest of a recording's content, not counting a digest that it already has."""
    rest = {name: value for name, value in content.items() if name != "digest"}
    return hashlib.sha256(encoded(rest)).hexdigest()


def write_recording(name: str, content: Mapping[str, object]) -> Path:
    """Write the recording `name` with its digest, and return its file."""
    path = DATA / f"{name}.json"
    files.write(path, encoded({**content, "digest": digest(content)}))
    return path

"""Write recordings: JSON files in docs/data/, each with its date, versions, machine and digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from guide.content.recording_types import Provenance
from guide.content.recordings import DATA
from guide.engine.docker import Engine
from guide.machine import files


def make_provenance(engine: Engine | None, **tools: str) -> Provenance:
    """Return the date, the versions and the machine of a recording.

    `tools` are the versions of uv, Poetry and other programs. Without an engine, the machine and
    the base images are left out.
    """
    date = datetime.now(UTC).date().isoformat()
    if engine is None:
        return {"date": date, "versions": tools}
    # The machine of the engine, which is a virtual machine on some laptops.
    machine = json.loads(engine.docker("info", "--format", "{{json .}}").stdout)
    return {
        "date": date,
        "versions": {**tools, **engine.versions},
        "machine": {
            "cores": machine["NCPU"],
            "memory": round(machine["MemTotal"] / 2**30),
            "system": machine["OperatingSystem"],
            "architecture": machine["Architecture"],
        },
        "base_images": engine.base_images,
        "stand_ins": [*engine.stand_ins],
    }


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

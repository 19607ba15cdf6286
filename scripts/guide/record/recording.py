"""Write recordings: JSON files under docs/data/, each with its date, versions and machine."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from guide.content.recordings import DATA
from guide.engine.docker import Engine
from guide.machine import files


def provenance(engine: Engine | None, **tools: str) -> dict:
    """When, with what and on what something was recorded. Memory is in GiB.

    `tools` are uv and Poetry with their versions. Without an engine, because none was needed, they
    are all there is to say.
    """
    date = datetime.now(UTC).date().isoformat()
    if engine is None:
        return {"date": date, "versions": tools}
    machine = json.loads(engine.docker("info", "--format", "{{json .}}").stdout)
    return {
        "date": date,
        "versions": {**tools, **engine.versions},
        # The engine's machine: on a laptop that may be a virtual one.
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


def write(name: str, content: Mapping[str, object]) -> Path:
    """Write the recording `name` and return its file."""
    path = DATA / f"{name}.json"
    files.write(path, encoded(content))
    return path

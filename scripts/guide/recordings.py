"""Recordings: JSON under docs/data/, written by scripts, read by pages, published as they are."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from guide import ROOT, Problem
from guide.engine import Engine

DATA = ROOT / "docs" / "data"


def provenance(engine: Engine, uv: str) -> dict:
    """When, with what and on what something was recorded. Memory is in GiB."""
    machine = json.loads(engine.docker("info", "--format", "{{json .}}").stdout)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"uv": uv, **engine.versions},
        # The engine's machine: on a laptop that may be a virtual one.
        "machine": {
            "cores": machine["NCPU"],
            "memory": round(machine["MemTotal"] / 2**30),
            "system": machine["OperatingSystem"],
            "architecture": machine["Architecture"],
        },
        "base_images": engine.base_images,
        "stand_ins": engine.stand_ins,
    }


def read(name: str) -> dict:
    """The recording `name`, such as "layers/pattern-a-single-stage". Raises Problem if none."""
    path = DATA / f"{name}.json"
    if not path.exists():
        raise Problem(f"There is no recording {name!r}. Make it with scripts/record.")
    return json.loads(path.read_text())


def write(name: str, content: dict) -> Path:
    """Write the recording `name` in one go: a reader sees the old one or the new one."""
    path = DATA / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not in docs/, which is published as it is.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".recording-") as folder:
        part = Path(folder) / path.name
        part.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        part.replace(path)
    return path

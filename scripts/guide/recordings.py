"""Recordings: JSON under docs/data/, written by scripts, read by pages, published as they are."""

import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from guide import ROOT, Problem
from guide.engine import Engine

DATA = ROOT / "docs" / "data"


def provenance(engine: Engine, uv: str) -> dict:
    """When, with what and on what something was recorded. Memory is in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"uv": uv, **engine.versions},
        "machine": {
            "cores": os.cpu_count(),
            "memory": round(memory),
            "system": platform.system(),
            "architecture": platform.machine(),
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
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False) as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
    return path


def names() -> list[str]:
    """Every recording there is."""
    return sorted(str(path.relative_to(DATA).with_suffix("")) for path in DATA.rglob("*.json"))

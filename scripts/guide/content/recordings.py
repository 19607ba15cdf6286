"""Read the recordings: the JSON files under docs/data/, which scripts write and pages show."""

import json

from guide import ROOT, Problem

DATA = ROOT / "docs" / "data"


def read(name: str) -> dict:
    """The recording `name`, such as "layers/pattern-a-single-stage". Raises Problem if none."""
    path = DATA / f"{name}.json"
    if not path.exists():
        raise Problem(f"There is no recording {name!r}. Make it with scripts/record.")
    return json.loads(path.read_text())

"""Publish what the page "Get your files" makes kits of."""

import json

from guide import ROOT
from guide.content.kit_sources import kit_sources
from guide.machine import files

_SOURCES_FILE = ROOT / "docs/downloads/kit-sources.json"


def write_sources() -> None:
    """Write the texts of the examples with marks for names."""
    files.update(_SOURCES_FILE, json.dumps(kit_sources(), ensure_ascii=False).encode())

"""Write a kit as `scripts/kit` asks for."""

import json
import tempfile
import tomllib
from pathlib import Path
from typing import cast

from guide import Problem
from guide.kit.kits import Choice, kits


def write_kit(answers: Path, folder: Path) -> list[str]:
    """Write a kit into a new folder, all of it or nothing. Return the paths of its files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(f"{folder} exists and is not an empty folder. Name a new folder.")
    folder = folder.resolve()
    if folder == Path.cwd():
        raise Problem("The kit replaces its folder as a whole. Name a folder in the current one.")
    (files,) = kits([_read(answers)])
    parent = folder.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=".kit-") as part:
            for file in files:
                path = Path(part, "kit", file["target"])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file["text"].encode())
            # Replaces an empty folder.
            Path(part, "kit").rename(folder)
    except OSError as error:
        raise Problem(f"{folder} cannot be written: {error.strerror}.") from error
    return [file["target"] for file in files]


def _read(path: Path) -> Choice:
    """Read answers and names from a JSON or TOML file. Raises Problem if it is neither."""
    try:
        text = path.read_text()
        choice = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Problem(f"{path} is neither valid JSON nor valid TOML: {error}.") from error
    tables = {"answers", "names"}
    if not isinstance(choice, dict) or not choice.keys() <= tables:
        raise Problem(f"{path} must have the tables answers and names, and nothing else.")
    if not all(isinstance(choice[name], dict) for name in choice):
        raise Problem(f"answers and names in {path} must be tables.")
    return cast(Choice, choice)

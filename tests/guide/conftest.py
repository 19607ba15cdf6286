"""Settings and fixtures for the unit tests of scripts/guide."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from guide.content import examples

# Every run uses the same examples, so that a test fails only after a change. There is no deadline,
# because the machine may be busy, and no database, because a failure prints its example.
settings.register_profile("guide", derandomize=True, deadline=None, database=None, max_examples=50)
settings.load_profile("guide")


@pytest.fixture
def example_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that replaces examples/."""
    folder = tmp_path / "examples"
    folder.mkdir()
    monkeypatch.setattr(examples, "EXAMPLES", folder)
    return folder


@pytest.fixture
def write_example(example_tree: Path) -> Callable[..., Path]:
    """A function that writes an example with the given files into the tree."""

    def write(project: str, files: dict[str, str]) -> Path:
        for name, text in {".gitignore": ".venv/\n*.pyc\n", **files}.items():
            path = example_tree / project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return example_tree / project

    return write

"""Settings and fixtures for the unit tests of scripts/guide."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from guide.content import examples

# The same examples in every run, so that a change is what turns a test red. A loaded machine may
# be slow, and a test that fails prints the example that made it fail: no database is needed.
settings.register_profile("guide", derandomize=True, deadline=None, database=None, max_examples=50)
settings.load_profile("guide")


@pytest.fixture
def example_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that stands for examples/."""
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

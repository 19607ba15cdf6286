"""The Python behind the guide's pages, recordings and tests.

The packages import one way, in the order that pyproject.toml lists for import-linter.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Problem(Exception):
    """An error that a person can fix. The text is one line: what is wrong and what to do."""

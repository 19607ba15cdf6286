"""Let Poetry ask the machine that runs this container about single releases.

Python imports this module whenever it starts. Nothing but Poetry is changed.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys

# Not imported from typing, which would slow down every start of Python.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

RELEASE_API = "http://172.17.0.1:8417"


class PoetryFinder(importlib.abc.MetaPathFinder):
    """Replace the request of Poetry's repository class for a single release."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != "poetry.repositories.pypi_repository":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            replace_request(module.PyPiRepository)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def replace_request(repository: Any) -> None:
    """Make the class ask the release API instead of the index for a single release."""
    request = repository._get

    def get(self: Any, endpoint: str, *arguments: Any, **options: Any) -> Any:
        words = endpoint.strip("/").split("/")
        if len(words) != 4 or words[0] != "pypi" or words[3] != "json":
            return request(self, endpoint, *arguments, **options)
        answer = self.session.get(f"{RELEASE_API}/{words[1]}/{words[2]}")
        return answer.json() if answer.status_code == 200 else None

    repository._get = get


sys.meta_path.insert(0, PoetryFinder())

"""Make Poetry request single releases from the machine that runs this container.

Python imports this module whenever it starts. Only Poetry is affected.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys

# Importing this from typing would slow down every start of Python.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

RELEASE_API = "http://172.17.0.1:8417"


class PoetryFinder(importlib.abc.MetaPathFinder):
    """Replace the method of Poetry's repository class that requests a single release."""

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
    """Make the class request single releases from the release API instead of the index."""
    request = repository._get

    def get(self: Any, endpoint: str, *arguments: Any, **options: Any) -> Any:
        parts = endpoint.strip("/").split("/")
        if len(parts) != 4 or parts[0] != "pypi" or parts[3] != "json":
            return request(self, endpoint, *arguments, **options)
        answer = self.session.get(f"{RELEASE_API}/{parts[1]}/{parts[2]}")
        return answer.json() if answer.status_code == 200 else None

    repository._get = get


sys.meta_path.insert(0, PoetryFinder())

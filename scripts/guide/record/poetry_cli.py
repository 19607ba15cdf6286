"""Run Poetry with the releases of a package index up to one day. The index may be a mirror.

Poetry's own Python runs this file. Poetry requests single releases from the JSON API, which a
mirror may not have. The response is then created from the simple API. Poetry also cannot limit
releases to a date, so newer files are removed from the responses about projects.
"""

import os
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2]))

from poetry.console.application import main
from poetry.repositories.pypi_repository import PyPiRepository

from guide.engine.release_api import release

get_from_index = PyPiRepository._get


def get(self: Any, endpoint: str, *arguments: Any, **options: Any) -> Any:
    """Return the response of the package index, changed as the module describes."""
    answer = get_from_index(self, endpoint, *arguments, **options)
    parts = endpoint.strip("/").split("/")
    if answer is None and len(parts) == 4 and parts[-1] == "json":
        return release(f"{self._base_url}simple", parts[1], parts[2])
    if answer is not None and parts[0] == "simple":
        latest = os.environ["UV_EXCLUDE_NEWER"]
        files = answer["files"]
        answer["files"] = [each for each in files if each.get("upload-time", "") < latest]
    return answer


PyPiRepository._get = get
sys.exit(main())

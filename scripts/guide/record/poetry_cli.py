"""Run Poetry against a package index that may be a mirror, as it was on one day.

Poetry's own Python runs this file. A mirror may only have the simple API, although Poetry asks the
JSON API about single releases: the answer is then made from the simple API. Poetry cannot limit
releases to a date either, so newer files are removed from the answers about projects.
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
    """Answer a request of Poetry to the package index."""
    answer = get_from_index(self, endpoint, *arguments, **options)
    words = endpoint.strip("/").split("/")
    if answer is None and len(words) == 4 and words[-1] == "json":
        return release(f"{self._base_url}simple", words[1], words[2])
    if answer is not None and words[0] == "simple":
        latest = os.environ["UV_EXCLUDE_NEWER"]
        files = answer["files"]
        answer["files"] = [each for each in files if each.get("upload-time", "") < latest]
    return answer


PyPiRepository._get = get
sys.exit(main())

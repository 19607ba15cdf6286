"""Read which uv and which Poetry the Dockerfiles of the two migration examples pin."""

import re

from guide import Problem
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import Example, example


def poetry_version(project: Example) -> str:
    """The version of Poetry that the project's Dockerfile installs."""
    found = re.search(r"poetry==(\d+\.\d+\.\d+)", project.dockerfile_text)
    if found is None:
        raise Problem(f"{project.name} has to pin Poetry: poetry==X.Y.Z.")
    return found[1]


def tools() -> dict[str, str]:
    """The versions of both tools in the Dockerfiles."""
    return {"uv": example(AFTER).uv_version, "poetry": poetry_version(example(BEFORE))}

"""Read the versions of uv and Poetry that the Dockerfiles of the two migration examples pin."""

from guide import Problem
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import Example, example


def poetry_version(project: Example) -> str:
    """Return the version of Poetry that an example's Dockerfile installs."""
    words = (
        word
        for instruction in project.parsed.instructions
        for command in instruction.commands
        for word in command.words
    )
    for word in words:
        name, _, version = word.partition("==")
        if name == "poetry" and version:
            return version
    raise Problem(f"The Dockerfile of {project.name} must pin Poetry: poetry==X.Y.Z.")


def tools() -> dict[str, str]:
    """Return the versions of uv and Poetry, keyed by tool."""
    return {"uv": example(AFTER).uv_version, "poetry": poetry_version(example(BEFORE))}

"""Run an example's pinned version of Poetry in a container."""

from pathlib import Path

from guide.content.edits import RunPackageManager
from guide.content.examples import Example
from guide.content.tool_versions import poetry_version
from guide.engine.docker import PREFIX, Engine
from guide.engine.private_server import PrivateServer
from guide.engine.uv import PYTHON_IMAGE, project_options


def install_poetry(project: Example) -> str:
    """Return the command line that installs the project's version of Poetry."""
    return f"pip install --quiet --no-cache-dir poetry=={poetry_version(project)}"


def build_poetry_image(engine: Engine, project: Example) -> str:
    """Build an image with the project's version of Poetry, and return its tag."""
    tag = f"{PREFIX}/poetry"
    text = f"FROM {PYTHON_IMAGE}\nRUN {install_poetry(project)}\nWORKDIR /project\n"
    engine.build_text(text, tag)
    return tag


def poetry_in_container(
    engine: Engine, project: Example, private: PrivateServer
) -> RunPackageManager:
    """Return a function that runs Poetry on a folder, as `uv_in_container` does for uv."""
    image = build_poetry_image(engine, project)

    def poetry(folder: Path, arguments: list[str]) -> None:
        options = (*project_options(folder), "--env=HOME=/tmp", *private.run_options)
        engine.run(image, "poetry", *arguments, options=options)

    return poetry

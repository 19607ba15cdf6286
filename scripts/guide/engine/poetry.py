"""Build an image with the Poetry that an example pins."""

from guide.content.examples import Example
from guide.content.tool_versions import poetry_version
from guide.engine import layers
from guide.engine.docker import PREFIX, Engine


def install_poetry(project: Example) -> str:
    """The command line that installs the project's Poetry."""
    return f"pip install --quiet --no-cache-dir poetry=={poetry_version(project)}"


def poetry_image(engine: Engine, project: Example) -> str:
    """The tag of an image with the project's Poetry."""
    tag = f"{PREFIX}/poetry"
    text = f"FROM {layers.LOCKING}\nRUN {install_poetry(project)}\nWORKDIR /project\n"
    engine.build_text(text, tag)
    return tag

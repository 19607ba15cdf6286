"""Run an example's pinned version of uv in a container."""

from pathlib import Path

from guide.content.edits import ANOTHER_UV, RunPackageManager
from guide.content.examples import Example
from guide.engine.docker import PREFIX, Engine
from guide.engine.private_server import PrivateServer

# The Python image in which uv and Poetry run. Lockfiles do not depend on the Python version.
PYTHON_IMAGE = "python:3.14-slim-trixie"

# All Debian packages that the guide's tool images need, in one shared layer.
TOOLS = f"""\
FROM {PYTHON_IMAGE}
RUN apt-get update -qq \\
    && apt-get install -qq --no-install-recommends dnsmasq-base git jq rsync
"""


def edited_uv_image(example: Example) -> str:
    """Return the uv image that replaces the pinned one in the edit "uv"."""
    return example.uv_image.replace(example.uv_version, ANOTHER_UV)


def images_of(example: Example) -> list[str]:
    """Return every image that building, editing and running an example needs."""
    names = [PYTHON_IMAGE, *example.images]
    return [*names, edited_uv_image(example)] if example.has_uv else names


def build_uv_image(engine: Engine, example: Example, with_git: bool = False) -> str:
    """Build an image with Python and the example's version of uv, and return its tag."""
    engine.need_images([PYTHON_IMAGE, *example.parsed.external_images])
    image = f"{PREFIX}/uv-for-{example.name}"
    engine.build_text(
        (TOOLS if with_git else f"FROM {PYTHON_IMAGE}\n")
        + f"COPY --from={example.uv_image} /uv /uvx /usr/local/bin/\n"
        "ENV UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never\nWORKDIR /project\n",
        image,
    )
    return image


def uv_in_container(
    engine: Engine, example: Example, private: PrivateServer | None = None
) -> RunPackageManager:
    """Return a function that runs the example's version of uv on a folder, in a container.

    uv can use the packages of the `private` server. The function raises Problem with uv's error if
    uv fails.
    """
    image = build_uv_image(engine, example, with_git=private is not None)
    server = private.run_options if private else ()

    def uv(folder: Path, arguments: list[str]) -> None:
        engine.run(image, "uv", *arguments, options=(*project_options(folder), *server))

    return uv


def project_options(folder: Path) -> tuple[str, ...]:
    """Return `docker run` options that mount a project and run as the owner of its files."""
    owner = folder.stat()
    mount = f"type=bind,source={folder},target=/project"
    return ("--user", f"{owner.st_uid}:{owner.st_gid}", "--mount", mount)

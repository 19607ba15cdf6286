"""Run the uv that an example pins in a container, because this machine may have no such uv."""

from pathlib import Path

from guide.content.edits import ANOTHER_UV, Uv
from guide.content.examples import Example
from guide.engine.docker import PREFIX, Engine
from guide.engine.private_server import PrivateServer

# The Python that the tools run on. It suits every example, and a lockfile is the same with any.
PYTHON_IMAGE = "python:3.14-slim-trixie"

# All Debian packages that the guide's own images need, in one layer that they share.
TOOLS = f"""\
FROM {PYTHON_IMAGE}
RUN apt-get update -qq \\
    && apt-get install -qq --no-install-recommends dnsmasq-base git jq rsync
"""


def edited_uv_image(example: Example) -> str:
    """The uv image that the edit "uv" puts in place of the pinned one."""
    return example.uv_image.replace(example.uv_version, ANOTHER_UV)


def images_of(example: Example) -> list[str]:
    """Return every image that building, editing and running an example needs."""
    names = [PYTHON_IMAGE, *example.images]
    return [*names, edited_uv_image(example)] if example.has_uv else names


def build_uv_image(engine: Engine, example: Example, with_git: bool = False) -> str:
    """Build an image with the example's uv and a Python for it, and return its tag."""
    engine.need_images([PYTHON_IMAGE, *example.parsed.external_images])
    image = f"{PREFIX}/uv-for-{example.name}"
    engine.build_text(
        (TOOLS if with_git else f"FROM {PYTHON_IMAGE}\n")
        + f"COPY --from={example.uv_image} /uv /uvx /usr/local/bin/\n"
        "ENV UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never\nWORKDIR /project\n",
        image,
    )
    return image


def uv_in_container(engine: Engine, example: Example, private: PrivateServer | None = None) -> Uv:
    """Return a function that runs uv on a folder, in a container with the example's uv.

    uv may use the packages of the `private` server. The function raises Problem with uv's error
    if uv fails.
    """
    image = build_uv_image(engine, example, with_git=private is not None)
    server = private.run_options if private else ()

    def uv(folder: Path, arguments: list[str]) -> None:
        engine.run(image, "uv", *arguments, options=(*project_options(folder), *server))

    return uv


def project_options(folder: Path) -> tuple[str, ...]:
    """Options of `docker run` that mount a project and run as the owner of its files."""
    owner = folder.stat()
    mount = f"type=bind,source={folder},target=/project"
    return ("--user", f"{owner.st_uid}:{owner.st_gid}", "--mount", mount)

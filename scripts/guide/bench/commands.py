"""Time command lines in containers: CI lint jobs, and a sync that has nothing to install."""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from guide.bench.environment import BenchEnvironment
from guide.bench.results import Result
from guide.content.contenders import AFTER, BEFORE, Contender, Tool
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.content.tool_versions import poetry_version
from guide.engine import private_server
from guide.engine.docker import PREFIX
from guide.engine.poetry import build_poetry_image
from guide.engine.uv import PYTHON_IMAGE, build_uv_image
from guide.machine.progress import doing

TIME_COMMAND = Path(__file__).with_name("time_command.py")


@dataclass(frozen=True)
class TimedCommandLine:
    """A command line that is timed in a copy of the shop that this package manager manages.

    `image` selects the image of the container, a key of STARTS. The command runs `times` times, and
    the last run is timed.
    """

    name: str
    title: str
    tool: Tool
    image: str
    line: str
    times: int = 1

    @property
    def start(self) -> str:
        """What the command starts from."""
        return STARTS[self.image]


# What the commands start from, keyed by the names of their images.
STARTS = {
    "python": PYTHON_IMAGE,
    "poetry": "an image with Poetry",
    "uv": "an image with uv",
    "poetry-synced": "an image with Poetry and every package",
    "uv-synced": "an image with uv and every package",
}


def lint_commands() -> list[TimedCommandLine]:
    """Return the commands with which a CI job lints on a runner without a cache."""
    poetry = poetry_version(example(BEFORE))
    lint = "poetry install --only lint && poetry run ruff check ."
    install = f"pip install --disable-pip-version-check --root-user-action=ignore poetry=={poetry}"
    ruff = locked_versions((example(AFTER).folder / "uv.lock").read_text())["ruff"]
    rows: list[tuple[str, str, Tool, str, str]] = [
        ("poetry", "Poetry, installed by the job", "poetry", "python", f"{install} && {lint}"),
        ("poetry-in-the-image", "Poetry, in the job's image", "poetry", "poetry", lint),
        ("uv", "uv, one group", "uv", "uv", "uv run --locked --only-group lint ruff check ."),
        ("uvx", "uvx, ruff alone", "uv", "uv", f"uvx ruff@{ruff} check ."),
    ]
    return [TimedCommandLine(*row) for row in rows]


def sync_commands() -> list[TimedCommandLine]:
    """Return the command of each tool that verifies that everything is installed."""
    poetry, uv = "poetry install --all-extras", "uv sync --locked --all-groups --all-extras"
    return [
        TimedCommandLine("poetry", "poetry install", "poetry", "poetry-synced", poetry, 2),
        TimedCommandLine("uv", "uv sync", "uv", "uv-synced", uv, 2),
    ]


def time_command(environment: BenchEnvironment, command: TimedCommandLine) -> Result:
    """Time a command line in a new container."""
    image = _command_image(environment, command)
    options = ["--user=0", *environment.private.run_options]
    script = 'python -c "$0" "$1" "$2"'
    if not command.image.endswith("-synced"):
        project = environment.projects[
            BEFORE if command.tool == "poetry" else AFTER, command.tool, "cold"
        ]
        options.append(f"--mount=type=bind,source={project},target=/original,readonly")
        script = f"cp -r /original /job && cd /job && {script}"
    arguments = (TIME_COMMAND.read_text(), command.line, str(command.times))
    done = environment.engine.run(image, "sh", "-c", script, *arguments, options=tuple(options))
    seconds = round(float(done.stdout.split()[-1]), 3)
    return {"timings": {"command": {"seconds": seconds}}}


def _command_image(environment: BenchEnvironment, command: TimedCommandLine) -> str:
    """Return the image that a command runs in, and build it on first use."""
    if command.image not in environment.images:
        environment.images[command.image] = _build_command_image(environment, command)
    return environment.images[command.image]


def _build_command_image(environment: BenchEnvironment, command: TimedCommandLine) -> str:
    if command.image == "python":
        return PYTHON_IMAGE
    if command.image == "uv":
        return build_uv_image(environment.engine, example(AFTER))
    if command.image == "poetry":
        return build_poetry_image(environment.engine, example(BEFORE))
    return _build_synced_image(environment, command)


SYNCED_DOCKERFILE = """
FROM {base}
ENV {setting}
WORKDIR /project
COPY . .
RUN --mount=type=secret,id=package_password,env={variable}_PASSWORD \\
    {variable}_USERNAME={user} {line}
"""


def _build_synced_image(environment: BenchEnvironment, command: TimedCommandLine) -> str:
    """Build an image in which the command has installed every package."""
    text = SYNCED_DOCKERFILE.format(
        base=_command_image(environment, replace(command, image=command.tool)),
        # The uv image disables the cache. On a laptop, uv has one.
        setting="UV_NO_CACHE=0" if command.tool == "uv" else "POETRY_VIRTUALENVS_IN_PROJECT=1",
        variable="UV_INDEX_ACME" if command.tool == "uv" else "POETRY_HTTP_BASIC_ACME",
        user=private_server.JOB_TOKEN_USER,
        line=command.line,
    )
    tag = f"{PREFIX}/{command.image}:{secrets.token_hex(4)}"
    with doing("bench", f"an image with everything installed by {command.tool}"):
        contender = Contender(command.image, "", "shop", command.tool, text)
        environment.build(contender, "cold", tag)
    return tag

"""Record the options of Docker, Poetry and pip commands.

The tests compare the commands in the text of pages with them. The options of uv are not recorded,
because uv itself checks a command within milliseconds. Docker's command cannot do that in every
test run: it is missing on a machine without an engine.
"""

import json
import os
import re
import tempfile
from pathlib import Path

from guide import ROOT
from guide.content.tool_versions import tools
from guide.engine.daemon import docker_programs
from guide.engine.running import why_unusable
from guide.machine import files
from guide.machine.commands import run
from guide.machine.progress import doing
from guide.record.installed_poetry import poetry_python
from guide.start.environment import find_uv

PATH = ROOT / "tests/pages/command_options.json"

# The commands of which the help text is read. Poetry lists all of its commands with their options.
DOCKER_COMMANDS = (
    *("docker", "docker build", "docker builder", "docker builder prune"),
    *("docker buildx", "docker buildx build", "docker buildx create"),
    *("docker compose", "docker compose build", "docker compose config", "docker compose down"),
    *("docker compose exec", "docker compose logs", "docker compose ps"),
    *("docker compose run", "docker compose up", "docker compose watch", "docker exec"),
    *("docker history", "docker images", "docker inspect", "docker logs", "docker ps"),
    *("docker pull", "docker push", "docker run", "docker save", "docker stop"),
    *("docker system", "docker system df"),
)
PIP_COMMANDS = ("pip", "pip check", "pip install", "pip list")

# A line of a help text, such as "  -f, --file string   Name of the Dockerfile".
_OPTION = re.compile(r" {1,8}(-\S.*?)(?: {2}|$)")

# Maps an option to whether a value follows it.
Options = dict[str, bool]


def write_command_options() -> Path:
    """Write the options of the commands and the versions of the programs, and return the file."""
    with tempfile.TemporaryDirectory(prefix="guide-options-") as folder:
        with doing("options", "Docker"):
            docker, environ = _docker(Path(folder))
            options = {
                each: options_in(_ask(docker, *each.split()[1:], "--help", **environ))
                for each in DOCKER_COMMANDS
            }
            versions = {
                "docker": _ask(docker, "--version", **environ),
                "buildx": _ask(docker, "buildx", "version", **environ),
                "compose": _ask(docker, "compose", "version", **environ),
            }
        with doing("options", "Poetry"):
            script = Path(__file__).with_name("list_poetry_options.py")
            options |= json.loads(_ask(poetry_python(), "-P", script))
            versions["poetry"] = tools()["poetry"]
        with doing("options", "pip"):
            pip = (find_uv(), "tool", "run", "--quiet", "pip")
            for each in PIP_COMMANDS:
                options[each] = options_in(_ask(*pip, *each.split()[1:], "--help"))
            versions["pip"] = _ask(*pip, "--version")
    # One line for each command. "=" follows an option with a value.
    lines = {
        command: " ".join(sorted(f"{name}=" if value else name for name, value in each.items()))
        for command, each in sorted(options.items())
    }
    numbers = {name: _version(text) for name, text in versions.items()}
    content = {"versions": numbers, "commands": lines}
    files.write(PATH, (json.dumps(content, indent=2) + "\n").encode())
    return PATH


def options_in(help_text: str) -> Options:
    """Return the options that a help text of Docker or pip lists."""
    options: Options = {}
    for line in help_text.splitlines():
        if match := _OPTION.match(line):
            names = re.findall(r"(?<!\w)--?[A-Za-z][\w-]*", match[1])
            has_value = not match[1].endswith(names[-1])
            options |= dict.fromkeys(names, has_value)
    return options


def _docker(folder: Path) -> tuple[str, dict[str, str]]:
    """Return Docker's command and its environment. It needs no engine to print help texts."""
    if why_unusable() is None:
        return "docker", {}
    tree = docker_programs()
    (folder / "cli-plugins").symlink_to(tree / "usr/libexec/docker/cli-plugins")
    return str(tree / "usr/bin/docker"), {"DOCKER_CONFIG": str(folder)}


def _ask(*command: object, **environ: str) -> str:
    environ = {**os.environ, "COLUMNS": "200", **environ}
    return run(*command, failing=f"{command[0]} failed", env=environ).stdout


def _version(text: str) -> str:
    match = re.search(r"\d+(?:\.\d+)+", text)
    return match[0] if match else text

"""What each command of uv installs in one example: its packages, by the command."""

from guide.catalogue import Example
from guide.engine import Engine
from guide.layers import uv_image

EXAMPLE = "dependency-groups"
COMMANDS = (
    "uv sync --locked",
    "uv sync --locked --no-dev",
    "uv sync --locked --no-default-groups",
    "uv sync --locked --no-default-groups --group prod",
    "uv sync --locked --no-default-groups --group test",
    "uv sync --locked --group lint",
    "uv sync --locked --only-group lint",
    "uv sync --locked --only-dev",
    "uv sync --locked --all-groups",
    "uv sync --locked --all-extras",
)

# Each into an environment of its own, with one cache for all of them.
SCRIPT = """
set -eu
cp -r /example/. .
unset UV_NO_CACHE
export UV_CACHE_DIR=/tmp/cache UV_PROJECT_ENVIRONMENT=/tmp/venv
for command; do
    rm -rf /tmp/venv .venv
    $command --quiet
    echo "$ $command"
    uv pip freeze --quiet --python /tmp/venv | sed 's/[= ].*//'
done
"""


def measure(engine: Engine, example: Example) -> list[dict]:
    """The names of the packages after each command, from an empty environment."""
    options = ("--mount", f"type=bind,source={example.folder},target=/example,readonly")
    image = uv_image(engine, example)
    printed = engine.run(image, "sh", "-c", SCRIPT, "sh", *COMMANDS, options=options).stdout
    found = []
    for line in printed.splitlines():
        if line.startswith("$ "):
            found.append({"command": line[2:], "packages": []})
        else:
            found[-1]["packages"].append(line)
    return found

"""The move of the shop from Poetry to uv, typed command by command, with what was printed."""

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem
from guide.content.contenders import AFTER, BEFORE
from guide.content.edits import copy
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.engine import private_server
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.poetry import install_poetry
from guide.engine.uv import PYTHON_IMAGE, TOOLS
from guide.machine.commands import reason
from guide.machine.progress import doing

TOOL = "migrate-to-uv@0.12.0"
IN_DEV = "--dependency-groups-strategy include-in-dev"
# The names and versions of a lockfile, whichever of the two tools wrote it.
VERSIONS = "versions() { grep -A1 '^name = ' $1 | grep -o '\"[^\"]*\"' | paste - - | sort; }"
# What Poetry has to be told besides what it shares with uv.
FOR_POETRY = """\
cat >> pyproject.toml <<'END'

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
acme-vat = { source = "acme" }

[[tool.poetry.source]]
name = "acme"
url = "http://packages.example.com:8419/simple/"
priority = "explicit"
END"""

# Each part of the page with the commands that are typed in it.
PARTS: dict[str, list[str]] = {
    "refused": [f"uvx {TOOL}"],
    "ranges": [
        'sed -i \'s/"^6.4 || ^7.0"/">=6.4,<8"/\' pyproject.toml',
        "poetry lock",
        "git commit --quiet --all --message 'A range that uv understands too'",
    ],
    "converted": [f"uvx {TOOL} {IN_DEV}", "git status --short"],
    "compared": [
        f"{VERSIONS}\ndiff <(git show HEAD:poetry.lock | versions) <(versions uv.lock)",
        "uv lock --check",
    ],
    "both": [
        "git restore poetry.lock",
        FOR_POETRY,
        "poetry lock",
        f"{VERSIONS}\ndiff <(versions poetry.lock) <(versions uv.lock)",
        "poetry check --lock && uv lock --check",
        "git add --all && git commit --quiet --message 'Lock with uv as well'",
    ],
    "back": ["git revert --no-edit HEAD", "poetry check --lock --quiet", "ls *.lock"],
}
# Ends with an error: the tool refuses, and the lockfiles differ in the project itself.
ENDS_WITH_ONE = {PARTS["refused"][0], PARTS["compared"][0], PARTS["both"][3]}


@dataclass
class Move:
    """A copy of the project before the move, in a container with both tools."""

    engine: Engine
    container: str
    folder: Path
    parts: dict[str, list[dict]] = field(default_factory=dict)

    def type(self, text: str) -> dict:
        """Run a command line with bash; returns it with its output and exit code."""
        command = ("exec", self.container, "bash", "-c", f"exec 2>&1\n{text}")
        with doing("move", text.partition("\n")[0]):
            done = self.engine.docker(*command, check=False)
        return {"text": text, "output": _normalised(done.stdout), "exit_code": done.returncode}

    def take(self, part: str) -> None:
        """Type the commands of a part. Raises Problem when one ends as it should not."""
        self.parts[part] = []
        for text in PARTS[part]:
            typed = self.type(text)
            if typed["exit_code"] != (1 if text in ENDS_WITH_ONE else 0):
                why = reason(typed["output"])
                raise Problem(f"{text!r} ended with code {typed['exit_code']}: {why}")
            self.parts[part].append(typed)

    def read(self, name: str = "pyproject.toml") -> str:
        """A file of the project as it is now."""
        return (self.folder / name).read_text()


@contextmanager
def begun(engine: Engine) -> Iterator[Move]:
    """A Move that has not begun: the project before it, committed to a Git repository."""
    before, after = example(BEFORE), example(AFTER)
    image = f"{PREFIX}/move"
    engine.need_images([PYTHON_IMAGE, *after.parsed.external_images])
    engine.build_text(
        f"{TOOLS}RUN {install_poetry(before)}\nWORKDIR /project\n"
        f"COPY --from={after.uv_image} /uv /uvx /usr/local/bin/\n"
        "ENV UV_CACHE_DIR=/tmp/uv UV_PYTHON_DOWNLOADS=never POETRY_VIRTUALENVS_CREATE=false\n",
        image,
    )
    with (
        private_server.started(engine, after) as private,
        tempfile.TemporaryDirectory(prefix="guide-move-") as home,
    ):
        folder = copy(before, Path(home) / "shop")
        options = ["--detach", "--label", LABEL, *private.run_options, "--env=HOME=/tmp"]
        options += [f"--user={folder.stat().st_uid}:{folder.stat().st_gid}"]
        options += [f"--mount=type=bind,source={folder},target=/project"]
        name = f"{PREFIX}-move-{secrets.token_hex(4)}"
        started = engine.docker("run", *options, "--name", name, image, "sleep", "infinity")
        container = started.stdout.strip()
        try:
            move = Move(engine, container, folder)
            identity = "git config --global user.name Dev && git config --global user.email d@e.f"
            move.type(f"{identity} && git init --quiet && git add --all && git commit -qm Before")
            yield move
        finally:
            engine.docker("rm", "--force", "--volumes", container, check=False)


def recording(engine: Engine) -> dict:
    """Every part as it came out, and pyproject.toml as the tool left it and with both tools."""
    with begun(engine) as move:
        return carried_out(move)


def carried_out(move: Move) -> dict:
    """The same of a move that has not begun."""
    kept = {}
    was = locked_versions(move.read("poetry.lock"))
    for part in PARTS:
        move.take(part)
        if part in {"converted", "both"}:
            kept[part] = move.read()
        if part == "converted":
            now = locked_versions(move.read("uv.lock"))
    other = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    return {
        "tool": TOOL,
        "parts": move.parts,
        "pyproject": kept,
        "packages": len(now),
        "other_versions": other,
    }


def _normalised(output: str) -> str:
    """The output without what differs from run to run."""
    kept = [
        line
        for line in output.splitlines()
        if not re.match(r"Using CPython|Installed \d+ package|\s*Download|\s*Date:", line)
    ]
    text = "\n".join(kept).strip("\n")
    text = re.sub(r"\bin \d+(\.\d+)?m?s\b", "in …", text)
    return re.sub(r"(?m)^\[\w+ \w{7,}]", "[main …]", text)

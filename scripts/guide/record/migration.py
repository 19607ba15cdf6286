"""Record the migration of the shop from Poetry to uv, command by command."""

import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.content.contenders import AFTER, BEFORE
from guide.content.edits import copy
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.content.recording_types import MigrationContent, RecordedCommand
from guide.engine import private_server
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.poetry import install_poetry
from guide.engine.private_server import PrivateServer
from guide.engine.uv import PYTHON_IMAGE, TOOLS, project_options
from guide.machine.commands import reason
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

TOOL = "migrate-to-uv@0.12.0"
HOOKS = "pre-commit@4.7.0"
IN_DEV = "--dependency-groups-strategy include-in-dev"
# A shell function that lists the names and versions in a lockfile of either tool. uv normalises
# names, and Poetry does not.
VERSIONS = (
    "versions() { grep -A1 '^name = ' $1 | cut -sd'\"' -f2 | paste - - "
    """| awk '{gsub(/[._]/, "-", $1); print tolower($1), $2}' | sort; }"""
)
# A command that adds the settings that only Poetry needs.
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

# The lines of other files that name Poetry, or that rely on pip or on the system's Python.
LEFT = (
    "git grep -iE 'poetry|(^|[^a-z-])pip3? |site-packages|/usr/local/bin/|install-types' "
    "-- ':!*.lock' ':!pyproject.toml'"
)

# The commands of each part of the page.
PARTS: dict[str, list[str]] = {
    "refused": [f"uvx {TOOL}"],
    "ranges": [
        'sed -i \'s/"^6.4 || ^7.0"/">=6.4,<8"/\' pyproject.toml',
        "poetry lock",
        "git commit --quiet --all --message 'A range that uv understands too'",
    ],
    "converted": [f"uvx {TOOL} {IN_DEV}", "git status --short"],
    "left": [LEFT.replace("-iE", "-ciE")],
    "left_lines": [LEFT.replace("-iE", "-niE")],
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
    "kept": ["git mv Dockerfile poetry.Dockerfile"],
    "built": [
        "git add --all && git commit --quiet --message 'Build the image with uv'",
        "git show --stat --format= HEAD",
    ],
    "checked": [
        "git add --all && git commit --quiet --message 'Check with uv'",
        f"uvx {HOOKS} run --all-files",
    ],
    "back": [
        "git revert --no-edit HEAD~3..HEAD | grep Revert",
        "poetry check --lock --quiet",
        "git diff --exit-code HEAD~6",
    ],
}
# The files of the converted project that are written by hand before a part.
FILES = {
    "built": ("Dockerfile", "compose.dev.yaml", "dev.sh"),
    "checked": (
        *(".github/workflows/ci.yml", ".gitlab-ci.yml", "renovate.json"),
        *(".pre-commit-config.yaml", "README.md"),
    ),
}
# Commands that exit with code 1: the tool rejects the project, or the lockfiles differ in it.
FAILING_COMMANDS = {PARTS["refused"][0], PARTS["compared"][0], PARTS["both"][3]}


@dataclass
class MigrationContainer:
    """A container with both tools and a copy of the project to migrate."""

    engine: Engine
    container: str
    folder: Path
    private: PrivateServer

    def run(self, text: str) -> RecordedCommand:
        """Run a command line with Bash, and return it with its output and exit code."""
        command = ("exec", self.container, "bash", "-c", f"exec 2>&1\n{text}")
        with doing("migration", text.partition("\n")[0]):
            done = self.engine.docker(*command, check=False)
        return {"text": text, "output": _normalised(done.stdout), "exit_code": done.returncode}

    def run_part(self, part: str) -> list[RecordedCommand]:
        """Run the commands of a part, after its files have been written.

        Raises Problem if a command has an unexpected exit code.
        """
        for name in FILES.get(part, ()):
            shutil.copyfile(example(AFTER).folder / name, self.folder / name)
        return [self._run_expected(text) for text in PARTS[part]]

    def _run_expected(self, text: str) -> RecordedCommand:
        command = self.run(text)
        if command["exit_code"] != (1 if text in FAILING_COMMANDS else 0):
            why = reason(command["output"])
            raise Problem(f"{text!r} exited with code {command['exit_code']}: {why}")
        return command

    def read(self, name: str = "pyproject.toml") -> str:
        """Return the text of a file of the project."""
        return (self.folder / name).read_text()


@contextmanager
def migration_container(engine: Engine) -> Iterator[MigrationContainer]:
    """Yield a container whose project still uses Poetry and is committed to a Git repository.

    Its Dockerfile already copies the lockfile before the code, which is the first step of the page.
    """
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
        private_server.running_private_server(engine, after) as private,
        tempfile.TemporaryDirectory(prefix="guide-move-") as home,
    ):
        if private is None:
            raise Problem(f"{after.name} needs a private server: add one to its folder.")
        folder = copy(before, Path(home) / "shop")
        (folder / "layered.Dockerfile").replace(folder / "Dockerfile")
        options = ("--detach", "--label", LABEL, *private.run_options, "--env=HOME=/tmp")
        name = f"{PREFIX}-move-{secrets.token_hex(4)}"
        run = ("run", *options, *project_options(folder), "--name", name)
        container = engine.docker(*run, image, "sleep", "infinity").stdout.strip()
        try:
            project = MigrationContainer(engine, container, folder, private)
            identity = "git config --global user.name Dev && git config --global user.email d@e.f"
            project.run(f"{identity} && git init --quiet && git add --all && git commit -qm Before")
            yield project
        finally:
            with uninterrupted():
                engine.docker("rm", "--force", "--volumes", container, check=False)


def record_migration(engine: Engine) -> MigrationContent:
    """Run the migration in a new container, and return the content of the recording."""
    with migration_container(engine) as project:
        return migrate(project)


def migrate(project: MigrationContainer) -> MigrationContent:
    """Run every part of the migration in a container whose project still uses Poetry."""
    before = locked_versions(project.read("poetry.lock"))
    first = ("refused", "ranges", "converted", "left", "left_lines")
    parts = {part: project.run_part(part) for part in first}
    converted, after = project.read(), locked_versions(project.read("uv.lock"))
    parts |= {part: project.run_part(part) for part in ("compared", "both")}
    both = project.read()
    parts |= {part: project.run_part(part) for part in ("kept", "built", "checked", "back")}
    names = sorted({*before, *after})
    return {
        "tool": TOOL,
        "parts": parts,
        "pyproject": {"converted": converted, "both": both},
        "packages": len(after),
        "other_versions": [name for name in names if before.get(name) != after.get(name)],
    }


def _normalised(output: str) -> str:
    """Return the output without the parts that differ between runs."""
    kept = [
        line
        for line in output.splitlines()
        if not re.match(r"Using CPython|Installed \d+ package|\s*Download|\s*Date:", line)
    ]
    text = "\n".join(kept).strip("\n")
    text = re.sub(r"\bin \d+(\.\d+)?m?s\b", "in …", text)
    return re.sub(r"(?m)^\[\w+ \w{7,}]", "[main …]", text)

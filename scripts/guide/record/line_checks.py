"""Run the tools of a copy as developers do, and return facts about their results."""

import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

from guide import Problem
from guide.content import line_outcomes
from guide.content.examples import Example
from guide.content.line_items import Item
from guide.engine.isolated import IsolatedBuilder
from guide.engine.transcripts import readme_commands
from guide.engine.uv import build_uv_image, project_options
from guide.machine.commands import reason, tool
from guide.record.line_edits import removing
from guide.record.line_facts import Facts
from guide.record.line_services import compose_project

# Runs a shell command on the copy in a container, and returns its exit code and its output.
Laptop = Callable[[str], tuple[int, str]]
# What developers run. It leaves out a package that needs a compiler, which a slim image lacks.
_SYNC = "uv sync --locked --no-install-package psycopg-c"
# The README's command that starts all services.
_START = "docker compose up --build --wait"


def check_facts(builder: IsolatedBuilder, folder: Path, work: Path, kind: str) -> Facts:
    """Return the facts of a probe that runs tools on a copy.

    `work` is a folder for the virtual environment and uv's cache, which all copies share.
    """
    laptop = _laptop(builder, folder, work)
    if kind == line_outcomes.LAPTOP:
        return {
            "linter rules": str(_linter_rules(folder)),
            "sync": _result(*laptop(_SYNC), passing="succeeds", failing="stops"),
            **_packages(laptop),
        }
    if kind == line_outcomes.TYPES:
        # Without --exact, the packages of another copy would stay in the shared environment.
        return {"check with mypy": _result(*laptop("uv run --locked --exact --quiet mypy ."))}
    return {"tests": _result(*_run_tests(builder, folder, laptop))}


def _laptop(builder: IsolatedBuilder, folder: Path, work: Path) -> Laptop:
    server = builder.private.run_options if builder.private else ()
    image = build_uv_image(builder.engine, builder.example, with_git=builder.private is not None)
    settings = {
        "HOME": "/tmp",
        "UV_NO_CACHE": "false",
        "UV_CACHE_DIR": "/work/cache",
        "UV_PROJECT_ENVIRONMENT": "/work/venv",
    }
    options = (
        *project_options(folder),
        f"--mount=type=bind,source={work},target=/work",
        *(f"--env={name}={value}" for name, value in settings.items()),
        *server,
    )

    def run(command: str) -> tuple[int, str]:
        done = builder.engine.run(image, "sh", "-c", command, options=options, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def _packages(laptop: Laptop) -> Facts:
    """Return what `uv sync` installs on a laptop, and what it installs without the dev group."""
    facts: Facts = {}
    for kind, options in (("development package", ""), ("dependency", " --no-default-groups")):
        export = f"uv export --locked --no-hashes --no-emit-project --no-annotate{options}"
        _, listed = laptop(export)
        names = re.findall(r"(?m)^([\w.-]+)(?:\[\S+\])?(?:==| @)", listed)
        facts |= {f"{kind} {name}": "installed" for name in names}
    return facts


def _run_tests(builder: IsolatedBuilder, folder: Path, laptop: Laptop) -> tuple[int, str]:
    """Run the README's command for the tests before the services have been started."""
    command = test_command(builder.example)
    if not command.startswith("docker "):
        return laptop(command)
    with compose_project(builder, folder, False) as project:
        for each in takewhile(lambda each: each != _START, readme_commands(builder.example)):
            project.run(each)
        done = project.run(command, check=False)
        return done.exit_code, done.output


def tools_facts(builder: IsolatedBuilder, removed: Item | None) -> Facts:
    """Run the tools in the image that contains them, as the CI jobs do."""
    image = builder.build(removing(removed), None, "--target", "test").tag
    facts = {}
    for command in ("ruff check", "mypy .", "pytest"):
        done = builder.engine.run(image, *command.split(), check=False)
        result = _result(done.returncode, done.stdout + done.stderr)
        facts[f"check with {command} in the test image"] = result
    builder.engine.docker("image", "rm", "--force", image, check=False)
    return facts


def _result(code: int, output: str, passing: str = "passes", failing: str = "fails") -> str:
    """Return whether a tool has succeeded, and how many tests passed."""
    if code:
        return f"{failing}: {reason(output)}"
    passed = re.search(r"\b\d+ passed", output)
    warnings = " with warnings" if re.search(r"(?i)\bwarning", output) else ""
    return f"{passed[0] if passed else passing}{warnings}"


def _linter_rules(folder: Path) -> int:
    """Return the number of rules that ruff checks with the settings in a folder."""
    settings = tool("ruff", "check", "--show-settings", "--no-cache", cwd=folder).stdout
    enabled = re.search(r"linter\.rules\.enabled = \[\n(.*?)\n\]", settings, re.DOTALL)
    return enabled[1].count("\n") + 1 if enabled else 0


def test_command(example: Example) -> str:
    """Return the command that runs the tests, which the README names."""
    text = (example.folder / "README.md").read_text()
    commands = re.findall(r"To run the tests, use `([^`]+)`", text)
    if len(commands) != 1:
        raise Problem(f"The README of {example.name} must name the command of its tests once.")
    command: str = commands[0]
    return command.replace("uv run ", "uv run --locked --quiet ")

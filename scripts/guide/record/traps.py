"""Record the results of common errors, by building examples with one change."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from guide import Problem
from guide.content.edits import Edit, RunPackageManager, edit
from guide.content.recording_types import RecordedTrap
from guide.engine import transcripts
from guide.engine.build import BuildFailed
from guide.engine.docker import Engine
from guide.engine.isolated import (
    IsolatedBuilder,
    base_image_arguments,
    empty_cache_mounts,
    fresh_base_images,
)
from guide.engine.private_server import PrivateServer
from guide.engine.terminal import START_TIME_LIMIT

_PRINT_NAMES = (
    "import importlib.metadata as m; print(*[each.metadata['Name'] for each in m.distributions()])"
)


@dataclass(frozen=True)
class TrapOutcome:
    """The result of a trap: the end of the output, and the packages in the image."""

    output: str
    packages: list[str]


@dataclass(frozen=True)
class Trap:
    """A common error. `observe` reproduces it and returns its outcome.

    If the error is a changed line, it replaces `old` with `new` in the Dockerfile. `observe` is
    called with a builder that has built the unchanged example, and with the changed Dockerfile.
    `says` is a regular expression that the output or the list of packages must match, so that
    recording does not replace the error by a different one.
    """

    name: str
    says: str
    observe: Callable[[IsolatedBuilder, str], TrapOutcome]
    old: str = ""
    new: str = ""

    def dockerfile(self, original: str) -> str:
        """Return the changed Dockerfile. Raises Problem unless it contains `old` exactly once."""
        if not self.old:
            return original
        if original.count(self.old) != 1:
            raise Problem(
                f"The Dockerfile must contain {self.old!r} exactly once for the trap {self.name!r}."
            )
        return original.replace(self.old, self.new)

    def is_as_stated(self, output: str, packages: list[str]) -> bool:
        """Return whether an outcome is the error that the trap is about."""
        return re.search(self.says, f"{output}\n{' '.join(packages)}") is not None


def _add_to_pyproject_only(folder: Path, _uv: RunPackageManager) -> None:
    path = folder / "pyproject.toml"
    path.write_text(
        path.read_text().replace("dependencies = [\n", 'dependencies = [\n    "sentry-sdk",\n', 1)
    )


def _require_a_newer_python(folder: Path, _uv: RunPackageManager) -> None:
    for name in ("pyproject.toml", "uv.lock"):
        path = folder / name
        newer, count = re.subn(r'requires-python = "\S+"', NEWER_PYTHON, path.read_text(), count=1)
        if count != 1:
            raise Problem(f"{name} must contain requires-python, which this trap changes.")
        path.write_text(newer)


NEWER_PYTHON = 'requires-python = ">=3.15"'
FORGOT_TO_LOCK = Edit("unlocked", "Add a dependency without locking", _add_to_pyproject_only)
NEEDS_NEWER_PYTHON = Edit("newer-python", "Require a newer Python", _require_a_newer_python)


def packages(engine: Engine, image: str) -> list[str]:
    """Return the names of the packages that the image's Python can import."""
    names = engine.run(image, "python", "-c", _PRINT_NAMES).stdout.split()
    return sorted(map(canonicalize_name, names))


def _observe_packages(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    return TrapOutcome("", packages(builder.engine, builder.build(dockerfile=dockerfile).tag))


def _observe_start(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    image = builder.build(dockerfile=dockerfile).tag
    done = builder.engine.run(image, check=False, timeout=START_TIME_LIMIT)
    return TrapOutcome(_output_from("exec: ", done.stderr), packages(builder.engine, image))


def _observe_checks(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    """Return the error of Django's checks in an image that was built without an error."""
    image = builder.build(dockerfile=dockerfile).tag
    key = ("--env", "DJANGO_SECRET_KEY=x")
    done = builder.engine.run(image, "python", "manage.py", "check", options=key, check=False)
    return TrapOutcome(_output_from("OSError: ", done.stderr), packages(builder.engine, image))


def _observe_stale_lock(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    try:
        # Empty cache mounts make the result independent of the index. If an index does not send
        # cache headers, uv fetches a file again and ignores the wheel that it has built from it.
        image = builder.build(FORGOT_TO_LOCK, dockerfile, *empty_cache_mounts()).tag
    except BuildFailed as failed:
        return TrapOutcome(_output_from("error: ", failed.output), [])
    done = builder.engine.run(image, "python", "-c", "import sentry_sdk", check=False)
    output = _output_from("ModuleNotFoundError", done.stderr)
    return TrapOutcome(output, packages(builder.engine, image))


def _observe_old_python(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
    return _observe_failure(builder, "error: ", NEEDS_NEWER_PYTHON)


def _observe_missing_token(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
    server = _private_server(builder).with_token(None)
    return _observe_failure(builder.with_private(server), "secret git_token")


def _observe_optional_token(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    server = _private_server(builder).with_token(None)
    return _observe_failure(builder.with_private(server), "fatal: ", None, dockerfile)


def _observe_wrong_token(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
    server = _private_server(builder).with_token("wrong")
    return _observe_failure(builder.with_private(server), "fatal: ")


def _observe_unreachable_server(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
    server = _private_server(builder).unreachable()
    return _observe_failure(builder.with_private(server), "fatal: ")


def _private_server(builder: IsolatedBuilder) -> PrivateServer:
    if builder.private is None:
        raise Problem(f"This trap needs a private server, but {builder.example.name} has none.")
    return builder.private


def _observe_required_hashes(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    return _observe_failure(builder, "error: ", None, dockerfile)


def _observe_failure(
    builder: IsolatedBuilder, start: str, change: Edit | None = None, dockerfile: str | None = None
) -> TrapOutcome:
    """Return the end of the output of a build that must fail. Raises Problem if it succeeds."""
    try:
        # After an edit and with empty cache mounts, so that no step comes from an earlier build.
        builder.build(change or edit("ruff"), dockerfile, *empty_cache_mounts())
    except BuildFailed as failed:
        output = failed.output if start in failed.output else failed.error
        return TrapOutcome(_output_from(start, re.sub(r" after \d+ ms", "", output)), [])
    raise Problem(f"The build of {builder.example.name} must fail, but it succeeded.")


def _planted(commands: str) -> Callable[[IsolatedBuilder, str], TrapOutcome]:
    """Return a function that changes the kept venv between two builds, of which the second fails.

    `commands` run in the folder of the packages.
    """

    def observe(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
        # The change stays in the cache mounts, so each trap has its own. BuildKit does not run a
        # step again because its mounts are empty, but does so on other base images.
        bases = fresh_base_images(builder.engine, builder.example)
        isolation = (*empty_cache_mounts(), *base_image_arguments(bases))
        builder.build(None, None, *isolation)
        builder.build(None, CHANGE_KEPT_VENV + commands, *isolation)
        try:
            builder.build(edit("dependency"), None, *isolation)
        except BuildFailed as failed:
            return TrapOutcome(_output_from("error: ", failed.output), [])
        raise Problem(f"The check of the kept venv did not notice: {commands}")

    return observe


def _observe_cached_wheel(builder: IsolatedBuilder, dockerfile: str) -> TrapOutcome:
    """Return the last line of a file in the image after an edit that appended a line."""
    builder.build(dockerfile=dockerfile)
    image = builder.build(edit("view"), dockerfile).tag
    last_line = "import tracking.views as v; print(open(v.__file__).read().splitlines()[-1])"
    environ = ("--env", "DJANGO_SETTINGS_MODULE=tracking.settings", "--env", "DJANGO_SECRET_KEY=x")
    setup = "import django; django.setup(); "
    done = builder.engine.run(image, "python", "-c", setup + last_line, options=environ)
    return TrapOutcome(done.stdout.strip("\n"), [])


def _observe_taken_port(builder: IsolatedBuilder, _dockerfile: str) -> TrapOutcome:
    """Start the service while another program listens on its port."""
    engine, example = builder.engine, builder.example
    with (
        transcripts.project_copy(engine, example, base_images=builder.base_images) as project,
        socket.socket() as listener,
    ):
        listener.bind(("127.0.0.1", project.port))
        listener.listen()
        command = transcripts.readme_commands(example)[0]
        output = project.run(command, check=False).output
    line = _output_from("Error response from daemon: ", output).splitlines()[0]
    line = re.sub(r" \([0-9a-f]{64}\)", "", line)
    return TrapOutcome(re.sub(r"127\.0\.0\.1:\d+:[\d.]+:8000/tcp", "127.0.0.1:8000", line), [])


def _output_from(start: str, output: str) -> str:
    """Return the output from the first `start` on, without colours and engines' additions."""
    output = re.sub(r"\x1b\[[\d;]*m", "", output)
    index = output.find(start)
    if index < 0:
        raise Problem(
            f"The output of a trap must contain {start!r}. It ends with: {output.strip()[-200:]}"
        )
    lines = output[index:].replace(": unknown", "").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith("Run 'docker"))


PATTERN_A_SYNC = "uv sync --locked --no-default-groups --group prod"
SYNC_WITH_HASHES = "uv pip sync --require-hashes "
PATTERN_B_SYNC = (
    "uv sync --locked --no-default-groups --group prod \\\n        --extra pdf --extra s3"
)
PATTERN_C_SYNC = """\
RUN --network=none \\
    --mount=from=packages,source=/usr/local/bin/uv,target=/usr/local/bin/uv \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    --mount=type=bind,source=uv.lock,target=uv.lock \\
    --mount=type=bind,source=src,target=src \\
    uv sync --locked --no-default-groups --group prod --no-editable --no-cache
"""
CACHED_SYNC = PATTERN_C_SYNC.replace(
    "RUN ", "RUN --mount=type=cache,target=/root/.cache/uv \\\n    "
)
CHANGE_KEPT_VENV = """\
FROM python:3.14-slim-trixie
RUN --mount=type=cache,id=status-page-venv,target=/var/cache/venv \\
    cd /var/cache/venv/*/lib/python3.14/site-packages && """
APT_LINES = """\
RUN apt-get update \\
    && apt-get install --yes --no-install-recommends libcairo2 \\
    && rm -rf /var/lib/apt/lists/*
"""
STALE_LOCK = Trap("stale-lock", '[`"]uv lock[`"]', _observe_stale_lock)

# Keyed by the name of the example.
TRAPS = {
    "pattern-a-single-stage": [
        Trap(
            "no-prod-group",
            '"gunicorn": executable file not found',
            _observe_start,
            PATTERN_A_SYNC,
            PATTERN_A_SYNC.replace(" --group prod", ""),
        ),
        Trap(
            "default-groups",
            r"\bpytest\b",
            _observe_packages,
            PATTERN_A_SYNC,
            PATTERN_A_SYNC.replace(" --no-default-groups", ""),
        ),
        STALE_LOCK,
        Trap(
            "frozen",
            "No module named 'sentry_sdk'",
            _observe_stale_lock,
            PATTERN_A_SYNC,
            PATTERN_A_SYNC.replace("--locked", "--frozen"),
        ),
    ],
    "pattern-a-single-stage--apt": [
        Trap("no-library", "no library called .*cairo", _observe_checks, APT_LINES)
    ],
    "pattern-b-multi-stage": [
        Trap(
            "all-extras",
            '"gunicorn": executable file not found',
            _observe_start,
            PATTERN_B_SYNC,
            "uv sync --locked --all-extras",
        ),
        STALE_LOCK,
        Trap("newer-python", "incompatible with the project", _observe_old_python),
        Trap("port", "address already in use|port is already allocated", _observe_taken_port),
    ],
    "pattern-c-cache-mounts": [
        Trap("no-token", "secret git_token: not found", _observe_missing_token),
        Trap(
            "not-required", "Authentication failed", _observe_optional_token, ",required=true", ""
        ),
        Trap("wrong-token", "Authentication failed", _observe_wrong_token),
        Trap("no-server", "Failed to connect", _observe_unreachable_server),
        STALE_LOCK,
        Trap(
            "old-code",
            "^    return JsonResponse",
            _observe_cached_wheel,
            PATTERN_C_SYNC,
            CACHED_SYNC.replace(" --no-cache", ""),
        ),
    ],
    "lock-stage": [STALE_LOCK],
    "lock-stage--kept-venv": [
        Trap("changed-file", r"changed: .*/sync\.py", _planted("echo >> asgiref/sync.py")),
        Trap(
            "left-over-file", r"in no package: .*/old\.pth", _planted("echo 'import os' > old.pth")
        ),
        Trap(
            "wrong-version",
            "not in the lockfile: asgiref==3.0",
            _planted("mv asgiref-*.dist-info asgiref-3.0.dist-info"),
        ),
        Trap(
            "changed-bytecode",
            r"changed: .*\.pyc",
            _planted("echo >> asgiref/__pycache__/sync.cpython-314.pyc"),
        ),
    ],
    "pattern-c-cache-mounts--lock-stage": [
        STALE_LOCK,
        Trap(
            "require-hashes",
            "all requirements must have a hash",
            _observe_required_hashes,
            "uv pip sync ",
            SYNC_WITH_HASHES,
        ),
    ],
}


def stable(outcomes: list[RecordedTrap]) -> list[RecordedTrap]:
    """Return outcomes without the parts that depend on the versions of base images or Docker."""
    varying = (
        (r"Python 3\.\d+\.\d+", "Python"),
        (r"Failed to connect to .*", "Failed to connect"),
        (r"^Error response from daemon: .*", "Error response from daemon"),
    )
    comparable: list[RecordedTrap] = []
    for outcome in outcomes:
        output = outcome["output"]
        for pattern, word in varying:
            output = re.sub(pattern, word, output)
        comparable.append({**outcome, "output": output})
    return comparable


def run_traps(builder: IsolatedBuilder, traps: list[Trap]) -> list[RecordedTrap]:
    """Run traps of the builder's example, and return the content of their recording.

    The builder must have built the unchanged example. Raises Problem if a trap shows another error
    than it states.
    """
    outcomes: list[RecordedTrap] = []
    for trap in traps:
        outcome = trap.observe(builder, trap.dockerfile(builder.example.dockerfile_text))
        if not trap.is_as_stated(outcome.output, outcome.packages):
            raise Problem(
                f"{builder.example.name}: the trap {trap.name!r} must show {trap.says!r}, but it "
                f"shows {outcome.output[:200] or outcome.packages!r}"
            )
        outcomes.append(
            {
                "name": trap.name,
                "line": trap.new,
                "output": outcome.output,
                "packages": outcome.packages,
            }
        )
    return outcomes

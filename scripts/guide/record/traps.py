"""What goes wrong when one thing about an example is another: tried, and recorded."""

import re
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from guide import Problem
from guide.content.edits import Edit, Uv, edit
from guide.engine import transcripts
from guide.engine.build import BuildFailed
from guide.engine.docker import Engine
from guide.engine.layers import Bench, no_downloads

INSTALLED = (
    "import importlib.metadata as m; print(*[each.metadata['Name'] for each in m.distributions()])"
)


@dataclass(frozen=True)
class Outcome:
    """What came of a trap: what a reader would read last, and the packages in the image."""

    output: str
    packages: list[str]


@dataclass(frozen=True)
class Trap:
    """Something done otherwise. `see` does it and says what came of it.

    `old` and `new` are texts of the Dockerfile, where the trap is a changed line. `see` gets a
    place in which the example has been built as it is, and the text of the changed Dockerfile.
    """

    name: str
    see: Callable[[Bench, str], Outcome]
    old: str = ""
    new: str = ""

    def dockerfile(self, original: str) -> str:
        """Return the Dockerfile with the change. Raises Problem unless it has the text once."""
        if not self.old:
            return original
        if original.count(self.old) != 1:
            raise Problem(f"The trap {self.name!r} needs {self.old!r} once in the Dockerfile.")
        return original.replace(self.old, self.new)


def _add_to_pyproject_only(folder: Path, _uv: Uv) -> None:
    path = folder / "pyproject.toml"
    path.write_text(
        path.read_text().replace("dependencies = [\n", 'dependencies = [\n    "sentry-sdk",\n', 1)
    )


def _require_a_newer_python(folder: Path, _uv: Uv) -> None:
    for name in ("pyproject.toml", "uv.lock"):
        path = folder / name
        newer, count = re.subn(r'requires-python = "\S+"', NEWER_PYTHON, path.read_text(), count=1)
        if count != 1:
            raise Problem(f"{name} no longer says requires-python.")
        path.write_text(newer)


NEWER_PYTHON = 'requires-python = ">=3.15"'
FORGOT_TO_LOCK = Edit("unlocked", "Add a dependency without locking", _add_to_pyproject_only)
NEEDS_NEWER_PYTHON = Edit("newer-python", "Require a newer Python", _require_a_newer_python)


def packages(engine: Engine, image: str) -> list[str]:
    """Names of the packages that the image's Python finds."""
    found = engine.run(image, "python", "-c", INSTALLED).stdout.split()
    return sorted(name.lower().replace("_", "-").replace(".", "-") for name in found)


def _what_is_installed(place: Bench, dockerfile: str) -> Outcome:
    return Outcome("", packages(place.engine, place.build(dockerfile=dockerfile).tag))


def _what_running_prints(place: Bench, dockerfile: str) -> Outcome:
    image = place.build(dockerfile=dockerfile).tag
    done = place.engine.run(image, check=False)
    return Outcome(_from("exec: ", done.stderr), packages(place.engine, image))


def _what_a_stale_lock_does(place: Bench, dockerfile: str) -> Outcome:
    try:
        # With a cache mount of its own: where an index does not say how long a file stays as it is,
        # uv fetches it again to resolve, and then forgets what it had built from it.
        image = place.build(FORGOT_TO_LOCK, dockerfile, *no_downloads()).tag
    except BuildFailed as failed:
        return Outcome(_from("error: ", failed.output), [])
    done = place.engine.run(image, "python", "-c", "import sentry_sdk", check=False)
    return Outcome(_from("ModuleNotFoundError", done.stderr), packages(place.engine, image))


def _what_a_python_that_is_too_old_does(place: Bench, _dockerfile: str) -> Outcome:
    return _failure(place, "error: ", NEEDS_NEWER_PYTHON)


def _what_no_token_does(place: Bench, _dockerfile: str) -> Outcome:
    return _failure(place.with_private(place.private.with_token(None)), "secret ")


def _what_no_token_does_where_it_may_be_missing(place: Bench, dockerfile: str) -> Outcome:
    return _failure(place.with_private(place.private.with_token(None)), "fatal: ", None, dockerfile)


def _what_a_wrong_token_does(place: Bench, _dockerfile: str) -> Outcome:
    return _failure(place.with_private(place.private.with_token("wrong")), "fatal: ")


def _what_no_server_does(place: Bench, _dockerfile: str) -> Outcome:
    return _failure(place.with_private(place.private.unreachable()), "fatal: ")


def _what_requiring_hashes_does(place: Bench, dockerfile: str) -> Outcome:
    return _failure(place, "error: ", None, dockerfile)


def _failure(
    place: Bench, start: str, change: Edit | None = None, dockerfile: str | None = None
) -> Outcome:
    """What a build prints last that has to fail. Raises Problem if it does not."""
    try:
        # With a change, and without downloads: else the good build's work would be used again.
        place.build(change or edit("ruff"), dockerfile, *no_downloads())
    except BuildFailed as failed:
        said = failed.output if start in failed.output else failed.error
        return Outcome(_from(start, re.sub(r" after \d+ ms", "", said)), [])
    raise Problem(f"A build of {place.example.name} was to fail, and did not.")


def _what_a_cached_wheel_does(place: Bench, dockerfile: str) -> Outcome:
    """The last line of a file in the image, after an edit that appended another one."""
    place.build(dockerfile=dockerfile)
    image = place.build(edit("view"), dockerfile).tag
    look = "import tracking.views as v; print(open(v.__file__).read().splitlines()[-1])"
    environ = ("--env", "DJANGO_SETTINGS_MODULE=tracking.settings", "--env", "DJANGO_SECRET_KEY=x")
    setup = "import django; django.setup(); "
    done = place.engine.run(image, "python", "-c", setup + look, options=environ)
    return Outcome(done.stdout.strip("\n"), [])


def _what_a_taken_port_does(place: Bench, _dockerfile: str) -> Outcome:
    """Somebody else listens where the service wants to."""
    with (
        transcripts.workplace(place.engine, place.example, bases=place.bases) as work,
        socket.socket() as taken,
    ):
        taken.bind(("127.0.0.1", work.port))
        taken.listen()
        command = transcripts.readme_commands(place.example)[0]
        output = work.run(command, check=False).output
    said = _from("Error response from daemon: ", output).splitlines()[0]
    said = re.sub(r" \([0-9a-f]{64}\)", "", said)
    return Outcome(re.sub(r"127\.0\.0\.1:\d+:[\d.]+:8000/tcp", "127.0.0.1:8000", said), [])


def _from(start: str, output: str) -> str:
    """The output from the first `start` on, without colours and what engines put around it."""
    output = re.sub(r"\x1b\[[\d;]*m", "", output)
    found = output.find(start)
    if found < 0:
        raise Problem(f"A trap printed no {start!r} but: {output.strip()[-200:]}")
    lines = output[found:].replace(": unknown", "").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith("Run 'docker"))


A = "uv sync --locked --no-default-groups --group prod"
HASHES = "uv pip sync --require-hashes "
B = "uv sync --locked --no-default-groups --group prod \\\n        --extra pdf --extra s3"
C = """\
RUN --mount=from=packages,source=/usr/local/bin/uv,target=/usr/local/bin/uv \\
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \\
    --mount=type=bind,source=uv.lock,target=uv.lock \\
    --mount=type=bind,source=src,target=src \\
    uv sync --locked --no-default-groups --group prod --no-editable --no-cache
"""
CACHED = C.replace("RUN ", "RUN --mount=type=cache,target=/root/.cache/uv \\\n    ")
STALE_LOCK = Trap("stale-lock", _what_a_stale_lock_does)

# By the name of the example.
TRAPS = {
    "pattern-a-single-stage": [
        Trap("no-prod-group", _what_running_prints, A, A.replace(" --group prod", "")),
        Trap("default-groups", _what_is_installed, A, A.replace(" --no-default-groups", "")),
        STALE_LOCK,
        Trap("frozen", _what_a_stale_lock_does, A, A.replace("--locked", "--frozen")),
    ],
    "pattern-b-multi-stage": [
        Trap("all-extras", _what_running_prints, B, "uv sync --locked --all-extras"),
        STALE_LOCK,
        Trap("newer-python", _what_a_python_that_is_too_old_does),
        Trap("port", _what_a_taken_port_does),
    ],
    "pattern-c-cache-mounts": [
        Trap("no-token", _what_no_token_does),
        Trap("not-required", _what_no_token_does_where_it_may_be_missing, ",required=true", ""),
        Trap("wrong-token", _what_a_wrong_token_does),
        Trap("no-server", _what_no_server_does),
        STALE_LOCK,
        Trap("old-code", _what_a_cached_wheel_does, C, CACHED.replace(" --no-cache", "")),
    ],
    "lock-stage": [STALE_LOCK],
    "pattern-c-cache-mounts--lock-stage": [
        STALE_LOCK,
        Trap("require-hashes", _what_requiring_hashes_does, "uv pip sync ", HASHES),
    ],
}


def stable(outcomes: list[dict]) -> list[dict]:
    """Outcomes without what differs from one base image, curl or Docker to the next."""
    varying = (
        (r"Python 3\.\d+\.\d+", "Python"),
        (r"Failed to connect to .*", "Failed to connect"),
        (r"^Error response from daemon: .*", "Error response from daemon"),
    )
    found = []
    for each in outcomes:
        output = each["output"]
        for pattern, word in varying:
            output = re.sub(pattern, word, output)
        found.append({**each, "output": output})
    return found


def spring(place: Bench) -> list[dict]:
    """Fall into every trap of the example; what a recording holds of it.

    `place` is one in which the example has been built as it is.
    """
    found = []
    for trap in TRAPS[place.example.name]:
        outcome = trap.see(place, trap.dockerfile(place.example.dockerfile_text))
        found.append({"name": trap.name, "line": trap.new, **asdict(outcome)})
    return found

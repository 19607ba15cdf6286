"""What goes wrong when one line of an example's Dockerfile is another: tried, and recorded."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from guide import Problem
from guide.build import BuildFailed
from guide.catalogue import Example
from guide.edits import Edit, Uv
from guide.engine import Engine
from guide.layers import Bench, bench

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
    """A Dockerfile with one line changed, and maybe an edit of the project besides.

    `old` and `new` are texts of the Dockerfile. `see` runs the result and says what came of it.
    """

    name: str
    old: str
    new: str
    see: Callable[[Bench, str], Outcome]

    def dockerfile(self, original: str) -> str:
        """The Dockerfile with the change. Raises Problem when it no longer has the line."""
        if self.old not in original:
            raise Problem(f"The trap {self.name!r} finds no {self.old!r} in the Dockerfile.")
        return original.replace(self.old, self.new, 1)


def _add_to_pyproject_only(folder: Path, _uv: Uv) -> None:
    path = folder / "pyproject.toml"
    path.write_text(
        path.read_text().replace("dependencies = [\n", 'dependencies = [\n    "sentry-sdk",\n', 1)
    )


FORGOT_TO_LOCK = Edit("unlocked", "Add a dependency without locking", _add_to_pyproject_only)


def packages(engine: Engine, image: str) -> list[str]:
    """Names of the packages that the image's Python finds."""
    found = engine.run(image, "python", "-c", INSTALLED).stdout.split()
    return sorted(name.lower().replace("_", "-") for name in found)


def _what_is_installed(place: Bench, dockerfile: str) -> Outcome:
    return Outcome("", packages(place.engine, place.build(dockerfile=dockerfile).tag))


def _what_running_prints(place: Bench, dockerfile: str) -> Outcome:
    image = place.build(dockerfile=dockerfile).tag
    done = place.engine.run(image, check=False)
    return Outcome(_from("exec: ", done.stderr), packages(place.engine, image))


def _what_a_stale_lock_does(place: Bench, dockerfile: str) -> Outcome:
    try:
        image = place.build(FORGOT_TO_LOCK, dockerfile).tag
    except BuildFailed as failed:
        return Outcome(_from("error: ", failed.output), [])
    done = place.engine.run(image, "python", "-c", "import sentry_sdk", check=False)
    return Outcome(_from("ModuleNotFoundError", done.stderr), packages(place.engine, image))


def _from(start: str, output: str) -> str:
    """The output from the first `start` on, without colours and what engines put around it."""
    output = re.sub(r"\x1b\[[\d;]*m", "", output)
    found = output.find(start)
    if found < 0:
        raise Problem(f"A trap printed no {start!r} but: {output.strip()[-200:]}")
    lines = output[found:].replace(": unknown", "").splitlines()
    return "\n".join(line for line in lines if line.strip() and not line.startswith("Run 'docker"))


SYNC = "uv sync --locked --no-default-groups --group prod"

TRAPS = [
    Trap("no-prod-group", SYNC, SYNC.replace(" --group prod", ""), _what_running_prints),
    Trap("default-groups", SYNC, SYNC.replace(" --no-default-groups", ""), _what_is_installed),
    Trap("stale-lock", SYNC, SYNC, _what_a_stale_lock_does),
    Trap("frozen", SYNC, SYNC.replace("--locked", "--frozen"), _what_a_stale_lock_does),
]


def spring(engine: Engine, example: Example) -> list[dict]:
    """Fall into every trap of the example, each on a cold cache; what a recording holds of it."""
    original = (example.folder / "Dockerfile").read_text()
    found = []
    for trap in TRAPS:
        with bench(engine, example) as place:
            outcome = trap.see(place, trap.dockerfile(original))
        found.append({"name": trap.name, "line": trap.new, **asdict(outcome)})
    return found

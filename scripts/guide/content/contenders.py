"""The contenders: Dockerfiles that are timed side by side.

Each builds the shop, the service of the migration examples. The contenders are the Dockerfiles of
these examples, copies of them with one line changed, and the files in dockerfiles/.
"""

from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.content.dockerfile import Dockerfile
from guide.content.edits import code_first
from guide.content.examples import example

BEFORE, AFTER = "before-poetry", "after-uv"
LAYERED = f"{BEFORE}--layered"
DOCKERFILES = Path(__file__).with_name("dockerfiles")
# The base image of the contender "floor". Its packages are installed.
DEPENDENCIES = "dependencies"


# The builds that are timed: one without a cache, and one after each change. A linter setting
# rebuilds the same steps as a version bump, so only a few contenders are timed with it.
CHANGES = ("cold", "nothing", "view", "version", "dependency")
WITH_LINTER = ("cold", "nothing", "view", "ruff", "version", "dependency")


@dataclass(frozen=True)
class Contender:
    """A Dockerfile of the shop.

    `project` is the example whose files it builds. `changes` lists the builds that are timed: a
    cold build, and one after each change.
    """

    name: str
    title: str
    project: str
    text: str
    changes: tuple[str, ...]

    @property
    def base_images(self) -> list[str]:
        """The external base images of its stages."""
        return [name for name in self.parsed.base_images if name != DEPENDENCIES]

    @property
    def images(self) -> list[str]:
        """Every image that its build pulls."""
        return [name for name in self.parsed.external_images if name != DEPENDENCIES]

    @property
    def parsed(self) -> Dockerfile:
        """The instructions and stages of the Dockerfile."""
        return Dockerfile.parse(self.text)


def contenders() -> list[Contender]:
    """Return every contender in page order.

    Raises Problem if a Dockerfile no longer has the line that a contender changes.
    """
    usual = example(BEFORE).dockerfile_text
    layered = example(LAYERED).dockerfile_text
    late, compiled = code_first(layered, "poetry.lock"), _compiling(layered)
    pattern_a = example(AFTER).dockerfile_text
    pattern_c, lock_stage, kept_venv = map(_read, ("pattern-c", "lock-stage", "kept-venv"))
    mounted, uncompiled_c = _not_compiling(pattern_a), _not_compiling(pattern_c)
    uncompiled_venv = _not_compiling(kept_venv)
    uncompiled_a = _without_mount(mounted)
    early, offline = code_first(uncompiled_a), _offline(lock_stage)
    few = ("cold", "view")
    slow = ("cold", "view", "dependency")
    rows = [
        ("poetry-usual", "Poetry, as most have it", BEFORE, usual, CHANGES),
        ("poetry-best", "Poetry at its best", BEFORE, layered, WITH_LINTER),
        ("poetry-code-first", "Poetry, the code copied first", BEFORE, late, few),
        ("poetry-best-compiled", "Poetry at its best, compiling", BEFORE, compiled, slow),
        ("pip", "pip at its best", AFTER, _read("pip"), CHANGES),
        ("uv-example", "The shape of uv's example", AFTER, _read("uv-example"), CHANGES),
        ("pattern-a", "Pattern A", AFTER, pattern_a, WITH_LINTER),
        ("pattern-a-uncompiled", "Pattern A, not compiling", AFTER, uncompiled_a, slow),
        (
            "pattern-a-code-first",
            "Pattern A, not compiling, the code copied first",
            AFTER,
            early,
            few,
        ),
        ("pattern-a-mount", "Pattern A, a cache mount, not compiling", AFTER, mounted, slow),
        ("pattern-b", "Pattern B", AFTER, _read("pattern-b"), CHANGES),
        ("pattern-c", "Pattern C", AFTER, pattern_c, WITH_LINTER),
        ("pattern-c-uncompiled", "Pattern C, not compiling", AFTER, uncompiled_c, CHANGES),
        ("lock-stage", "The lock stage", AFTER, lock_stage, WITH_LINTER),
        ("lock-stage-offline", "The lock stage, offline", AFTER, offline, WITH_LINTER[:-1]),
        ("kept-venv", "The lock stage, venv kept", AFTER, kept_venv, CHANGES),
        ("kept-venv-uncompiled", "Venv kept, not compiling", AFTER, uncompiled_venv, slow),
        ("floor", "Only copying the code", AFTER, _read("floor"), WITH_LINTER),
    ]
    return [Contender(*row) for row in rows]


def contender(name: str) -> Contender:
    """Return the contender with the name `name`. Raises Problem if it does not exist."""
    for each in contenders():
        if each.name == name:
            return each
    raise Problem(f"There is no contender {name!r}.")


def _read(name: str) -> str:
    return (DOCKERFILES / f"{name}.Dockerfile").read_text()


def _compiling(text: str) -> str:
    return _changed(text, "poetry install ", "poetry install --compile ")


def _not_compiling(text: str) -> str:
    return _changed(text, "ENV UV_COMPILE_BYTECODE=1\n", "")


def _without_mount(text: str) -> str:
    text = _changed(text, "ENV UV_LINK_MODE=copy\n", "ENV UV_NO_CACHE=1\n")
    return _changed(text, "--mount=type=cache,target=/root/.cache/uv \\\n    ", "")


def _offline(text: str) -> str:
    return _changed(text, "RUN uv export ", "RUN --network=none UV_OFFLINE=1 uv export ")


def _changed(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise Problem(f"The Dockerfile of a contender must contain {old!r} exactly once.")
    return text.replace(old, new)

"""Prepare a benchmark run: changed copies of the projects, and a private package index."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from guide import Problem
from guide.content.contenders import AFTER, BEFORE, DEPENDENCIES, Contender, contender
from guide.content.edits import RunPackageManager, copy, edit
from guide.content.examples import Example, example
from guide.engine import private_server
from guide.engine.build import Build, build
from guide.engine.docker import PREFIX, Engine
from guide.engine.isolated import base_image_arguments, empty_cache_mounts
from guide.engine.poetry import poetry_in_container
from guide.engine.private_server import PrivateServer
from guide.engine.uv import PYTHON_IMAGE, uv_in_container
from guide.machine.commands import run
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

# The dependency that is added is small, pure Python, and depends only on Django.
ADDED_DEPENDENCY = "django-simple-history"

TITLES = {
    "cold": "as it is",
    "view": "a view edited",
    "ruff": "a linter setting changed",
    "version": "the version bumped",
    "dependency": "a dependency added",
}


@dataclass
class BenchEnvironment:
    """The engine, the private index and the changed projects of a benchmark run.

    `projects` maps a project and a change to a folder. `images` maps a purpose, such as
    "uv-synced", to an image that is built once for all rounds.
    """

    engine: Engine
    private: PrivateServer
    folder: Path
    projects: dict[tuple[str, str], Path]
    # The base image of the contender "floor".
    dependencies: str = ""
    images: dict[str, str] = field(default_factory=dict)

    def build(
        self,
        contender: Contender,
        change: str,
        tag: str,
        *arguments: str,
        engine: Engine | None = None,
    ) -> Build:
        """Build a contender after a change.

        `arguments` are passed to `docker buildx build`. `engine` replaces the engine of this
        environment.
        """
        original = self.projects[contender.project, _project_state(change)]
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            project = Path(folder) / contender.project
            run("cp", "-a", original, project, failing=f"{original} was not copied", timeout=60)
            (project / "Dockerfile").write_text(contender.text)
            server = self.private.build_arguments()
            return build(engine or self.engine, project, tag, *server, *arguments)

    def without_cache(
        self, contender: Contender, derive_image: Callable[[Engine, str], str]
    ) -> list[str]:
        """Return build arguments with which a contender's next build finds nothing cached.

        `derive_image` copies a base image under a new tag, so that no cached step builds on it.
        """
        images = {name: name for name in contender.base_images}
        if contender.name == "floor":
            images[DEPENDENCIES] = self.dependencies
        unused = {name: derive_image(self.engine, image) for name, image in images.items()}
        return [*empty_cache_mounts(), *base_image_arguments(unused)]

    @contextmanager
    def repository(self, contender: Contender) -> Iterator[str]:
        """Yield an image name for a contender, and remove its images at the end."""
        repository = f"{PREFIX}/{contender.name}-{secrets.token_hex(4)}"
        tags = [f"{repository}:{change}" for change in contender.changes]
        try:
            yield repository
        finally:
            with uninterrupted():
                self.engine.docker("image", "rm", "--force", *tags, check=False)


def _project_state(change: str) -> str:
    return "cold" if change == "nothing" else change


@contextmanager
def bench_environment(
    engine: Engine, contenders: list[Contender], floor_starts_from: str = "pattern-a"
) -> Iterator[BenchEnvironment]:
    """Yield the environment in which these contenders are measured.

    `floor_starts_from` names the contender that provides the installed packages for "floor".
    """
    after = example(AFTER)
    engine.need_images([*after.images, PYTHON_IMAGE])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-bench-")))
        private = stack.enter_context(private_server.running_private_server(engine, after))
        if private is None:
            raise Problem(f"{AFTER} has no private package index. The contenders install from it.")
        projects = {}
        for project in (BEFORE, AFTER):
            changes = {
                _project_state(change): None
                for each in contenders
                if each.project == project
                for change in each.changes
            }
            # The timed commands run in both projects, unchanged.
            for change in {"cold": None, **changes}:
                with doing("bench", f"{project}, {TITLES[change]}"):
                    copied = copy(example(project), folder / f"{project}-{change}")
                    _apply_change(engine, private, example(project), change, copied)
                    projects[project, change] = copied
        environment = BenchEnvironment(engine, private, folder, projects)
        if any(each.name == "floor" for each in contenders):
            environment.dependencies = _dependency_image(environment, contender(floor_starts_from))
        try:
            yield environment
        finally:
            with uninterrupted():
                if environment.dependencies:
                    engine.docker("image", "rm", "--force", environment.dependencies, check=False)


def _apply_change(
    engine: Engine, private: PrivateServer, project: Example, change: str, folder: Path
) -> None:
    """Change a copy of a project with the package manager of the project."""
    if change in {"view", "ruff"}:
        edit(change).apply(folder, _no_tool)
    if project.has_uv:
        _change_with_uv(uv_in_container(engine, project, private), change, folder)
    elif change in {"version", "dependency"}:
        poetry = poetry_in_container(engine, project, private)
        version, add = ["version", "patch"], ["add", ADDED_DEPENDENCY, "--lock"]
        poetry(folder, version if change == "version" else add)


def _change_with_uv(uv: RunPackageManager, change: str, folder: Path) -> None:
    if change == "version":
        uv(folder, ["version", "--bump", "patch", "--no-sync"])
    elif change == "dependency":
        uv(folder, ["add", ADDED_DEPENDENCY, "--no-sync"])
    # The pip contender installs the packages of the same lockfile.
    export = ["export", "--quiet", "--locked", "--no-default-groups", "--extra", "reports"]
    uv(folder, [*export, "--no-header", "--no-annotate", "-o", "requirements.txt"])


def _no_tool(folder: Path, arguments: list[str]) -> None:
    raise AssertionError(f"Unexpected package manager call in {folder.name}: {arguments}")


def _dependency_image(environment: BenchEnvironment, contender: Contender) -> str:
    """Build a contender's Dockerfile up to the step that copies the code, and return the tag."""
    text = contender.parsed.text_before(contender.parsed.instruction("COPY . ."))
    tag = f"{PREFIX}/dependencies:{secrets.token_hex(4)}"
    with doing("bench", "the installed packages for the floor"):
        environment.build(replace(contender, text=text), "cold", tag)
    return tag

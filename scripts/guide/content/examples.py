"""The projects under examples/ and their files. Nothing else lists them."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

from guide import ROOT, Problem
from guide.content.dockerfile import Dockerfile
from guide.content.yaml_files import compose_services, gitlab_images

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Example:
    """One project that a reader copies; `project` is its folder below examples/.

    A project may hold a second Dockerfile beside the first, `NAME.Dockerfile`. With that as its
    `dockerfile` the project is an example of its own, with recordings of its own.
    """

    project: str
    dockerfile: str = "Dockerfile"

    @property
    def name(self) -> str:
        """What its recordings and the tests call it: its folder, and the other Dockerfile."""
        other = self.dockerfile.removesuffix("Dockerfile").removesuffix(".")
        return f"{self.folder.name}--{other}" if other else self.folder.name

    @property
    def folder(self) -> Path:
        return EXAMPLES / self.project

    @property
    def dockerfile_text(self) -> str:
        return (self.folder / self.dockerfile).read_text()

    @property
    def parsed(self) -> Dockerfile:
        """The instructions and stages of the Dockerfile."""
        return Dockerfile.parse(self.dockerfile_text)

    @property
    def title(self) -> str:
        """What its README calls it."""
        return self._readme[0].removeprefix("# ")

    @property
    def sentence(self) -> str:
        """What its README says of it first."""
        return " ".join(self._readme[1].splitlines())

    @property
    def _readme(self) -> list[str]:
        return (self.folder / "README.md").read_text().split("\n\n")

    @cached_property
    def files(self) -> list[Path]:
        """Every file of the project, relative to its folder, without what .gitignore names
        and without what file managers and editors leave."""
        lines = (self.folder / ".gitignore").read_text().splitlines()
        ignored = GitIgnoreSpec.from_lines([*lines, ".DS_Store", "*.swp", "*~"])
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(path for path in paths if not ignored.match_file(path))

    @property
    def shown(self) -> list[Path]:
        """The files that the example's page shows whole.

        Those at the top of the project, where its build and its start are described, its
        settings and its middleware, and what is for GitHub alone. Lockfiles and manage.py are
        written by tools and look the same everywhere.
        """
        return [
            path
            for path in self.files
            if path.name not in {"uv.lock", "poetry.lock", "manage.py"}
            and (
                path.parent == Path(".")
                or path.parts[0] == ".github"
                or path.name in {"settings.py", "middleware.py"}
            )
            and path.parts[0] != "tests"
        ]

    @property
    def images(self) -> list[str]:
        """Every image that building and running the example needs."""
        found = list(self.parsed.external_images)
        if self.private_server is not None:
            found += Dockerfile.parse(self.private_server.read_text()).external_images
        for compose in self.folder.glob("compose*.yaml"):
            services = compose_services(compose).values()
            found += [service["image"] for service in services if "image" in service]
        return list(dict.fromkeys(found))

    @property
    def gitlab_images(self) -> list[str]:
        """The images that the jobs of its GitLab pipeline run in, and those of their services."""
        return gitlab_images(self.gitlab_pipeline) if self.gitlab_pipeline.exists() else []

    @property
    def gitlab_pipeline(self) -> Path:
        return self.folder / ".gitlab-ci.yml"

    @property
    def github_workflow(self) -> Path:
        return self.folder / ".github/workflows/ci.yml"

    @property
    def private_server(self) -> Path | None:
        """The Dockerfile of the private server that the example brings along, if it does."""
        return next(self.folder.glob("private/*-server/Dockerfile"), None)

    @property
    def has_uv(self) -> bool:
        """Whether uv locks and installs it. What is to be migrated is locked by Poetry."""
        return (self.folder / "uv.lock").exists()

    @property
    def uv_commands(self) -> list[str]:
        """The uv commands that install or export packages in what the last stage is built from."""
        texts = [
            command.text
            for stage in self.parsed.stages_for()
            for instruction in stage.instructions
            for command in instruction.commands
            if command.call[:2] in {("uv", "sync"), ("uv", "export")}
            or command.call[:3] == ("uv", "pip", "sync")
        ]
        return list(dict.fromkeys(texts))

    @property
    def uv_image(self) -> str:
        """The pinned image that uv is copied from."""
        images = self.parsed.external_images
        pinned = [name for name in images if re.search(r"/uv:\d+\.\d+\.\d+$", name)]
        if len(pinned) != 1:
            raise Problem(f"{self.name} has to take uv from one pinned image.")
        return pinned[0]

    @property
    def uv_version(self) -> str:
        return self.uv_image.rpartition(":")[2]


def examples() -> list[Example]:
    """Every folder under examples/ with a Dockerfile, those of the migration one level deeper."""
    return [Example(_project(path)) for path in _sorted("*/Dockerfile", "*/*/Dockerfile")]


def variants() -> list[Example]:
    """The same projects with each other Dockerfile that they hold."""
    found = _sorted("*/*.Dockerfile", "*/*/*.Dockerfile")
    return [Example(_project(path), path.name) for path in found]


def _sorted(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in EXAMPLES.glob(pattern))


def _project(path: Path) -> str:
    return path.parent.relative_to(EXAMPLES).as_posix()


def example(name: str) -> Example:
    """The example of that name, variants included. Raises Problem when there is none."""
    for each in (*examples(), *variants()):
        if each.name == name:
            return each
    known = ", ".join(each.name for each in (*examples(), *variants()))
    raise Problem(f"There is no example {name!r}. There are: {known}.")

"""Read the projects under examples/: their files, Dockerfiles, pipelines and images."""

import re
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

from guide import ROOT, Problem
from guide.content.dockerfile import Dockerfile
from guide.content.yaml_files import compose_services, gitlab_images
from guide.machine.git import git

EXAMPLES = ROOT / "examples"
# Files that pages show and that belong to no example.
SNIPPETS = Path(__file__).with_name("snippets")


@dataclass(frozen=True)
class Example:
    """A project that readers copy. `project` is the path of its folder under examples/.

    A project can have a second Dockerfile, `NAME.Dockerfile`. The project with this `dockerfile` is
    a separate example, a variant, with separate recordings. A patch `PROJECT--NAME.diff` among the
    SNIPPETS is a variant as well. It changes files of the project, so uv has to lock it again.

    In a workspace, each service has its own Dockerfile, `services/NAME/Dockerfile`. The first one
    is the example, and the others are variants.
    """

    project: str
    dockerfile: str = "Dockerfile"

    @property
    def name(self) -> str:
        """The name of the recordings: FOLDER, or FOLDER--NAME for a variant or a service."""
        if self.member:
            return f"{self.folder.name}--{Path(self.member).name}"
        other = self.dockerfile.removesuffix("Dockerfile").removesuffix(".")
        return f"{self.folder.name}--{other}" if other else self.folder.name

    @property
    def folder(self) -> Path:
        """The folder of the project."""
        return EXAMPLES / self.project

    @property
    def member(self) -> str:
        """The folder of a workspace's service, or an empty string if this is no workspace."""
        return self.dockerfile.rpartition("/")[0]

    @property
    def package(self) -> str:
        """The name of the project that the Dockerfile installs, or of the service's project."""
        text = (self.folder / self.member / "pyproject.toml").read_text()
        name: str = tomllib.loads(text)["project"]["name"]
        return name

    @property
    def patch(self) -> Path | None:
        """The patch that makes this variant of the project, if it has one."""
        path = SNIPPETS / f"{self.name}.diff"
        return path if path.exists() else None

    @property
    def dockerfile_text(self) -> str:
        """The text of the Dockerfile."""
        if self.patch is None:
            return (self.folder / self.dockerfile).read_text()
        with tempfile.TemporaryDirectory(prefix="guide-patch-") as folder:
            shutil.copy(self.folder / "Dockerfile", folder)
            self.apply_patch(Path(folder), "--include=Dockerfile")
            return (Path(folder) / "Dockerfile").read_text()

    def apply_patch(self, folder: Path, *options: str) -> None:
        """Apply the patch, if there is one, to a copy of the project.

        `options` are those of `git apply`. Raises Problem if the project has changed and the patch
        does not apply any more.
        """
        if self.patch is not None:
            try:
                git(folder, "apply", *options, str(self.patch))
            except Problem as problem:
                reason = f"{self.patch.name} does not apply to {self.project}. Change the patch"
                raise Problem(f"{reason}: {problem}") from problem

    @property
    def parsed(self) -> Dockerfile:
        """The instructions and stages of the Dockerfile."""
        return Dockerfile.parse(self.dockerfile_text)

    @property
    def title(self) -> str:
        """The heading of its README."""
        return self._readme[0].removeprefix("# ")

    @property
    def sentence(self) -> str:
        """The first paragraph of its README."""
        return " ".join(self._readme[1].splitlines())

    @property
    def _readme(self) -> list[str]:
        return (self.folder / "README.md").read_text().split("\n\n")

    @cached_property
    def files(self) -> list[Path]:
        """Every file of the project, relative to its folder.

        Ignored files, and files that file managers and editors create, are left out.
        """
        lines = (self.folder / ".gitignore").read_text().splitlines()
        ignored = GitIgnoreSpec.from_lines([*lines, ".DS_Store", "*.swp", "*~"])
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(path for path in paths if not ignored.match_file(path))

    @property
    def shown(self) -> list[Path]:
        """The files that the example's page shows.

        They are the files in the root folder and under .github/, the settings and the middleware,
        and the Dockerfiles and pyproject.toml files of a workspace. Lockfiles and manage.py are
        left out, because tools write them.
        """
        return [
            path
            for path in self.files
            if path.name not in {"uv.lock", "poetry.lock", "manage.py"}
            and (
                path.parent == Path(".")
                or path.parts[0] == ".github"
                or path.name in {"settings.py", "middleware.py"}
                or (self.member and path.name in {"Dockerfile", "pyproject.toml"})
            )
            and "tests" not in path.parts
        ]

    @property
    def images(self) -> list[str]:
        """Every image that building and running the example needs."""
        names = list(self.parsed.external_images)
        if self.private_server is not None:
            names += Dockerfile.parse(self.private_server.read_text()).external_images
        for compose in self.folder.glob("compose*.yaml"):
            services = compose_services(compose).values()
            names += [service["image"] for service in services if "image" in service]
        return list(dict.fromkeys(names))

    @property
    def gitlab_images(self) -> list[str]:
        """The images that jobs and services in its GitLab pipeline use."""
        return gitlab_images(self.gitlab_pipeline) if self.gitlab_pipeline.exists() else []

    @property
    def gitlab_pipeline(self) -> Path:
        """The path of its GitLab pipeline, which few examples have."""
        return self.folder / ".gitlab-ci.yml"

    @property
    def github_workflows(self) -> list[Path]:
        """The paths of its GitHub workflows, which few examples have."""
        return sorted(self.folder.glob(".github/workflows/*.yml"))

    @property
    def private_server(self) -> Path | None:
        """The Dockerfile of the example's private Git server or package index, if it has one."""
        return next(self.folder.glob("private/*-server/Dockerfile"), None)

    @property
    def has_uv(self) -> bool:
        """True if the project has a uv.lock. The project before the migration uses Poetry."""
        return (self.folder / "uv.lock").exists()

    @property
    def uv_commands(self) -> list[str]:
        """The uv commands that install or export packages for the last stage of the Dockerfile."""
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
            raise Problem(f"{self.name} must copy uv from exactly one image with a version.")
        return pinned[0]

    @property
    def uv_version(self) -> str:
        """The version of uv that the Dockerfile pins."""
        return self.uv_image.rpartition(":")[2]


def examples() -> list[Example]:
    """Return every project under examples/: the folders with a Dockerfile, and the workspaces."""
    projects = [Example(_project(path)) for path in _sorted("*/Dockerfile", "*/*/Dockerfile")]
    workspaces = {each.project: each for each in reversed(_services())}
    return [*projects, *workspaces.values()]


def variants() -> list[Example]:
    """Return an example for every Dockerfile of a project but the first."""
    paths = _sorted("*/*.Dockerfile", "*/*/*.Dockerfile")
    others = [each for each in _services() if each not in examples()]
    return [*(Example(_project(path), path.name) for path in paths), *others]


def _services() -> list[Example]:
    """Return the services of all workspaces."""
    paths = [path.relative_to(EXAMPLES) for path in _sorted("*/services/*/Dockerfile")]
    return [Example(path.parts[0], path.relative_to(path.parts[0]).as_posix()) for path in paths]


def patched_variants() -> list[Example]:
    """Return an example for every patch of a project."""
    return [
        Example(each.project, f"{path.stem.removeprefix(f'{each.name}--')}.Dockerfile")
        for each in examples()
        for path in sorted(SNIPPETS.glob(f"{each.name}--*.diff"))
    ]


def every_example() -> list[Example]:
    """Return the examples and all their variants."""
    return [*examples(), *variants(), *patched_variants()]


def _sorted(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in EXAMPLES.glob(pattern))


def _project(path: Path) -> str:
    return path.parent.relative_to(EXAMPLES).as_posix()


def example(name: str) -> Example:
    """Return the example or variant with the name `name`. Raises Problem if it does not exist."""
    by_name = {each.name: each for each in every_example()}
    if name not in by_name:
        raise Problem(f"There is no example {name!r}. There are: {', '.join(by_name)}.")
    return by_name[name]

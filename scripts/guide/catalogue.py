"""The projects under examples/ and their files. Nothing else lists them."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

from guide import ROOT, Problem

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Example:
    """One project that a reader copies.

    A project may hold a second Dockerfile beside the first, `NAME.Dockerfile`. With that as its
    `dockerfile` the project is an example of its own, with recordings of its own.
    """

    project: str
    dockerfile: str = "Dockerfile"

    @property
    def name(self) -> str:
        """What its recordings and the tests call it: the project, and the other Dockerfile."""
        other = self.dockerfile.removesuffix("Dockerfile").removesuffix(".")
        return f"{self.project}--{other}" if other else self.project

    @property
    def folder(self) -> Path:
        return EXAMPLES / self.project

    @property
    def dockerfile_text(self) -> str:
        return (self.folder / self.dockerfile).read_text()

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
        settings and its middleware. uv.lock and manage.py are written by tools and look the
        same everywhere.
        """
        return [
            path
            for path in self.files
            if path.name not in {"uv.lock", "manage.py"}
            and (path.parent == Path(".") or path.name in {"settings.py", "middleware.py"})
            and path.parts[0] != "tests"
        ]

    @property
    def base_images(self) -> list[str]:
        """The images that the Dockerfile starts from or copies from."""
        return _named_images(self.dockerfile_text)

    @property
    def images(self) -> list[str]:
        """Every image that building and running the example needs."""
        found = list(self.base_images)
        if self.git_server is not None:
            found += _named_images(self.git_server.read_text())
        for compose in self.folder.glob("compose*.yaml"):
            found += re.findall(r"(?m)^\s+image: (\S+)$", compose.read_text())
        return list(dict.fromkeys(found))

    @property
    def git_server(self) -> Path | None:
        """The Dockerfile of the private Git server that the example brings along, if it does."""
        path = self.folder / "private/git-server/Dockerfile"
        return path if path.exists() else None

    @property
    def stages(self) -> list[str]:
        """The named stages of the Dockerfile, in their order."""
        return re.findall(r"(?im)^FROM\s+\S+\s+AS\s+(\S+)", self.dockerfile_text)

    @property
    def uv_image(self) -> str:
        """The pinned image that uv is copied from."""
        found = [name for name in self.base_images if re.search(r"/uv:\d+\.\d+\.\d+$", name)]
        if len(found) != 1:
            raise Problem(f"{self.name} has to take uv from one pinned image.")
        return found[0]

    @property
    def uv_version(self) -> str:
        return self.uv_image.rpartition(":")[2]


def _named_images(dockerfile: str) -> list[str]:
    stages = set(re.findall(r"(?im)^FROM\s+\S+\s+AS\s+(\S+)", dockerfile))
    named = re.findall(r"(?im)^FROM\s+(\S+)|--from=(\S+)|\bfrom=([^\s,]+)", dockerfile)
    images = [name for match in named for name in match if name and name not in stages]
    return list(dict.fromkeys(images))


def examples() -> list[Example]:
    """Every folder under examples/ with a Dockerfile."""
    return [Example(path.parent.name) for path in sorted(EXAMPLES.glob("*/Dockerfile"))]


def variants() -> list[Example]:
    """The same projects with each other Dockerfile that they hold."""
    paths = sorted(EXAMPLES.glob("*/*.Dockerfile"))
    return [Example(path.parent.name, path.name) for path in paths]


def example(name: str) -> Example:
    """The example of that name, variants included. Raises Problem when there is none."""
    for each in (*examples(), *variants()):
        if each.name == name:
            return each
    known = ", ".join(each.name for each in (*examples(), *variants()))
    raise Problem(f"There is no example {name!r}. There are: {known}.")

"""Build examples without reusing layers of earlier builds and without pruning the cache."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from guide.content.edits import Edit, RunPackageManager, copy
from guide.content.examples import Example
from guide.engine import private_server
from guide.engine.build import Build, build
from guide.engine.docker import PREFIX, Engine
from guide.engine.private_server import PrivateServer
from guide.engine.uv import edited_uv_image, uv_in_container
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing


@dataclass(frozen=True)
class IsolatedBuilder:
    """Builds one example in isolation from every earlier build.

    The base images differ from the real ones by one small file, and cache mounts are in a separate
    namespace. The first build therefore starts without a cache, and each edit creates new layers.
    `base_images` maps the names of the real images to the images that replace them.
    """

    engine: Engine
    example: Example
    # Holds the copies of the example while they are built.
    folder: Path
    # Arguments that isolate every build from earlier builds.
    arguments: list[str]
    # None for a project that uv does not manage.
    uv: RunPackageManager | None
    private: PrivateServer | None
    base_images: dict[str, str]
    tags: list[str] = field(default_factory=list)

    def build(
        self, edit: Edit | None = None, dockerfile: str | None = None, *arguments: str
    ) -> Build:
        """Build a new copy of the example, to which `edit` is applied first.

        `dockerfile` replaces the text of the Dockerfile, so that tests can break it on purpose.
        `arguments` are passed to `docker buildx build`.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            project = copy(self.example, Path(folder) / self.example.name)
            (project / "Dockerfile").write_text(dockerfile or self.example.dockerfile_text)
            if self.example.patch is not None:
                (self.uv or _no_uv)(project, ["lock"])
            if edit is not None:
                edit.apply(project, self.uv or _no_uv)
            title = edit.title.lower() if edit else "no cache"
            with doing("build", f"{self.example.name}: {title}"):
                # Each build has its own tag, so that its image can be removed at the end.
                tag = f"{PREFIX}/{self.example.name}:{secrets.token_hex(4)}"
                self.tags.append(tag)
                server = self.private.build_arguments() if self.private else []
                return build(self.engine, project, tag, *self.arguments, *server, *arguments)

    @property
    def cache_namespace(self) -> dict[str, str]:
        """The build argument with the namespace of this builder's cache mounts, if it has one."""
        pairs = (argument.partition("=") for argument in self.arguments)
        return {name: value for name, _, value in pairs if name == CACHE_NAMESPACE}

    def on_new_runner(self) -> "IsolatedBuilder":
        """Return a copy of this builder that has neither layers nor cache mounts of its builds."""
        images = fresh_base_images(self.engine, self.example)
        arguments = [*empty_cache_mounts(), *base_image_arguments(images)]
        return replace(self, base_images=images, arguments=arguments)

    def with_private(self, private: PrivateServer | None) -> "IsolatedBuilder":
        """Return a copy of this builder that uses another private server, or none."""
        return replace(self, private=private)


def _no_uv(folder: Path, arguments: list[str]) -> None:
    raise AssertionError(f"uv does not manage {folder.name}, so it cannot run {arguments}.")


@contextmanager
def isolated_builder(
    engine: Engine,
    example: Example,
    empty_mounts: bool = True,
    base_images: dict[str, str] | None = None,
) -> Iterator[IsolatedBuilder]:
    """Yield a builder whose images are removed at the end.

    If `empty_mounts` is False, cache mounts keep what other builds left in them: the same steps
    run, in less time. Pass `base_images` from `fresh_base_images` to share them between several
    builders of this example.
    """
    engine.need_images([*example.images, *([edited_uv_image(example)] if example.has_uv else [])])
    base_images = base_images or fresh_base_images(engine, example)
    mounts = empty_cache_mounts() if empty_mounts else ()
    with (
        private_server.running_private_server(engine, example) as private,
        tempfile.TemporaryDirectory(prefix="guide-layers-") as folder,
    ):
        uv = uv_in_container(engine, example, private) if example.has_uv else None
        arguments = [*mounts, *base_image_arguments(base_images)]
        builder = IsolatedBuilder(
            engine, example, Path(folder), arguments, uv, private, base_images
        )
        try:
            yield builder
        finally:
            with uninterrupted():
                if builder.tags:
                    engine.docker("image", "rm", "--force", *builder.tags, check=False)


# The build argument with the namespace of cache mounts.
CACHE_NAMESPACE = "BUILDKIT_CACHE_MOUNT_NS"


def empty_cache_mounts() -> tuple[str, str]:
    """Return build arguments that give a build empty cache mounts."""
    return ("--build-arg", f"{CACHE_NAMESPACE}={secrets.token_hex(8)}")


def base_image_arguments(images: dict[str, str]) -> list[str]:
    """Return build arguments that replace base images, keyed by their names in the Dockerfile."""
    return [f"--build-context={name}=docker-image://{image}" for name, image in images.items()]


def fresh_base_image(engine: Engine, image: str) -> str:
    """Build a copy of `image` that no build has started from yet, and return its tag."""
    mark = secrets.token_hex(8)
    tag = f"{PREFIX}/base:{mark}"
    engine.build_text(f"FROM {image}\nCOPY <<END /etc/{PREFIX}\n{mark}\nEND\n", tag)
    return tag


def fresh_base_images(engine: Engine, example: Example) -> dict[str, str]:
    """Build a fresh copy of each base image of the example except the uv image."""
    images = example.parsed.external_images
    names = [name for name in images if not example.has_uv or name != example.uv_image]
    engine.need_images(names)
    return {name: fresh_base_image(engine, name) for name in names}

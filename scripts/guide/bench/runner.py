"""Time the builds of contenders on a fresh CI runner that caches layers in a registry."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from guide.bench.builds import build_timing
from guide.bench.environment import BenchEnvironment
from guide.bench.results import Result
from guide.ci.network import REGISTRY_IMAGE
from guide.content.contenders import Contender
from guide.engine.build import Build
from guide.engine.docker import LABEL, Engine
from guide.engine.running import fresh_builder
from guide.machine.interrupts import uninterrupted

# The changes that precede the builds.
CHANGES = ("view", "dependency")


@dataclass
class FreshRunner:
    """A builder with an empty cache, and a registry.

    The registry holds the layers of each contender's first build.
    """

    engine: Engine
    registry: str

    def build(self, environment: BenchEnvironment, contender: Contender, change: str) -> Build:
        """Run a job: build with the layers that the first build pushed, and push the image.

        The job pushes its own layers under another name, so that every job pulls the same layers.
        """
        prune = ("buildx", "prune", "--builder", self.engine.builder, "--all", "--force")
        self.engine.docker(*prune)
        repository = f"{self.registry}/{contender.name}"
        cache, tag = f"type=registry,ref={repository}:layers-", f"{repository}:{change}"
        options = ["--cache-to", f"{cache}{change},mode=max"]
        options += ["--allow=network.host", "--network=host"]
        if change != "cold":
            options += ["--cache-from", f"{cache}cold"]
        build = environment.build(contender, change, tag, "--push", *options, engine=self.engine)
        self.engine.docker("image", "rm", "--force", tag, check=False)
        return build


@contextmanager
def fresh_runner(engine: Engine, contenders: list[Contender]) -> Iterator[FreshRunner]:
    """Yield a runner that has only the base images of these contenders."""
    engine.need_images([REGISTRY_IMAGE])
    images = {name for each in contenders for name in each.images}
    options = ("--label", LABEL, "--publish", "127.0.0.1::5000")
    container = engine.docker("run", "--detach", *options, REGISTRY_IMAGE).stdout.strip()
    try:
        port = engine.docker("port", container, "5000/tcp").stdout.split()[0].rpartition(":")[2]
        with fresh_builder(engine, *sorted(images)) as builder:
            yield FreshRunner(builder, f"localhost:{port}/{secrets.token_hex(4)}")
    finally:
        with uninterrupted():
            engine.docker("rm", "--force", "--volumes", container, check=False)


def time_on_runner(runner: FreshRunner) -> Callable[[BenchEnvironment, Contender], Result]:
    """Return a function that times a contender's jobs on the runner."""
    pushed: set[str] = set()

    def time_jobs(environment: BenchEnvironment, contender: Contender) -> Result:
        if contender.name not in pushed:
            runner.build(environment, contender, "cold")
            pushed.add(contender.name)
        builds = {change: runner.build(environment, contender, change) for change in CHANGES}
        return {"timings": {change: build_timing(build) for change, build in builds.items()}}

    return time_jobs

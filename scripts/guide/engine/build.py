"""Build images, and return the steps that BuildKit took."""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.content.dockerfile import Dockerfile
from guide.engine.buildkit import Failure, Step, failure, instruction, read_progress, steps
from guide.engine.docker import Engine
from guide.machine.commands import run

# Makes BuildKit carry out the steps and keep them in its cache without writing an image.
NO_IMAGE = "--output=type=cacheonly"
# Seconds after which a build is stopped. The slowest recorded build takes two minutes.
TIME_LIMIT = 1800


@dataclass(frozen=True)
class Build:
    """A finished build: the command's wall time in `seconds`, and what its steps printed."""

    tag: str
    steps: list[Step]
    seconds: float
    output: str

    @property
    def ran(self) -> list[str]:
        """The instructions that did not come from the cache, in file order."""
        return [step.instruction for step in self.steps if not step.cached]

    @property
    def prepared(self) -> int:
        """The number of packages that uv downloaded or built because no cache had them."""
        return sum(int(count) for count in re.findall(r"Prepared (\d+) package", self.output))


class BuildFailed(Problem):
    """A failed build. `output` is what the failed step printed, and `error` is BuildKit's error."""

    def __init__(self, failed: Failure):
        # A Dockerfile that BuildKit cannot read fails before the first step.
        step = f" at {instruction(failed.name)[:60]!r}" if failed.name else ""
        super().__init__(f"The build stopped{step}: {failed.reason}")
        self.output = failed.output
        self.error = failed.error


def build(
    engine: Engine, folder: Path, tag: str, *arguments: str, time_limit: float = TIME_LIMIT
) -> Build:
    """Build the Dockerfile in `folder` into the image `tag` and return the steps it took.

    `arguments` are passed to `docker buildx build`. With `--push`, the image is pushed and not
    kept. Raises BuildFailed with the error of the failed step, and Problem if the build takes
    longer than `time_limit` seconds.
    """
    arguments_of_file, stages = _read(folder / "Dockerfile")
    build_arguments = [
        f"--build-arg={name}={value}"
        for name, value in engine.build_arguments.items()
        if name in arguments_of_file
    ]
    command = engine.command("buildx", "build", "--builder", engine.builder)
    if not {"--push", NO_IMAGE} & {*arguments}:
        command.append("--load")
    start = time.monotonic()
    done = run(
        *(*command, "--progress=rawjson", "--tag", tag, *build_arguments, *arguments, folder),
        env=engine.environ,
        failing="docker buildx build failed",
        check=False,
        timeout=time_limit,
    )
    seconds = time.monotonic() - start
    progress = read_progress(done.stderr)
    if done.returncode != 0:
        raise BuildFailed(failure(progress))
    return Build(tag, steps(progress, stages), seconds, progress.output)


def _read(path: Path) -> tuple[frozenset[str], list[str]]:
    """Return the arguments and the stages of a Dockerfile.

    If it is not valid, there are none: BuildKit then reports the error in its own words.
    """
    try:
        dockerfile = Dockerfile.parse(path.read_text())
    except Problem:
        return frozenset(), []
    return dockerfile.declared_arguments, [stage.name for stage in dockerfile.stages]

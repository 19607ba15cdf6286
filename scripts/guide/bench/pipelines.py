"""How long the jobs of the pipelines take: Poetry's, the fast and the full ones of one project.

A job's time is that of fetching its image and of its command lines in a container. What a CI server
adds is the same for all: a queue, a checkout, packing and unpacking what is cached.
"""

import shlex
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guide import ROOT, Problem
from guide.ci import gitlab, pipelines
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork, DockerInDocker
from guide.content.contenders import BEFORE
from guide.content.edits import copy
from guide.content.examples import example as find_example
from guide.content.lockfiles import locked_versions
from guide.content.yaml_files import gitlab_jobs, gitlab_sections
from guide.engine.docker import Engine
from guide.engine.poetry import build_poetry_image
from guide.machine.commands import reason

POETRY = ROOT / "scripts/guide/content/pipelines/poetry.gitlab-ci.yml"

# The three questions that are asked at both speeds.
JOBS = ("lint", "types", "test")
TITLES = {
    "poetry": "Poetry",
    "fast": "Fast: uv, one group",
    "full": "Full: in the image",
    "build": "Building the image for the full jobs, a view edited",
}

# What a machine types around the lines of a job: the project as checked out, with what is cached.
JOB = """
set -e
rm -rf "$CI_PROJECT_DIR" && mkdir -p "$CI_PROJECT_DIR" && cp -r /checkout/. "$CI_PROJECT_DIR"
cd "$CI_PROJECT_DIR"
for path in {cached}; do [ ! -e "/builds/$path" ] || mv "/builds/$path" "$path"; done
(
{lines}
)
for path in {cached}; do [ ! -e "$path" ] || mv "$path" "/builds/$path"; done
"""


@dataclass(frozen=True)
class TimedJob:
    """A job of one of the pipelines, as its file describes it. `image` is None for a build."""

    kind: str
    name: str
    image: str | None
    lines: list[str]
    variables: dict[str, str]
    cached: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Tells it from the same job before a change; the image's tag is another each time."""
        return repr((self.lines, self.variables, self.cached))


def jobs(image: str) -> list[TimedJob]:
    """Every job that is timed. `image` is what the full jobs run in."""
    found = []
    poetry = gitlab_sections(POETRY)
    for name in JOBS:
        default = poetry["default"]
        lines = poetry[name]["script"]
        found.append(
            TimedJob(
                *("poetry", name, default["image"], lines),
                *(poetry["variables"], default["cache"]["paths"]),
            )
        )
    ours = gitlab_jobs(find_example(pipelines.TWO_SPEEDS).gitlab_pipeline)
    for name in JOBS:
        job = ours[name]
        lines = [*job["script"], *job["after_script"]]
        found.append(
            TimedJob("fast", name, job["image"], lines, job["variables"], job["cache"]["paths"])
        )
    for name in JOBS:
        job = ours[f"full {name}"]
        found.append(TimedJob("full", name, image, [*job["before_script"], *job["script"]], {}))
    build = ours["build"]
    found.append(TimedJob("build", "build", None, [*build["before_script"], *build["script"]], {}))
    return found


@dataclass
class Place:
    """A machine with a Docker engine of its own, and the projects on it."""

    network: CiNetwork
    machine: DockerInDocker
    jobs: list[TimedJob]

    def fresh(self, job: TimedJob) -> float:
        """Seconds of a job on a machine that has no image, no layer and nothing cached."""
        self._forget_everything()
        return self._run(job)

    def warm(self, job: TimedJob) -> float:
        """Seconds of the same job once more, directly after it."""
        return self._run(job)

    def _forget_everything(self) -> None:
        everything = (
            "docker system prune --all --force --volumes; docker volume prune --all --force"
        )
        self.machine.run(f"{everything}; docker buildx prune --all --force")

    def _run(self, job: TimedJob) -> float:
        start = time.monotonic()
        if job.image is None:
            environ = gitlab.variables(self.network, gitlab.MAIN)
            environ["CI_COMMIT_REF_SLUG"] = "main"
            environ["CI_COMMIT_SHA"] = "edited"
            # Each time another edit, whose layers nobody has seen.
            change = 'echo "# $(cat /proc/sys/kernel/random/uuid)" >> bookings/views.py'
            script = "\n".join(["cd /edited", change, *job.lines])
            done = self.machine.run(script, environ)
        else:
            lines = JOB.format(lines="\n".join(job.lines), cached=" ".join(job.cached))
            checkout = "/poetry" if job.kind == "poetry" else "/project"
            given = {"CI_PROJECT_DIR": "/builds/project", "CI_JOB_NAME": job.name}
            for name, value in job.variables.items():
                given[name] = value.replace("$CI_PROJECT_DIR", given["CI_PROJECT_DIR"])
            options = [f"--env={name}={value}" for name, value in given.items()]
            options += [f"--volume={checkout}:/checkout:ro", "--volume=builds:/builds"]
            if job.kind == "full":
                options = []
                lines = "\n".join(["set -e", *job.lines])
            have = f"docker image inspect {job.image} > /dev/null 2>&1"
            pull = f"{have} || docker pull --quiet {job.image}"
            words = ["docker", "run", "--rm", *options, job.image, "bash", "-c", lines]
            done = self.machine.run(f"{pull}\n{shlex.join(words)}")
        seconds = time.monotonic() - start
        if done.returncode != 0:
            raise Problem(f"The job {job.kind} {job.name} is red: {reason(done.stdout)}")
        return round(seconds, 2)


@contextmanager
def place(engine: Engine) -> Iterator[Place]:
    """Somewhere to time the jobs: the registry has the images, and the layers of the last build."""
    example = find_example(pipelines.TWO_SPEEDS)
    with (
        ci_network.running_network(
            engine, [*example.parsed.external_images, *example.gitlab_images[:1]]
        ) as network,
        gitlab.gitlab_runner(network, example) as checkout,
        ci_network.docker_in_docker(network) as machine,
        tempfile.TemporaryDirectory(prefix="guide-poetry-") as home,
    ):
        first = checkout.run("build", gitlab.MAIN)
        if first.exit_code != 0:
            raise Problem(f"The image for the full jobs could not be built: {reason(first.output)}")
        machine.copy(checkout.folder, "/project")
        machine.copy(_locked_by_poetry(engine, Path(home) / "project"), "/poetry")
        machine.copy(checkout.folder, "/edited")
        login = f'echo "$PASSWORD" | docker login --username {ci_network.USER} --password-stdin'
        machine.run(f"{login} {ci_network.REGISTRY}", {"PASSWORD": network.password})
        yield Place(network, machine, jobs(checkout.image("/test")))


def _locked_by_poetry(engine: Engine, folder: Path) -> Path:
    """A copy of the project with a poetry.lock. Poetry 2 reads the same pyproject.toml.

    Raises Problem when the two lockfiles do not agree: then the jobs would install other things.
    """
    example = find_example(pipelines.TWO_SPEEDS)
    copy(example, folder)
    pyproject = folder / "pyproject.toml"
    pyproject.write_text(f"{pyproject.read_text()}\n[tool.poetry]\npackage-mode = false\n")
    image = build_poetry_image(engine, find_example(BEFORE))
    mount = f"type=bind,source={folder},target=/project"
    engine.run(image, "poetry", "lock", options=("--mount", mount))
    locks = ((folder / name).read_text() for name in ("uv.lock", "poetry.lock"))
    ours, theirs = map(locked_versions, locks)
    other = sorted(name for name, version in theirs.items() if ours.get(name, version) != version)
    if other:
        raise Problem(f"Poetry locks other versions of {', '.join(other)}: run uv lock --upgrade.")
    return folder

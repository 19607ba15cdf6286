"""Time pipeline jobs: the jobs of a Poetry pipeline, and the fast and full jobs of the uv pipeline.

The time of a job includes pulling its image and running its commands in a container. It excludes
queueing, checkout and cache transfer, which take the same time for every job.
"""

import json
import shlex
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from guide import ROOT, Problem
from guide.bench.results import SAVED, Result
from guide.bench.rounds import Measurement, merge_rounds, run_rounds
from guide.ci import gitlab, pipelines
from guide.ci import network as ci_network
from guide.ci.network import CiNetwork, DockerInDocker
from guide.content.contenders import BEFORE
from guide.content.edits import copy
from guide.content.examples import example as find_example
from guide.content.lockfiles import locked_versions
from guide.content.recording_types import BenchPipelinesRecording, TimedPipelineJob
from guide.content.tool_versions import tools
from guide.content.yaml_files import gitlab_jobs, gitlab_sections, gitlab_variables
from guide.engine.docker import Engine
from guide.engine.poetry import build_poetry_image
from guide.engine.private_server import JOB_TOKEN_USER
from guide.machine.commands import reason
from guide.record import recording
from guide.record.saved_results import SavedResults, fingerprint

POETRY_PIPELINE = ROOT / "scripts/guide/content/pipelines/poetry.gitlab-ci.yml"

# The jobs that exist in the fast and in the full pipeline.
JOBS = ("lint", "types", "test")
TITLES = {
    "poetry": "Poetry",
    "fast": "Fast: uv, one group",
    "full": "Full: in the image",
    "build": "Building the image for the full jobs, a view edited",
}

# A runner checks out the project and restores the caches before the commands, and saves the caches
# afterwards.
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
# Adds a unique line, so that no cache has the resulting layers.
EDIT_VIEW = 'echo "# $(cat /proc/sys/kernel/random/uuid)" >> bookings/views.py'


@dataclass(frozen=True)
class TimedJob:
    """A job as its pipeline file defines it. `image` is None for the job that builds the image."""

    kind: str
    name: str
    image: str | None
    lines: list[str]
    variables: dict[str, str]
    cached: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """A hash of the job without its image, whose tag is new in each run."""
        return fingerprint(repr((self.lines, self.variables, self.cached)))


def timed_jobs(image: str) -> list[TimedJob]:
    """Return every job to time. `image` is the image that the full jobs run in."""
    poetry = gitlab_sections(POETRY_PIPELINE)
    poetry_image, cached = poetry["default"]["image"], poetry["default"]["cache"]["paths"]
    variables = gitlab_variables(POETRY_PIPELINE)
    jobs = [
        TimedJob("poetry", name, poetry_image, poetry[name]["script"], variables, cached)
        for name in JOBS
    ]
    pipeline = gitlab_jobs(find_example(pipelines.TWO_SPEEDS).gitlab_pipeline)
    for name in JOBS:
        job = pipeline[name]
        cached = job["cache"]["paths"]
        jobs.append(TimedJob("fast", name, job["image"], job["script"], job["variables"], cached))
    for name in JOBS:
        job = pipeline[f"full {name}"]
        jobs.append(TimedJob("full", name, image, [*job["before_script"], *job["script"]], {}))
    build = pipeline["build"]
    jobs.append(TimedJob("build", "build", None, [*build["before_script"], *build["script"]], {}))
    return jobs


@dataclass
class JobMachine:
    """A machine with its own Docker engine and copies of the projects, on which jobs run."""

    network: CiNetwork
    docker: DockerInDocker
    jobs: list[TimedJob]

    def time(self, job: TimedJob) -> Result:
        """Time a job with no images, layers or caches on the machine, and then once more.

        Raises Problem if the job fails.
        """
        prune = "docker system prune --all --force --volumes; docker volume prune --all --force"
        self.docker.run(f"{prune}; docker buildx prune --all --force")
        fresh, warm = self._seconds(job), self._seconds(job)
        return {"timings": {"fresh": {"seconds": fresh}, "warm": {"seconds": warm}}}

    def _seconds(self, job: TimedJob) -> float:
        start = time.monotonic()
        done = self.docker.run(*(self._script(job) if job.image else self._build_script(job)))
        seconds = time.monotonic() - start
        if done.returncode != 0:
            raise Problem(f"The job {job.kind} {job.name} failed: {reason(done.stdout)}")
        return round(seconds, 2)

    def _build_script(self, job: TimedJob) -> tuple[str, dict[str, str]]:
        environ = gitlab.variables(self.network, gitlab.MAIN)
        environ |= {"CI_COMMIT_REF_SLUG": "main", "CI_COMMIT_SHA": "edited"}
        return "\n".join(["cd /edited", EDIT_VIEW, *job.lines]), environ

    @staticmethod
    def _script(job: TimedJob) -> tuple[str, dict[str, str]]:
        if job.kind == "full":
            options, lines = [], "\n".join(["set -e", *job.lines])
        else:
            folder = "/builds/project"
            variables = {"CI_PROJECT_DIR": folder, "CI_JOB_NAME": job.name}
            for name, value in job.variables.items():
                variables[name] = value.replace("$CI_PROJECT_DIR", folder)
            checkout = "/poetry" if job.kind == "poetry" else "/project"
            options = [f"--env={name}={value}" for name, value in variables.items()]
            options += [f"--volume={checkout}:/checkout:ro", "--volume=builds:/builds"]
            lines = JOB.format(lines="\n".join(job.lines), cached=" ".join(job.cached))
        pull = f"docker image inspect {job.image} > /dev/null 2>&1 || docker pull -q {job.image}"
        words = ["docker", "run", "--rm", *options, str(job.image), "bash", "-c", lines]
        return f"{pull}\n{shlex.join(words)}", {}


@contextmanager
def job_machine(engine: Engine) -> Iterator[JobMachine]:
    """Yield a machine on which the jobs run.

    Its registry contains the images of the jobs and the layers of the previous build.
    """
    example = find_example(pipelines.TWO_SPEEDS)
    images = [*example.parsed.external_images, *example.gitlab_images[:1]]
    with (
        ci_network.running_network(engine, images) as network,
        gitlab.gitlab_runner(network, example) as runner,
        ci_network.docker_in_docker(network) as docker,
        tempfile.TemporaryDirectory(prefix="guide-poetry-") as home,
    ):
        first = runner.run("build", gitlab.MAIN)
        if first.exit_code != 0:
            raise Problem(f"The image for the full jobs could not be built: {reason(first.output)}")
        docker.copy(runner.folder, "/project")
        docker.copy(_locked_by_poetry(engine, Path(home) / "project"), "/poetry")
        docker.copy(runner.folder, "/edited")
        login = f'echo "$PASSWORD" | docker login --username {JOB_TOKEN_USER} --password-stdin'
        docker.run(f"{login} {ci_network.REGISTRY}", {"PASSWORD": network.password})
        yield JobMachine(network, docker, timed_jobs(runner.image("/test")))


def _locked_by_poetry(engine: Engine, folder: Path) -> Path:
    """Copy the project and add a poetry.lock. Poetry 2 reads the same pyproject.toml.

    Poetry locks twice: first with the versions of uv.lock in an additional group, and then without
    that group. The second time, it keeps the versions, even if newer ones have been released.
    Raises Problem if poetry.lock has other versions than uv.lock, because the jobs would then
    install different packages.
    """
    copy(find_example(pipelines.TWO_SPEEDS), folder)
    pyproject = folder / "pyproject.toml"
    text = f"{pyproject.read_text()}\n[tool.poetry]\npackage-mode = false\n"
    uv = locked_versions((folder / "uv.lock").read_text())
    pins = "".join(f'"{name}" = "{version}"\n' for name, version in uv.items())
    image = build_poetry_image(engine, find_example(BEFORE))
    mount = f"type=bind,source={folder},target=/project"
    for each in (f"{text}\n[tool.poetry.group.pins.dependencies]\n{pins}", text):
        pyproject.write_text(each)
        engine.run(image, "poetry", "lock", options=("--mount", mount))
    poetry = locked_versions((folder / "poetry.lock").read_text())
    different = sorted(name for name, version in poetry.items() if uv.get(name, version) != version)
    if different:
        packages = ", ".join(different)
        raise Problem(
            f"Poetry did not keep the versions in uv.lock of {packages}: check their constraints."
        )
    return folder


def measure_pipelines(engine: Engine, rounds: int) -> BenchPipelinesRecording:
    """Time every job in all rounds, and return the content of the recording."""
    saved = SavedResults[Result](SAVED, json.dumps(["pipelines", engine.versions]))
    with job_machine(engine) as machine:
        jobs = machine.jobs
        measurements = [
            Measurement(
                "jobs",
                f"{job.kind} {job.name}",
                partial(machine.time, job),
                job.fingerprint,
                rounds,
            )
            for job in jobs
        ]
        results = run_rounds(engine, saved, measurements)
    rows: list[TimedPipelineJob] = [
        {
            "name": measurement.name,
            "title": TITLES[job.kind],
            "commands": job.lines,
            "runs": merge_rounds(results_of_job),
        }
        for job, (measurement, results_of_job) in zip(jobs, results, strict=True)
    ]
    saved.delete()
    return {"recorded": recording.make_provenance(engine, **tools()), "jobs": rows}

"""What is timed of the contenders: builds, jobs on a fresh runner, lint, a sync, a start.

A cold build is cold: no layer below it has been seen, and its cache mounts are its own.
"""

import json
import re
import secrets
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from guide import Problem
from guide.content.contenders import AFTER, BEFORE, DEPENDENCIES, Contender, contender
from guide.content.edits import copy, edit
from guide.content.examples import Example, example
from guide.content.lockfiles import locked_versions
from guide.content.tool_versions import poetry_version
from guide.engine import private_server
from guide.engine.build import Build, build
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.isolated import empty_cache_mounts, replacing_base_images, unused_base_image
from guide.engine.poetry import build_poetry_image
from guide.engine.private_server import PrivateServer
from guide.engine.running import fresh_builder
from guide.engine.uv import PYTHON_IMAGE, build_uv_image, uv_in_container
from guide.machine.progress import doing
from guide.machine.waiting import wait_until
from guide.record import layers

# The dependency that somebody adds: small, of pure Python, and without dependencies but Django.
ADDED = "django-simple-history"

TITLES = {
    "cold": "as it is",
    "view": "a view edited",
    "ruff": "a linter setting changed",
    "version": "the version bumped",
    "dependency": "a dependency added",
}


@dataclass
class Place:
    """Where the contenders are timed: the engine, the private index, and the changed projects.

    `trees` has a folder for each project and change.
    """

    engine: Engine
    private: PrivateServer
    home: Path
    trees: dict[tuple[str, str], Path]
    dependencies: str = ""
    # What is made once and used by every round: images by their use, and a CI runner.
    images: dict[str, str] = field(default_factory=dict)
    runner: "Runner | None" = None

    def build(
        self,
        contender: Contender,
        change: str,
        tag: str,
        *arguments: str,
        engine: Engine | None = None,
    ) -> Build:
        """Build one contender after one change. `arguments` go to `docker buildx build`."""
        tree = self.trees[contender.project, _tree(change)]
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            project = Path(folder) / contender.project
            subprocess.run(["cp", "-a", tree, project], check=True)
            (project / "Dockerfile").write_text(contender.text)
            reach = self.private.build_arguments()
            return build(engine or self.engine, project, tag, *reach, *arguments)

    def cold(self, contender: Contender, unseen: Callable[[Engine, str], str]) -> list[str]:
        """Arguments that make the builds of a contender cold. `unseen` makes an image like another
        one."""
        images = {name: name for name in contender.base_images}
        if contender.name == "floor":
            images[DEPENDENCIES] = self.dependencies
        bases = {name: unseen(self.engine, image) for name, image in images.items()}
        return [*empty_cache_mounts(), *replacing_base_images(bases)]

    @contextmanager
    def tag(self, contender: Contender) -> Iterator[str]:
        """A name for the images of one contender, which go at the end."""
        repository = f"{PREFIX}/{contender.name}-{secrets.token_hex(4)}"
        tags = [f"{repository}:{change}" for change in contender.changes]
        try:
            yield repository
        finally:
            self.engine.docker("image", "rm", "--force", *tags, check=False)


def _tree(change: str) -> str:
    return "cold" if change == "nothing" else change


# --- the projects, changed ---


@contextmanager
def place(engine: Engine, chosen: list[Contender], finished: str = "pattern-a") -> Iterator[Place]:
    """Somewhere to time contenders, with their projects and a private index.

    `finished` is the contender whose packages the floor starts from.
    """
    after = example(AFTER)
    engine.need_images([*after.images, PYTHON_IMAGE])
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-bench-")))
        private = stack.enter_context(private_server.started(engine, after))
        trees = {}
        for project in (BEFORE, AFTER):
            mine = [each for each in chosen if each.project == project]
            # The jobs work on both projects as they are.
            changes = ["cold", *(_tree(name) for each in mine for name in each.changes)]
            for change in dict.fromkeys(changes):
                with doing("bench", f"{project}, {TITLES[change]}"):
                    folder = home / f"{project}-{change}"
                    trees[project, change] = _changed_copy(
                        engine, private, example(project), change, folder
                    )
        made = Place(engine, private, home, trees)
        if any(each.name == "floor" for each in chosen):
            made.dependencies = _dependency_image(made, contender(finished))
        try:
            yield made
        finally:
            if made.dependencies:
                engine.docker("image", "rm", "--force", made.dependencies, check=False)


def _changed_copy(
    engine: Engine, private: PrivateServer, project: Example, change: str, folder: Path
) -> Path:
    """A copy of a project after a change, made with the project's own tool."""
    copy(project, folder)
    if change in {"view", "ruff"}:
        edit(change).apply(folder, _no_uv)
    if change not in {"version", "dependency"} and not project.has_uv:
        return folder
    run = (_uv if project.has_uv else _poetry)(engine, project, private)
    if change == "version":
        run(folder, ["version", *(["--bump"] if project.has_uv else []), "patch"])
    elif change == "dependency":
        run(folder, ["add", ADDED])
    if project.has_uv:
        # For pip: the same packages, out of the same lockfile.
        export = ["export", "--quiet", "--locked", "--no-default-groups", "--extra", "reports"]
        run(folder, [*export, "--no-header", "--no-annotate", "-o", "requirements.txt"])
    return folder


def _no_uv(_folder: Path, arguments: list[str]) -> None:
    raise Problem(f"No uv is needed here, and {arguments} were asked for.")


def _uv(engine: Engine, project: Example, private: PrivateServer):
    uv = uv_in_container(engine, project, private)

    def run(folder: Path, arguments: list[str]) -> None:
        changes = arguments[0] in {"version", "add"}
        uv(folder, [*arguments, "--no-sync"] if changes else arguments)

    return run


def _poetry(engine: Engine, project: Example, private: PrivateServer):
    """The same for Poetry, in the version that the project's Dockerfile installs."""
    image = build_poetry_image(engine, project)

    def run(folder: Path, arguments: list[str]) -> None:
        user = f"{folder.stat().st_uid}:{folder.stat().st_gid}"
        mount = f"type=bind,source={folder},target=/project"
        options = ("--user", user, "--mount", mount, "--env=HOME=/tmp", *private.run_options)
        lock = ["--lock"] if arguments[0] == "add" else []
        engine.run(image, "poetry", *arguments, *lock, options=options)

    return run


def _dependency_image(made: Place, finished: Contender) -> str:
    """What the floor starts from: Pattern A up to where it copies the code."""
    text = finished.parsed.text_before(finished.parsed.instruction("COPY . ."))
    tag = f"{PREFIX}/dependencies:{secrets.token_hex(4)}"
    with doing("bench", "the finished dependencies for the floor"):
        made.build(replace(finished, text=text), "cold", tag)
    return tag


# --- what is timed ---


def builds(made: Place, contender: Contender) -> dict:
    """One cold build, and one after each change. Seconds of wall time, and the steps that ran."""
    cold = made.cold(contender, unused_base_image)
    found = {}
    with made.tag(contender) as tag:
        for change in contender.changes:
            done = made.build(contender, change, f"{tag}:{change}", *cold)
            found[change] = {
                "seconds": round(done.seconds, 2),
                "steps": layers.recorded_steps(done),
            }
    return found


# A fresh CI runner is timed for these, after these changes.
ON_A_RUNNER = ("poetry-usual", "poetry-best", "pip", "pattern-a", "pattern-c")
AFTER_ON_A_RUNNER = ("view", "dependency")


@dataclass
class Runner:
    """A builder with nothing in it, and a registry that has the layers of a cold build."""

    engine: Engine
    registry: str

    def build(self, made: Place, contender: Contender, change: str) -> Build:
        """One job: take the layers of the cold build from the registry, build, and push.

        Its own layers are pushed as well, under another name: each job finds what the first left.
        """
        everything = ("buildx", "prune", "--builder", self.engine.builder, "--all", "--force")
        self.engine.docker(*everything)
        repository = f"{self.registry}/{contender.name}"
        cache, tag = f"type=registry,ref={repository}:layers-", f"{repository}:{change}"
        options = ["--cache-to", f"{cache}{change},mode=max"]
        options += ["--allow=network.host", "--network=host"]
        if change != "cold":
            options += ["--cache-from", f"{cache}cold"]
        done = made.build(contender, change, tag, "--push", *options, engine=self.engine)
        self.engine.docker("image", "rm", "--force", tag, check=False)
        return done


@contextmanager
def runner(engine: Engine, chosen: list[Contender]) -> Iterator[Runner]:
    """A Runner that has the base images and nothing else."""
    engine.need_images([REGISTRY])
    images = {name for each in chosen for name in each.images}
    options = ("--label", LABEL, "--publish", "127.0.0.1::5000")
    container = engine.docker("run", "--detach", *options, REGISTRY).stdout.strip()
    try:
        port = engine.docker("port", container, "5000/tcp").stdout.split()[0].rpartition(":")[2]
        with fresh_builder(engine, *sorted(images)) as fresh:
            yield Runner(fresh, f"localhost:{port}/{secrets.token_hex(4)}")
    finally:
        engine.docker("rm", "--force", "--volumes", container, check=False)


REGISTRY = "registry:3"


def on_a_runner(made: Place, contender: Contender) -> dict:
    """Jobs on a fresh runner, the layers of the cold build being in a registry. Seconds."""
    first = f"runner {contender.name}"
    if first not in made.images:
        made.images[first] = made.runner.build(made, contender, "cold").tag
    found = {}
    for change in AFTER_ON_A_RUNNER:
        done = made.runner.build(made, contender, change)
        steps = layers.recorded_steps(done)
        found[change] = {"seconds": round(done.seconds, 2), "steps": steps}
    return found


# How long a command line takes, without the start of the container that it runs in. With "twice"
# it has run before.
TIMED = """
import subprocess, sys, time
line, times = sys.argv[1], int(sys.argv[2])
for _ in range(times):
    start = time.monotonic()
    done = subprocess.run(line, shell=True, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode:
        sys.exit(done.stderr + done.stdout)
print(f"{seconds:.3f}")
"""


@dataclass(frozen=True)
class Job:
    """A command line that is timed in a container of the named kind, in a copy of a project."""

    name: str
    title: str
    project: str
    # "python", "poetry", "uv", or for a sync one in which everything is installed.
    image: str
    line: str
    times: int = 1


def lint_jobs() -> list[Job]:
    """What a CI job types to lint, from a runner that has nothing."""
    poetry = poetry_version(example(BEFORE))
    lint = "poetry install --only lint && poetry run ruff check ."
    install = f"pip install --disable-pip-version-check --root-user-action=ignore poetry=={poetry}"
    ruff = locked_versions((example(AFTER).folder / "uv.lock").read_text())["ruff"]
    return [
        Job("poetry", "Poetry, installed by the job", BEFORE, "python", f"{install} && {lint}"),
        Job("poetry-in-the-image", "Poetry, in the job's image", BEFORE, "poetry", lint),
        Job(
            "uv",
            "uv, one group",
            AFTER,
            "uv",
            "uv run --locked --only-group lint ruff check .",
        ),
        Job("uvx", "uvx, ruff alone", AFTER, "uv", f"uvx ruff@{ruff} check ."),
    ]


def sync_jobs() -> list[Job]:
    """Asking for what is installed already."""
    return [
        Job("poetry", "poetry install", BEFORE, "poetry-synced", "poetry install --all-extras", 2),
        Job(
            "uv",
            "uv sync",
            AFTER,
            "uv-synced",
            "uv sync --locked --all-groups --all-extras",
            2,
        ),
    ]


SYNCED = """
FROM {base}
ENV {setting}
WORKDIR /project
COPY . .
RUN --mount=type=secret,id=package_password,env={variable}_PASSWORD \\
    {variable}_USERNAME={user} {job.line}
"""


def _job_image(made: Place, job: Job) -> str:
    """The image that a job runs in, made at its first use."""
    if job.image not in made.images:
        engine = made.engine
        if job.image == "python":
            made.images[job.image] = PYTHON_IMAGE
        elif job.image == "uv":
            made.images[job.image] = build_uv_image(engine, example(AFTER))
        elif job.image == "poetry":
            made.images[job.image] = build_poetry_image(engine, example(BEFORE))
        else:
            tool = job.image.removesuffix("-synced")
            base = _job_image(made, replace(job, image=tool))
            variable = "UV_INDEX_ACME" if tool == "uv" else "POETRY_HTTP_BASIC_ACME"
            # uv with its cache, as on a laptop.
            setting = "UV_NO_CACHE=0" if tool == "uv" else "POETRY_VIRTUALENVS_IN_PROJECT=1"
            text = SYNCED.format(
                base=base, setting=setting, variable=variable, user=private_server.USER, job=job
            )
            tag = f"{PREFIX}/{job.image}:{secrets.token_hex(4)}"
            with doing("bench", f"an image with everything installed by {tool}"):
                made.build(Contender(job.image, "", job.project, text, ()), "cold", tag)
            made.images[job.image] = tag
    return made.images[job.image]


def run_job(made: Place, job: Job) -> dict:
    """How long the command line of a job took, in seconds."""
    image = _job_image(made, job)
    options = ["--user=0", *made.private.run_options]
    script = 'python -c "$0" "$1" "$2"'
    if not job.image.endswith("-synced"):
        tree = made.trees[job.project, "cold"]
        options.append(f"--mount=type=bind,source={tree},target=/original,readonly")
        script = f"cp -r /original /job && cd /job && {script}"
    done = made.engine.run(
        image, "sh", "-c", script, TIMED, job.line, str(job.times), options=tuple(options)
    )
    return {"command": {"seconds": round(float(done.stdout.split()[-1]), 3)}}


# A start is timed with bytecode and without.
STARTED = ("pattern-a", "pattern-a-uncompiled")


def start(made: Place, contender: Contender) -> dict:
    """From `docker run` to the first answer of the service, in seconds."""
    name = f"start {contender.name}"
    if name not in made.images:
        tag = f"{PREFIX}/{contender.name}:{secrets.token_hex(4)}"
        made.build(contender, "cold", tag)
        made.images[name] = tag
    engine = made.engine
    settings = ("SECRET_KEY=only-for-this-run", "ALLOWED_HOSTS=127.0.0.1", "HTTPS=off")
    options = [f"--env=DJANGO_{each}" for each in settings]
    options += ["--label", LABEL, "--read-only", "--tmpfs=/tmp", "--publish=127.0.0.1::8000"]
    began = time.monotonic()
    container = engine.docker("run", "--detach", *options, made.images[name]).stdout.strip()
    try:
        address = engine.docker("port", container, "8000/tcp").stdout.split()[0]
        _wait_for(f"http://{address}/api/", container)
        return {"start": {"seconds": round(time.monotonic() - began, 2)}}
    finally:
        engine.docker("rm", "--force", "--volumes", container, check=False)


def _wait_for(address: str, container: str) -> None:
    def answers() -> bool:
        with urllib.request.urlopen(address, timeout=5):
            return True

    failing = f"The service in container {container[:12]} did not answer"
    wait_until(answers, timeout=60, interval=0.01, failing=failing, ignoring=OSError)


# The shell of a build that is measured: runs a step and says what it fetched and needed. The
# memory of all its processes is added up 20 times a second.
MEASURE = r"""#!/bin/sh
received() { awk '/eth0:/ { sub(/.*:/, ""); print $1 }' /proc/net/dev; }
before=$(received)
/bin/sh -c "$1" &
step=$!
peak=0
while state=$(awk '{ print $3 }' /proc/$step/stat 2>/dev/null) && [ "$state" != Z ]; do
    now=$(cat /proc/[0-9]*/statm 2>/dev/null | awk '{ pages += $2 } END { print pages * 4 }')
    [ "$now" -le "$peak" ] || peak=$now
    sleep 0.05
done
wait $step
code=$?
echo "measured: $(( $(received) - ${before:-0} )) bytes, $peak KiB"
exit $code
"""


def _measuring(engine: Engine, base: str) -> str:
    """As unused_base_image, with a shell that measures."""
    mark = secrets.token_hex(8)
    tag = f"{PREFIX}/base:{mark}"
    text = f"FROM {base}\nCOPY <<'END' /etc/{PREFIX}\n{mark}\nEND\n"
    text += f"COPY --chmod=755 <<'END' /measure\n{MEASURE}END\nSHELL [\"/measure\"]\n"
    engine.build_text(text, tag)
    return tag


def image(made: Place, contender: Contender) -> dict:
    """What is in the image, and what building it cold fetches and needs. Bytes."""
    cold = made.cold(contender, _measuring)
    with made.tag(contender) as tag:
        done = made.build(contender, "cold", f"{tag}:cold", *cold)
        inspected = json.loads(made.engine.docker("image", "inspect", f"{tag}:cold").stdout)[0]
    measured = re.findall(r"measured: (\d+) bytes, (\d+) KiB", done.output)
    return {
        "image": {
            "size": inspected["Size"],
            "layers": len(inspected["RootFS"]["Layers"]),
            "downloaded": sum(int(each) for each, _ in measured),
            "peak_memory": max((int(each) for _, each in measured), default=0) * 1024,
        }
    }

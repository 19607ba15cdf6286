"""A running Docker engine, and the docker commands that use it."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from guide import Problem
from guide.engine import images, stand_ins
from guide.machine.commands import reason, run, stop
from guide.machine.interrupts import uninterrupted
from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.machine.waiting import wait_until
from guide.start.environment import cache_dir

# PREFIX begins the name or the label of everything that this run creates in an engine, so that it
# can be removed at the end. All prefixes have the same length, so that none begins with another.
# The processes of a run share the prefix through the environment.
ALL_RUNS_PREFIX = "guide-run-"
PREFIX = f"{ALL_RUNS_PREFIX}{os.environ.setdefault('GUIDE_RUN', secrets.token_hex(4))}"
LABEL = f"guide={PREFIX}"

# The size to which `prune` reduces the build cache before a run and between timed builds. A full
# test run creates 12 GB of layers.
CACHE_KEPT_GB = 8

# Seconds within which the health check of a container must succeed.
HEALTHY_WITHIN = 60
# States of a container that has stopped.
STOPPED_STATES = ("exited", "dead")


@dataclass
class Engine:
    """A running engine. `environ` is the environment in which the docker command reaches it."""

    environ: dict[str, str]
    private: bool
    stand_ins: list[str] = field(default_factory=list)
    # Values for `--build-arg` that builds need because a base image is a stand-in.
    build_arguments: dict[str, str] = field(default_factory=dict)
    # The requested base images that are in the engine.
    images: list[str] = field(default_factory=list)
    # The path of the buildx program, for builds that are not timed. Timed builds run `docker`, as
    # readers do. It starts buildx twice, which takes 0.3 s instead of 0.1 s.
    buildx: str | None = None
    # A folder for temporary files in the engine's separate file system, if it has one.
    temporary: str | None = None

    def docker(
        self,
        *arguments: str,
        check: bool = True,
        timeout: float = 600,
        input: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run one docker command and return the completed process, with its output as text.

        Raises Problem if the command fails, unless `check` is False, or if it takes longer than
        `timeout` seconds.
        """
        return run(
            *self.command(*arguments),
            failing=f"docker {' '.join(arguments[:2])} failed",
            check=check,
            timeout=timeout,
            input=input,
            env=self.environ,
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the arguments of a docker command. A set `buildx` replaces `docker buildx`."""
        if arguments[0] == "buildx" and self.buildx:
            return [self.buildx, *arguments[1:]]
        return ["docker", *arguments]

    def plugin(self, name: str) -> str:
        """Return the path of a plugin of the docker command."""
        listing = self.docker("info", "--format", "{{json .ClientInfo.Plugins}}").stdout
        plugins: list[dict[str, str]] = json.loads(listing)
        return next(plugin["Path"] for plugin in plugins if plugin["Name"] == name)

    def run(
        self,
        image: str,
        *command: str,
        options: tuple[str, ...] = (),
        check: bool = True,
        timeout: float = 600,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command, or the image's default, in a new container that is removed afterwards.

        `options` are passed to `docker run`. Raises Problem as `docker` does.
        """
        arguments = ("--rm", "--label", LABEL, *options, image, *command)
        return self.docker("run", *arguments, check=check, timeout=timeout)

    def build_text(self, dockerfile: str, tag: str) -> None:
        """Build an image from the text of a Dockerfile that copies no files."""
        command = ("buildx", "build", "--builder", self.builder, "--quiet", "--load")
        self.docker(*command, "--tag", tag, "-", input=dockerfile)

    def containers(self, *filters: str) -> list[str]:
        """Return the ids of all containers that match Docker's filters, stopped ones included."""
        options = [f"--filter={each}" for each in filters]
        listing = ("container", "ls", "--all", "--quiet", "--no-trunc", *options)
        return self.docker(*listing).stdout.split()

    def wait_until_healthy(self, container: str) -> None:
        """Wait until a container's health check succeeds.

        Raises Problem if it does not succeed within a minute, or if the container stops. A note of
        the exception contains the end of the container's log and the output of its health check.
        """
        template = "{{.State.Status}} {{.State.Health.Status}}"

        def is_healthy() -> bool:
            state = self.docker("inspect", "--format", template, container).stdout
            if state.startswith(STOPPED_STATES):
                raise Problem("A container stopped before it became healthy.")
            return state == "running healthy\n"

        try:
            wait_until(
                is_healthy, timeout=HEALTHY_WITHIN, failing="A container did not become healthy"
            )
        except Problem as problem:
            log = self._log(container)
            detailed = Problem(f"{str(problem).rstrip('.')}: {reason(log)}")
            detailed.add_note(f"{log}\n{self._health(container)}")
            raise detailed from None

    def _log(self, container: str) -> str:
        """Return the last lines that a container printed."""
        logs = self.docker("logs", "--tail", "40", container, check=False)
        return f"{logs.stdout}{logs.stderr}".strip()

    def _health(self, container: str) -> str:
        """Return the exit code and the output of the last health check of a container."""
        template = "{{json .State.Health.Log}}"
        inspected = self.docker("inspect", "--format", template, container, check=False).stdout
        checks: list[dict[str, object]] = json.loads(inspected.strip() or "null") or []
        if not checks:
            return "Its health check has not run."
        last = checks[-1]
        return f"Its health check exited with code {last['ExitCode']}: {last['Output']}"

    @cached_property
    def builder(self) -> str:
        """The name of the engine's built-in builder, which is the name of the Docker context.

        Only the built-in builder can use the engine's images.
        """
        return self.docker("context", "show").stdout.strip()

    @cached_property
    def versions(self) -> dict[str, str]:
        """The versions of the engine, buildx, Compose and, if the engine reports it, BuildKit."""
        server = json.loads(self.docker("version", "--format", "{{json .Server}}").stdout)
        inspect = self.docker("buildx", "inspect", self.builder, check=False).stdout
        buildkit = re.search(r"BuildKit version:\s*v?(\S+)", inspect)
        return {
            "docker": server["Version"],
            # Debian's build of Docker reports its BuildKit as 0.0.0.
            "buildkit": buildkit[1]
            if buildkit and not buildkit[1].startswith("0.0.0")
            else "unknown",
            "buildx": self.docker("buildx", "version").stdout.split()[1].lstrip("v"),
            "compose": self.docker("compose", "version", "--short").stdout.strip().lstrip("v"),
        }

    @property
    def base_images(self) -> str:
        """The source of the base images: `pulled` or `stand-ins`."""
        return "stand-ins" if self.stand_ins else "pulled"

    def __str__(self) -> str:
        where = "private, started for this run" if self.private else "already running here"
        where += " in a separate file system" if self.temporary else ""
        base_images = f"stand-ins ({', '.join(self.stand_ins)})" if self.stand_ins else "pulled"
        versions = f"Docker {self.versions['docker']}, buildx {self.versions['buildx']}"
        return f"{versions} ({where}); base images: {base_images}"

    def need_images(self, names: list[str]) -> None:
        """Pull these base images, or build stand-ins for them, unless the engine has them.

        Raises Problem if an image cannot be pulled and no stand-in is possible.
        """
        missing = [name for name in names if name not in self.images]
        if not missing:
            return
        # The processes of a run need the same images, and each image is built once.
        with exclusive(cache_dir() / "images.lock", "base images"):
            new = images.provide(self.docker, missing, self.stand_ins, self.private)
        for name in new:
            self.stand_ins.append(name)
            self.build_arguments |= stand_ins.BUILD_ARGUMENTS.get(name, {})
        self.images += missing

    def image_digest(self, name: str) -> str | None:
        """Return the digest of a base image, the id of a stand-in, or None without the image."""
        inspected = self.docker("image", "inspect", name, check=False)
        if inspected.returncode != 0:
            return None
        [image] = json.loads(inspected.stdout)
        digests: list[str] = [] if name in self.stand_ins else image.get("RepoDigests") or []
        return digests[0].partition("@")[2] if digests else str(image["Id"])

    def prune(self) -> None:
        """Reduce the build cache of a private engine. The most recently used entries are kept."""
        if self.private:
            self.docker(*self._pruning, check=False)

    @contextmanager
    def pruned(self, first: bool) -> Iterator[None]:
        """Prune the build cache before the block runs if `first` is set, otherwise while it runs.

        Builds are a little slower while the cache is pruned.
        """
        if first:
            with doing("engine", "pruning its build cache"):
                self.prune()
            yield
            return
        pruning = subprocess.Popen(
            self.command(*self._pruning),
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A new session, as in `run`.
            start_new_session=True,
        )
        try:
            yield
        finally:
            with uninterrupted():
                stop(pruning)

    @property
    def _pruning(self) -> tuple[str, ...]:
        space = ("--max-used-space", f"{CACHE_KEPT_GB}GB")
        return ("buildx", "prune", "--builder", self.builder, "--all", "--force", *space)

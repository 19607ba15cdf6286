"""Run the services of a CI runner: a registry with a password, and a mirror of base images.

They are containers in a separate network. A Docker engine inside a job (`docker:dind`) pulls its
base images from the mirror, so that jobs are fast and do not need a registry on the internet.
"""

import json
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import bcrypt
from packaging.utils import canonicalize_name

from guide import Problem
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.private_server import JOB_TOKEN_USER, PrivateServer
from guide.engine.uv import PYTHON_IMAGE, TOOLS
from guide.machine.commands import reason
from guide.machine.interrupts import UninterruptedExit, uninterrupted
from guide.machine.progress import doing

REGISTRY_IMAGE = "registry:3"
CLI_IMAGE = "docker:29-cli"
DIND_IMAGE = "docker:29-dind"
IMAGES = (PYTHON_IMAGE, REGISTRY_IMAGE, CLI_IMAGE, DIND_IMAGE)

# A shell command that lists the packages in the `.venv` of the project folder in $0.
LIST_DIST_INFO = 'cd "$0/.venv/lib" 2>/dev/null && ls -d python*/site-packages/*.dist-info || true'

# The host name and port of the registry, in the form that a self-hosted GitLab uses.
REGISTRY = "registry.example.com:5050"

# gitlab-ci-local runs this image to wait for services.
WAIT = """\
FROM {tools}
COPY --chmod=755 <<'END' /wait
#!/bin/bash
until (: < "/dev/tcp/${{1%:*}}/${{1#*:}}") 2>/dev/null; do sleep 0.2; done
END
ENTRYPOINT ["/wait"]
"""


@dataclass(frozen=True)
class CiNetwork:
    """A running network of CI services.

    `password` is the password of the registry, and `published` is its address on this machine.
    `settings` is the daemon.json for Docker engines inside jobs. `tools` and `wait` are image tags.
    """

    engine: Engine
    name: str
    password: str
    published: str
    settings: Path
    tools: str
    wait: str
    # The engine with the credentials of the registry.
    logged_in: Engine
    # Images pulled from the registry, which are removed with the network.
    pulled: list[str] = field(default_factory=list)

    def pull(self, image: str) -> None:
        """Pull an image from the registry and tag it with the name that jobs use."""
        published = image.replace(REGISTRY, self.published)
        self.logged_in.docker("pull", "--quiet", published)
        self.pulled.append(image)
        self.engine.docker("tag", published, image)
        self.engine.docker("image", "rm", published)

    def join(self, private: PrivateServer | None) -> None:
        """Make an example's private server reachable under the host name in its lockfile."""
        connected = self.engine.containers(f"network={self.name}")
        if private is not None and private.container not in connected:
            connect = ("network", "connect", "--alias", private.host)
            self.engine.docker(*connect, self.name, private.container)

    def job_containers(self) -> list[str]:
        """Return the containers of jobs, which are those that do not have the guide's label."""
        connected = self.engine.containers(f"network={self.name}")
        own = self.engine.containers(f"network={self.name}", f"label={LABEL}")
        return [container for container in connected if container not in own]

    def remove_job_containers(self) -> None:
        """Remove the containers of jobs with their volumes and networks."""
        containers = self.job_containers()
        if not containers:
            return
        inspected = json.loads(self.engine.docker("container", "inspect", *containers).stdout)
        mounts = [mount for container in inspected for mount in container["Mounts"]]
        volumes = {mount["Name"] for mount in mounts if "Name" in mount}
        networks = {name for each in inspected for name in each["NetworkSettings"]["Networks"]}
        # The containers that copied files into and out of the volumes were in no network.
        for name in volumes:
            containers += self.engine.containers(f"volume={name}")
        self.engine.docker("container", "rm", "--force", "--volumes", *containers, check=False)
        if volumes:
            self.engine.docker("volume", "rm", "--force", *volumes, check=False)
        for name in networks - {self.name, "bridge"}:
            self.engine.docker("network", "rm", name, check=False)

    def remove_pulled_images(self) -> None:
        """Remove the images that were pulled from the registry."""
        if self.pulled:
            self.engine.docker("image", "rm", "--force", *self.pulled, check=False)


def package_names(listing: str) -> list[str]:
    """Return the package names in the output of LIST_DIST_INFO."""
    names = re.findall(r"site-packages/(.+)-[^-]+\.dist-info", listing)
    return sorted(map(canonicalize_name, names))


@contextmanager
def running_network(engine: Engine, images: list[str]) -> Iterator[CiNetwork]:
    """Run the services of a CI runner while the block runs, with a mirror of `images`.

    Afterwards, everything in the network is removed, including the containers of jobs.
    """
    engine.need_images([*IMAGES, *images])
    name = f"{PREFIX}-ci-{secrets.token_hex(4)}"
    with UninterruptedExit() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-ci-")))
        engine.docker("network", "create", "--label", LABEL, name)
        stack.callback(engine.docker, "network", "rm", name, check=False)
        tools, wait = f"{PREFIX}/ci-tools", f"{PREFIX}/ci-wait"
        engine.build_text(TOOLS, tools)
        engine.build_text(WAIT.format(tools=tools), wait)
        services = _Services(engine, name, stack)
        with doing("pipelines", "starting a registry and a network"):
            mirrored = services.start_mirror(images)
            password = secrets.token_hex(20)
            published = services.start_registry(folder, password)
            logged_in = _logged_in(engine, folder, published, password)
            settings = folder / "daemon.json"
            settings.write_text(json.dumps(_daemon_settings(mirrored, services.start_dns(tools))))
        network = CiNetwork(engine, name, password, published, settings, tools, wait, logged_in)
        stack.callback(network.remove_job_containers)
        stack.callback(network.remove_pulled_images)
        yield network


@dataclass(frozen=True)
class _Services:
    """Starts containers in a network. They are removed when `stack` closes."""

    engine: Engine
    network: str
    stack: ExitStack

    def start(self, image: str, *options: str, command: tuple[str, ...] = ()) -> str:
        """Start a container in the network and return its id."""
        detached = ("run", "--detach", "--label", LABEL, "--network", self.network)
        container = self.engine.docker(*detached, *options, image, *command).stdout.strip()
        remove = ("rm", "--force", "--volumes", container)
        self.stack.callback(self.engine.docker, *remove, check=False)
        return container

    def start_mirror(self, images: list[str]) -> list[str]:
        """Start a registry that mirrors `images`, and return its host names."""
        hosts = ["docker-mirror", *{host for image in images if (host := registry_host(image))}]
        aliases = [f"--network-alias={host}" for host in hosts]
        options = ("--env=REGISTRY_HTTP_ADDR=:80", "--publish=127.0.0.1::80")
        container = self.start(REGISTRY_IMAGE, *options, *aliases)
        published = self.published(container, 80)
        for image in images:
            path = image.removeprefix(f"{registry_host(image)}/")
            tag = f"{published}/{path if '/' in path else f'library/{path}'}"
            self.engine.docker("tag", image, tag)
            self.engine.docker("push", "--quiet", tag)
            self.engine.docker("image", "rm", tag)
        return hosts

    def start_registry(self, folder: Path, password: str) -> str:
        """Start the registry with the password, and return its address on this machine."""
        line = f"{JOB_TOKEN_USER}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n"
        (folder / "htpasswd").write_text(line)
        host, _, port = REGISTRY.partition(":")
        environ = {
            "REGISTRY_AUTH": "htpasswd",
            "REGISTRY_AUTH_HTPASSWD_REALM": "pipelines",
            "REGISTRY_AUTH_HTPASSWD_PATH": "/htpasswd",
            "REGISTRY_HTTP_ADDR": f":{port}",
        }
        container = self.start(
            REGISTRY_IMAGE,
            *(f"--env={key}={value}" for key, value in environ.items()),
            f"--network-alias={host}",
            f"--publish=127.0.0.1::{port}",
            f"--mount=type=bind,source={folder}/htpasswd,target=/htpasswd,readonly",
        )
        return self.published(container, int(port))

    def start_dns(self, tools: str) -> str:
        """Start a DNS server for the names in the network, and return its address in the network.

        Without it, containers of a Docker engine inside a job could not resolve these names.
        """
        options = ("--keep-in-foreground", "--user=root", "--no-hosts", "--log-facility=-")
        container = self.start(tools, command=("dnsmasq", *options))
        template = f'{{{{(index .NetworkSettings.Networks "{self.network}").IPAddress}}}}'
        return self.engine.docker("inspect", "--format", template, container).stdout.strip()

    def published(self, container: str, port: int) -> str:
        """Return the address of a container's port on this machine."""
        return self.engine.docker("port", container, f"{port}/tcp").stdout.split()[0]


def _daemon_settings(mirrored: list[str], dns: str) -> dict[str, object]:
    """Return the daemon.json for Docker engines inside jobs."""
    return {
        "insecure-registries": [REGISTRY, *mirrored],
        "registry-mirrors": [f"http://{mirrored[0]}"],
        "dns": [dns],
        # The default is the address of the outer engine, which serves the release API.
        "bip": "172.30.255.1/24",
    }


def registry_host(image: str) -> str | None:
    """Return the registry in an image's name, or None for Docker Hub."""
    first, slash, _ = image.partition("/")
    return first if slash and re.search(r"[.:]", first) else None


def _logged_in(engine: Engine, folder: Path, registry: str, password: str) -> Engine:
    """Log in to the registry, and return the engine with these credentials, stored in `folder`."""
    context = ("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    settings = {"DOCKER_HOST": engine.docker(*context).stdout.strip(), "DOCKER_CONFIG": str(folder)}
    logged_in = replace(engine, environ={**engine.environ, **settings})
    login = ("login", "--username", JOB_TOKEN_USER, "--password-stdin", registry)
    logged_in.docker(*login, input=password)
    return logged_in


@dataclass(frozen=True)
class DockerInDocker:
    """A Docker engine in a container, initially empty like on a hosted runner.

    It listens on `socket` in the volume `shared`, which is mounted at /shared.
    """

    network: CiNetwork
    container: str
    shared: str
    socket: str = "unix:///shared/docker.sock"

    def run(
        self, script: str, environ: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a script with the container's shell. Its errors are written to standard output."""
        options = [f"--env={name}={value}" for name, value in (environ or {}).items()]
        command = ("sh", "-c", 'exec sh -ec "$0" 2>&1', script)
        arguments = ("exec", *options, self.container, *command)
        return self.network.engine.docker(*arguments, check=False, timeout=900)

    def copy(self, folder: Path, target: str) -> None:
        """Copy a folder into the container."""
        self.network.engine.docker("cp", f"{folder}/.", f"{self.container}:{target}")


@contextmanager
def docker_in_docker(network: CiNetwork) -> Iterator[DockerInDocker]:
    """Run a Docker engine in a container while the block runs, then remove it with its data."""
    engine = network.engine
    shared = f"{PREFIX}-{secrets.token_hex(4)}"
    inner = DockerInDocker(network, shared, shared)
    try:
        engine.docker("volume", "create", "--label", LABEL, shared)
        engine.docker(
            *("run", "--detach", "--name", shared, "--privileged", "--label", LABEL),
            *("--network", network.name, f"--mount=type=volume,source={shared},target=/shared"),
            f"--mount=type=bind,source={network.settings},target=/etc/docker/daemon.json,readonly",
            *(DIND_IMAGE, f"--host={DockerInDocker.socket}"),
        )
        wait = "for _ in $(seq 150); do docker version > /dev/null 2>&1 && exit; sleep 0.2; done"
        if inner.run(f"{wait}; exit 1").returncode != 0:
            log = engine.docker("logs", shared, check=False).stderr
            raise Problem(f"Docker in Docker did not start: {reason(log)}")
        yield inner
    finally:
        with uninterrupted():
            engine.docker("rm", "--force", "--volumes", shared, check=False)
            engine.docker("volume", "rm", "--force", shared, check=False)

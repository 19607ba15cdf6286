"""What a CI runner has around it: a registry with a password, the base images, and names for them.

All of it is containers in a network of their own. Docker inside a job, as `docker:dind`, gets its
base images from here as well: a job that pulls them over and over would measure the way there.
"""

import json
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import bcrypt

from guide import Problem
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.engine.private_server import PrivateServer
from guide.engine.uv import PYTHON_IMAGE, TOOLS
from guide.machine.commands import reason
from guide.machine.progress import doing

REGISTRY_IMAGE = "registry:3"
CLI_IMAGE = "docker:29-cli"
DIND_IMAGE = "docker:29-dind"
IMAGES = (PYTHON_IMAGE, REGISTRY_IMAGE, CLI_IMAGE, DIND_IMAGE)

# Lists what is in the environment of the project that is the first argument.
LIST_PACKAGES = 'cd "$0/.venv/lib" 2>/dev/null && ls -d python*/site-packages/*.dist-info || true'

# What the pipelines' registry is called, as GitLab calls its own on a server of one's own.
REGISTRY = "registry.example.com:5050"
# Who a job is for that registry and for the registry of packages.
USER = "gitlab-ci-token"

# What gitlab-ci-local waits for services with.
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
    """A running network.

    `password` opens the registry, whose address on this machine is `published`. `settings` is the
    daemon.json of the Docker in a job.
    """

    engine: Engine
    name: str
    password: str
    published: str
    settings: Path
    tools: str
    wait: str
    # The same engine for somebody who has logged in to the registry.
    logged_in: Engine
    # The images that were pulled out of the registry, which go with the network.
    pulled: list[str] = field(default_factory=list)

    def pull(self, image: str) -> None:
        """Get an image out of the registry, under the name that a job knows it by."""
        here = image.replace(REGISTRY, self.published)
        self.logged_in.docker("pull", "--quiet", here)
        self.pulled.append(image)
        self.engine.docker("tag", here, image)
        self.engine.docker("image", "rm", here)

    def join(self, private: PrivateServer | None) -> None:
        """Let jobs reach an example's private server under the name that its lockfile has."""
        there = self.engine.containers(f"network={self.name}")
        if private is not None and private.container not in there:
            connect = ("network", "connect", "--alias", private.host)
            self.engine.docker(*connect, self.name, private.container)

    def containers(self) -> list[str]:
        """Everything in the network that somebody else has started, such as gitlab-ci-local."""
        found = self.engine.containers(f"network={self.name}")
        mine = self.engine.containers(f"network={self.name}", f"label={LABEL}")
        return [each for each in found if each not in mine]

    def clear(self) -> None:
        """Remove them, with the volumes and networks that were made for them."""
        found = self.containers()
        if not found:
            return
        inspected = json.loads(self.engine.docker("container", "inspect", *found).stdout)
        volumes = {mount.get("Name") for each in inspected for mount in each["Mounts"]} - {None}
        networks = {name for each in inspected for name in each["NetworkSettings"]["Networks"]}
        # Those that copied files in and out of the volumes were in no network.
        found += [each for name in volumes for each in self.engine.containers(f"volume={name}")]
        self.engine.docker("container", "rm", "--force", "--volumes", *found, check=False)
        if volumes:
            self.engine.docker("volume", "rm", "--force", *volumes, check=False)
        for name in networks - {self.name, "bridge"}:
            self.engine.docker("network", "rm", name, check=False)


def package_names(listing: str) -> list[str]:
    """The names of packages, out of what LIST_PACKAGES prints."""
    names = re.findall(r"site-packages/(.+)-[^-]+\.dist-info", listing)
    return sorted(name.lower().replace("_", "-").replace(".", "-") for name in names)


@contextmanager
def opened(engine: Engine, images: list[str]) -> Iterator[CiNetwork]:
    """A CiNetwork in which Docker inside a job finds the named base images.

    Everything in it goes at the end, whoever has started it.
    """
    engine.need_images([*IMAGES, *images])
    name = f"{PREFIX}-ci-{secrets.token_hex(4)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guide-ci-")))
        engine.docker("network", "create", "--label", LABEL, name)
        stack.callback(engine.docker, "network", "rm", name, check=False)
        tools, wait = f"{PREFIX}/ci-tools", f"{PREFIX}/ci-wait"
        engine.build_text(TOOLS, tools)
        engine.build_text(WAIT.format(tools=tools), wait)

        def start(image: str, *options: str, command: tuple[str, ...] = ()) -> str:
            detached = ("run", "--detach", "--label", LABEL, "--network", name)
            done = engine.docker(*detached, *options, image, *command)
            container = done.stdout.strip()
            remove = ("rm", "--force", "--volumes", container)
            stack.callback(engine.docker, *remove, check=False)
            return container

        with doing("pipelines", "starting a registry and a network"):
            mirrored = _mirror(engine, start, images)
            password = secrets.token_hex(20)
            registry = _registry(engine, start, folder, password)
            logged_in = _logged_in(engine, folder, registry, password)
            # Containers inside a job's Docker do not see the names of this network: this one tells.
            serve = (
                "dnsmasq",
                "--keep-in-foreground",
                "--user=root",
                "--no-hosts",
                "--log-facility=-",
            )
            names = _address(engine, start(tools, command=serve), name)
            settings = folder / "daemon.json"
            settings.write_text(
                json.dumps(
                    {
                        "insecure-registries": [REGISTRY, *mirrored],
                        "registry-mirrors": [f"http://{mirrored[0]}"],
                        "dns": [names],
                        # Not the address of the engine around it, which has something to say there.
                        "bip": "172.30.255.1/24",
                    }
                )
            )
        network = CiNetwork(engine, name, password, registry, settings, tools, wait, logged_in)
        stack.callback(network.clear)
        try:
            yield network
        finally:
            if network.pulled:
                engine.docker("image", "rm", "--force", *network.pulled, check=False)


@dataclass(frozen=True)
class DockerInside:
    """A Docker engine in a container, that has nothing yet: the machine of a hosted runner.

    It listens at `socket` in the volume `shared`, mounted at /shared.
    """

    network: CiNetwork
    container: str
    shared: str
    socket: str = "unix:///shared/docker.sock"

    def run(self, script: str, environ: dict[str, str] | None = None):
        """Run a script with the shell of that container; both outputs are one."""
        options = [f"--env={name}={value}" for name, value in (environ or {}).items()]
        shell = ("sh", "-c", 'exec sh -ec "$0" 2>&1', script)
        exec_in_it = ("exec", *options, self.container, *shell)
        return self.network.engine.docker(*exec_in_it, check=False, timeout=900)

    def copy(self, folder: Path, target: str) -> None:
        """Put a copy of a folder there."""
        self.network.engine.docker("cp", f"{folder}/.", f"{self.container}:{target}")


@contextmanager
def docker_inside(network: CiNetwork) -> Iterator[DockerInside]:
    """A DockerInside that goes at the end, with all it has."""
    engine = network.engine
    shared = f"{PREFIX}-{secrets.token_hex(4)}"
    inside = DockerInside(network, shared, shared)
    try:
        engine.docker("volume", "create", "--label", LABEL, shared)
        engine.docker(
            *("run", "--detach", "--name", shared, "--privileged", "--label", LABEL),
            *("--network", network.name, f"--mount=type=volume,source={shared},target=/shared"),
            f"--mount=type=bind,source={network.settings},target=/etc/docker/daemon.json,readonly",
            *(DIND_IMAGE, f"--host={DockerInside.socket}"),
        )
        wait = "for _ in $(seq 150); do docker version > /dev/null 2>&1 && exit; sleep 0.2; done"
        if inside.run(f"{wait}; exit 1").returncode != 0:
            log = engine.docker("logs", shared, check=False).stderr
            raise Problem(f"Docker in Docker did not start: {reason(log)}")
        yield inside
    finally:
        engine.docker("rm", "--force", "--volumes", shared, check=False)
        engine.docker("volume", "rm", "--force", shared, check=False)


def _mirror(engine: Engine, start, images: list[str]) -> list[str]:
    """Start a registry that has the base images; returns the names of registries it answers for."""
    hosts = ["docker-mirror", *{_host(image) for image in images} - {None}]
    aliases = [f"--network-alias={host}" for host in hosts]
    options = ("--env=REGISTRY_HTTP_ADDR=:80", "--publish=127.0.0.1::80")
    container = start(REGISTRY_IMAGE, *options, *aliases)
    here = engine.docker("port", container, "80/tcp").stdout.split()[0]
    for image in images:
        path = image.removeprefix(f"{_host(image)}/")
        tag = f"{here}/{path if '/' in path else f'library/{path}'}"
        engine.docker("tag", image, tag)
        engine.docker("push", "--quiet", tag)
        engine.docker("image", "rm", tag)
    return hosts


def _host(image: str) -> str | None:
    """The registry in the name of an image, if it is not Docker's own."""
    first, slash, _ = image.partition("/")
    return first if slash and re.search(r"[.:]", first) else None


def _registry(engine: Engine, start, folder: Path, password: str) -> str:
    """Start the registry that asks for the password; returns its address on this machine."""
    line = f"{USER}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n"
    (folder / "htpasswd").write_text(line)
    host, _, port = REGISTRY.partition(":")
    environ = {
        "REGISTRY_AUTH": "htpasswd",
        "REGISTRY_AUTH_HTPASSWD_REALM": "pipelines",
        "REGISTRY_AUTH_HTPASSWD_PATH": "/htpasswd",
        "REGISTRY_HTTP_ADDR": f":{port}",
    }
    container = start(
        REGISTRY_IMAGE,
        *(f"--env={key}={value}" for key, value in environ.items()),
        f"--network-alias={host}",
        f"--publish=127.0.0.1::{port}",
        f"--mount=type=bind,source={folder}/htpasswd,target=/htpasswd,readonly",
    )
    published = engine.docker("port", container, f"{port}/tcp").stdout.split()[0]
    return published


def _logged_in(engine: Engine, folder: Path, registry: str, password: str) -> Engine:
    """An engine with credentials in a folder of their own, and not in anybody's settings."""
    where = ("context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    settings = {"DOCKER_HOST": engine.docker(*where).stdout.strip(), "DOCKER_CONFIG": str(folder)}
    same = replace(engine, environ={**engine.environ, **settings})
    login = ("login", "--username", USER, "--password-stdin", registry)
    same.docker(*login, input=password)
    return same


def _address(engine: Engine, container: str, network: str) -> str:
    template = f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}'
    return engine.docker("inspect", "--format", template, container).stdout.strip()

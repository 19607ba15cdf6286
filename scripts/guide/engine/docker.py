"""A Docker engine to talk to, and the base images in it.

The engine that answers is used as it is, and base images are pulled. Where none answers, a bare
Debian machine gets a private one: Docker from Debian testing, unpacked into the cache folder and
started for as long as it is needed. Where no registry answers either, the private engine gets
stand-ins: images made here from Debian's packages and PyPI, under the official names.
"""

import contextlib
import json
import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from guide import Problem
from guide.engine import release_api, stand_ins
from guide.machine import debian
from guide.machine.commands import end_all, reason, run
from guide.machine.installing import cached
from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.machine.waiting import wait_until
from guide.start.environment import cache_dir

# What this run makes in an engine has this in its name or in its label; it goes at the end.
# Always of the same length, so that no run's prefix begins another's. The processes of one run
# share it by the environment.
PREFIX = f"guide-run-{os.environ.setdefault('GUIDE_RUN', secrets.token_hex(4))}"
LABEL = f"guide={PREFIX}"

# --progress=rawjson and --check, both needed, came with buildx 0.15.
OLDEST_BUILDX = (0, 15)

# A full test run makes 12 GB of layers. Before a run, and between timed builds, `prune` keeps the
# cache below the first; the second bounds it whatever happens, by a collector that slows builds.
CACHE_KEPT_GB = 8
CACHE_LIMIT_GIB = 25
# With less free disk than this a build is likely to fail half-way.
DISK_NEEDED_GB = 15
# The size of the file system of a private engine; the file takes what is in it.
FILE_SYSTEM_GB = 50
# How the folders in it begin that nobody needs after a run.
TEMPORARY = "guide-test-"

# Debian 12's own Docker is too old; testing's runs here once unpacked, runc excepted.
FROM_TESTING = ("docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd", "tini")
# curl and openssl are for the READMEs' commands.
FROM_HERE = (
    "ca-certificates",
    "curl",
    "debian-archive-keyring",
    "e2fsprogs",
    "iproute2",
    "iptables",
    "mmdebstrap",
    "mount",
    "openssl",
    "runc",
)

# How a pull fails when nothing answers, as opposed to an answer that is no.
UNREACHABLE = ("no such host", "connection refused", "timeout", "unreachable", "misbehaving")


GITLAB_CI_LOCAL = ("gcl-", "gitlab-ci-local-")
NAMES = {"container": "{{.Names}}", "network": "{{.Name}}", "volume": "{{.Name}}"}


@dataclass
class Engine:
    """A running engine. `environ` makes the docker command of this process reach it."""

    environ: dict[str, str]
    private: bool
    stand_ins: list[str] = field(default_factory=list)
    # What builds have to be told because of a stand-in, by the name of the argument.
    build_arguments: dict[str, str] = field(default_factory=dict)
    # The base images that have been asked for, and are there.
    images: list[str] = field(default_factory=list)
    # buildx's own program, to call for builds that nobody times. A reader types `docker`, which
    # starts it twice: 0.3 s of work instead of 0.1.
    buildx: str | None = None
    # A folder for temporary files in its own file system, if it has one.
    temporary: str | None = None

    def docker(
        self, *arguments: str, check: bool = True, timeout: float = 600, **options
    ) -> subprocess.CompletedProcess[str]:
        """Run one docker command and return it with its output as text.

        Raises Problem with the reason it gives if it fails, unless `check` is off.
        """
        failing = f"docker {' '.join(arguments[:2])} failed"
        return run(
            *self.command(*arguments),
            failing=failing,
            check=check,
            timeout=timeout,
            env=self.environ,
            **options,
        )

    def command(self, *arguments: str) -> list[str]:
        """The words of a docker command, or of buildx's own program where `buildx` names it."""
        if arguments[0] == "buildx" and self.buildx:
            return [self.buildx, *arguments[1:]]
        return ["docker", *arguments]

    def plugin(self, name: str) -> str:
        """The path of the program that is a plugin of the docker command."""
        listing = self.docker("info", "--format", "{{json .ClientInfo.Plugins}}").stdout
        return next(each["Path"] for each in json.loads(listing) if each["Name"] == name)

    def run(
        self,
        image: str,
        *command: str,
        options: tuple[str, ...] = (),
        check: bool = True,
        timeout: float = 600,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command, or the image's own, in a new container that goes when it ends.

        `options` go to `docker run`. Raises Problem as `docker` does.
        """
        arguments = ("--rm", "--label", LABEL, *options, image, *command)
        return self.docker("run", *arguments, check=check, timeout=timeout)

    def build_text(self, dockerfile: str, tag: str) -> None:
        """Build an image from the text of a Dockerfile that needs no other file."""
        command = ("buildx", "build", "--builder", self.builder, "--quiet", "--load")
        self.docker(*command, "--tag", tag, "-", input=dockerfile)

    def containers(self, *filters: str) -> list[str]:
        """The ids of all containers that fit filters of Docker's, whether they run or not."""
        options = [f"--filter={each}" for each in filters]
        listing = ("container", "ls", "--all", "--quiet", "--no-trunc", *options)
        return self.docker(*listing).stdout.split()

    def wait_until_healthy(self, container: str) -> None:
        """Wait for a container's health check. Raises Problem with its log after 60 seconds."""
        template = "{{.State.Status}} {{.State.Health.Status}}"

        def is_healthy() -> bool:
            state = self.docker("inspect", "--format", template, container).stdout
            return state == "running healthy\n"

        def failing() -> str:
            log = self.docker("logs", container).stderr
            return f"A container did not turn healthy ({reason(log)})"

        wait_until(is_healthy, timeout=60, failing=failing)

    @cached_property
    def builder(self) -> str:
        """The name of the engine's own builder, the one that sees the engine's images.

        buildx names it after the context.
        """
        return self.docker("context", "show").stdout.strip()

    @cached_property
    def versions(self) -> dict[str, str]:
        """Versions of the engine, buildx and compose, and of BuildKit if the engine tells."""
        server = json.loads(self.docker("version", "--format", "{{json .Server}}").stdout)
        inspect = self.docker("buildx", "inspect", self.builder, check=False).stdout
        buildkit = re.search(r"BuildKit version:\s*v?(\S+)", inspect)
        return {
            "docker": server["Version"],
            # Debian's build of Docker does not know its BuildKit.
            "buildkit": buildkit[1]
            if buildkit and not buildkit[1].startswith("0.0.0")
            else "unknown",
            "buildx": self.docker("buildx", "version").stdout.split()[1].lstrip("v"),
            "compose": self.docker("compose", "version", "--short").stdout.strip().lstrip("v"),
        }

    @property
    def base_images(self) -> str:
        """`pulled` or `stand-ins`."""
        return "stand-ins" if self.stand_ins else "pulled"

    def __str__(self) -> str:
        where = "private, started for this run" if self.private else "already running here"
        where += " in a file system of its own" if self.temporary else ""
        images = f"stand-ins ({', '.join(self.stand_ins)})" if self.stand_ins else "pulled"
        versions = f"Docker {self.versions['docker']}, buildx {self.versions['buildx']}"
        return f"{versions} ({where}); base images: {images}"

    def need_images(self, names: list[str]) -> None:
        """Have these images in the engine: there already, pulled, or as stand-ins.

        Stand-ins are only ever made in a private engine: nobody else's gets an image under a
        name that it does not deserve.
        """
        missing = [name for name in names if name not in self.images]
        to_make: dict[str, str | None] = {}
        for name in missing:
            self._pull(name, to_make)
        self._make(to_make)
        self.images += missing

    def _pull(self, name: str, to_make: dict[str, str | None]) -> None:
        """Pull an image that is not there. Where nothing answers, add it to the stand-ins to make,
        after those that it starts from, with the label of the one that is there."""
        label = self._stand_in_label(name)
        if label == "" or name in self.stand_ins:
            return
        with doing("base images", f"pulling {name}"):
            pulled = self.docker("pull", "--quiet", name, check=False)
        if pulled.returncode == 0:
            return
        why = reason(pulled.stderr)
        if not self.private or not any(words in why.lower() for words in UNREACHABLE):
            raise Problem(f"Cannot pull {name}: {why}")
        for each in stand_ins.starts_from(name):
            self._pull(each, to_make)
        to_make[name] = label
        self.stand_ins.append(name)
        self.build_arguments |= stand_ins.BUILD_ARGUMENTS.get(name, {})

    def _make(self, to_make: dict[str, str | None]) -> None:
        """Make stand-ins side by side, because each keeps one core busy most of the time."""
        made: dict[str, Future] = {}

        def make(name):
            for each in stand_ins.starts_from(name):
                if each in made:
                    made[each].result()
            stand_ins.make(self.docker, name, have=to_make[name])

        # One more than there are cores: one may wait for another.
        with ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
            try:
                for name in to_make:
                    made[name] = pool.submit(make, name)
                for each in made.values():
                    each.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                end_all()
                raise

    def _stand_in_label(self, name: str) -> str | None:
        """None if there is no such image, "" if it is a real one, else the stand-in's label."""
        found = self.docker("image", "inspect", name, check=False)
        if found.returncode != 0:
            return None
        labels = json.loads(found.stdout)[0]["Config"].get("Labels") or {}
        return labels.get(stand_ins.LABEL, "")

    def prune(self) -> None:
        """Remove what the cache of a private engine has too much; what was used last is kept."""
        if self.private:
            self.docker(*self._pruning, check=False)

    @contextmanager
    def pruned(self, first: bool) -> Iterator[None]:
        """The same, `first` or meanwhile: builds are a little slower while it goes on."""
        if first:
            with doing("engine", "pruning its cache"):
                self.prune()
            yield
            return
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # A session of its own, as in `run`.
        command = self.command(*self._pruning)
        going_on = subprocess.Popen(command, env=self.environ, start_new_session=True, **quiet)
        try:
            yield
        finally:
            going_on.terminate()
            going_on.wait()

    @property
    def _pruning(self) -> tuple[str, ...]:
        space = ("--max-used-space", f"{CACHE_KEPT_GB}GB")
        return ("buildx", "prune", "--builder", self.builder, "--all", "--force", *space)

    def clean(self) -> None:
        """Remove the containers, networks, volumes and images that runs of the guide made.

        In an engine that was here before, those of this run only.
        """
        ours = "guide-run-" if self.private else PREFIX
        names = self.docker("network", "ls", "--format", "{{.Name}}").stdout.split()
        for network in (name for name in names if name.startswith(ours)):
            # What gitlab-ci-local has started, if nobody has cleared it away.
            found = self.containers(f"network={network}")
            if found:
                self.docker("container", "rm", "--force", "--volumes", *found, check=False)
        template = '{{.%s}} {{.Label "com.docker.compose.project"}} {{.Label "guide"}}'
        for kind, identifier, listing, removal in (
            ("container", "ID", ("ls", "--all"), ("rm", "--force", "--volumes")),
            ("network", "ID", ("ls",), ("rm",)),
            ("volume", "Name", ("ls",), ("rm", "--force")),
        ):
            rows = self.docker(kind, *listing, "--format", template % identifier).stdout
            found = [row.split()[0] for row in rows.splitlines() if f" {ours}" in row]
            if self.private:
                # What gitlab-ci-local leaves when it is interrupted has no label.
                named = self.docker(kind, *listing, "--format", NAMES[kind]).stdout
                found += [name for name in named.split() if name.startswith(GITLAB_CI_LOCAL)]
            if found:
                self.docker(kind, *removal, *found, check=False)
        tags = self.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").stdout.split()
        found = [tag for tag in tags if tag.startswith(ours)]
        if found:
            self.docker("image", "rm", "--force", *found, check=False)
        if self.private:
            # Those whose tags went to a later build.
            self.docker("image", "prune", "--force", check=False)


@contextmanager
def opened(timed: bool = True) -> Iterator[Engine]:
    """The engine to use, cleaned of the guide's leftovers, and stopped at the end if private.

    Where nothing is `timed`, the cache of a private one is pruned while it is used.
    """
    missing = _why_not(dict(os.environ))
    if missing is None:
        engine = Engine({**os.environ, "DOCKER_CLI_HINTS": "false"}, private=False)
        layers = engine.docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()
        if Path(layers).exists():
            check_disk(Path(layers))
        try:
            yield engine
        finally:
            engine.clean()
    else:
        _check_private_is_possible(missing)
        with _private_engine(timed) as engine:
            yield engine


def _why_not(environ: dict[str, str]) -> str | None:
    """Why the docker command in `environ` cannot be used, or None if it can."""
    if shutil.which("docker", path=environ.get("PATH")) is None:
        return "no docker command"

    def ask(*arguments):
        return subprocess.run(["docker", *arguments], env=environ, capture_output=True, text=True)

    server = ask("version", "--format", "{{.Server.Version}}")
    if server.returncode != 0:
        return f"no Docker engine answers ({reason(server.stderr)})"
    version = re.search(r"v?(\d+)\.(\d+)", ask("buildx", "version").stdout.partition(" ")[2])
    if version is None or (int(version[1]), int(version[2])) < OLDEST_BUILDX:
        raise Problem("A Docker engine runs, but buildx is missing or older than 0.15: update it.")
    if ask("compose", "version").returncode != 0:
        raise Problem("A Docker engine runs, but its compose plugin is missing: install it.")
    return None


def _check_private_is_possible(missing: str) -> None:
    if platform.system() != "Linux" or not debian.is_possible():
        raise Problem(
            f"Images cannot be built: {missing}. Install and start Docker (Docker Desktop, or "
            "Docker Engine with the buildx and compose plugins). Without it, a private engine "
            "is possible only as root on Debian."
        )


@contextmanager
def _private_engine(timed: bool) -> Iterator[Engine]:
    home = cache_dir() / "engine"
    home.mkdir(parents=True, exist_ok=True)
    with exclusive(home / "lock", "engine"):
        debian.install(*FROM_HERE)
        tree = _unpacked_docker(home)
        # Under /run: the path of a socket may have 107 characters at most.
        with (
            tempfile.TemporaryDirectory(prefix="guide-engine-", dir="/run") as folder,
            file_system(home, Path(folder) / "fs") as place,
            _network_as_it_was(),
            _daemon(
                tree,
                place / "data",
                Path(folder),
                bip=f"{release_api.ADDRESS}/16",
                **_firewall_settings(),
            ) as environ,
        ):
            engine = Engine(environ, private=True)
            if place != home:
                engine.temporary = str(place)
            engine.clean()
            try:
                with engine.pruned(first=timed), release_api.answering():
                    yield engine
            finally:
                engine.clean()


@contextmanager
def file_system(home: Path, place: Path) -> Iterator[Path]:
    """The folder `place` with a file system of its own, which is one file in `home`, for layers; or
    `home` itself where none can be mounted.

    The ext4 of many virtual machines has no journal. To make a file, it passes over every one that
    was deleted in the last five minutes: writing and deleting a venv of 40,000 files four times
    took 66 to 90 s of the kernel's time there, and 24 s in here.
    """
    place.mkdir()
    file = home / "layers.ext4"
    # Left by a run that was killed: nobody else has it, because this one has the lock.
    listing = ("losetup", "-nO", "NAME", "-j", file)
    loops = run(*listing, env=_admin(), failing="losetup failed", check=False).stdout.split()
    _unmount(lambda device, _: device in loops)
    if not _mounted(file, place):
        # There is none yet, or it is broken.
        file.unlink(missing_ok=True)
        part = file.with_suffix(".part")
        with part.open("wb") as new:
            new.truncate(FILE_SYSTEM_GB * 10**9)
        make = ("mkfs.ext4", "-q", "-F", "-i", "8192", part)
        run(*make, env=_admin(), failing="No file system for layers")
        part.rename(file)
        if not _mounted(file, place):
            file.unlink()
            check_disk(home)
            yield home
            return
    try:
        for left in place.glob(f"{TEMPORARY}*"):
            shutil.rmtree(left, ignore_errors=True)
        # What was deleted in it takes no more place outside.
        subprocess.run(["fstrim", place], env=_admin(), capture_output=True)
        check_disk(home)
        yield place
    finally:
        _unmount(lambda _, where: where.is_relative_to(place))


def _mounted(file: Path, place: Path) -> bool:
    """Mount the file system in `file`, if it is one. Nothing in it has to outlive a power cut."""
    options = "loop,noatime,data=writeback,barrier=0,commit=300,noinit_itable"
    command = ["mount", "-t", "ext4", "-o", options, file, place]
    return file.exists() and subprocess.run(command, capture_output=True).returncode == 0


def _unmount(chosen: Callable[[str, Path], bool]) -> None:
    """Unmount what is chosen by its device and by where it is."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    for device, where, *_ in reversed(mounts):
        if chosen(device, Path(where)):
            subprocess.run(["umount", "--lazy", where], capture_output=True)


@contextmanager
def fresh_builder(engine: Engine, *images: str) -> Iterator[Engine]:
    """A builder of its own, with nothing in its cache, that can export what is in it.

    As on a CI runner. It has the named images, or can pull them. Steps have no network. Next to a
    private engine it is a second one, with the image store that can export; elsewhere it is a
    builder of buildx, in a container.
    """
    if not engine.private:
        name = f"{PREFIX}-builder"
        engine.docker("buildx", "create", "--name", name, "--driver", "docker-container")
        try:
            fresh = Engine(engine.environ, private=False)
            fresh.builder = name
            yield fresh
        finally:
            engine.docker("buildx", "rm", "--force", name, check=False)
        return
    tree = cache_dir() / "engine" / "docker"
    with (
        tempfile.TemporaryDirectory(prefix="guide-builder-") as data,
        tempfile.TemporaryDirectory(prefix="guide-engine-", dir="/run") as folder,
        _daemon(
            tree,
            Path(data),
            Path(folder),
            features={"containerd-snapshotter": True},
            # The firewall is the first daemon's. So is the bridge, but `bridge: none` removes it.
            **HANDS_OFF,
        ) as environ,
    ):
        fresh = Engine(environ, private=True)
        engine.docker("save", "--output", f"{data}/images.tar", *images)
        fresh.docker("load", "--input", f"{data}/images.tar")
        yield fresh


@contextmanager
def _network_as_it_was() -> Iterator[None]:
    """Undo what dockerd leaves in this machine's network: forwarding, firewall rules, a bridge."""
    switches = [
        Path("/proc/sys/net/ipv4/ip_forward"),
        *Path("/proc/sys/net/ipv6/conf").glob("*/forwarding"),
    ]
    before = {path: path.read_text() for path in switches}
    policies = {program: _forward_policy(_firewall(program)) for program in FIREWALLS}
    had_bridge = Path("/sys/class/net/docker0").exists()
    try:
        yield
    finally:
        if not had_bridge:
            for program, policy in policies.items():
                _remove_docker_rules(program, policy)
            subprocess.run(["ip", "link", "delete", "docker0"], env=_admin(), capture_output=True)
            for path, value in before.items():
                if path.exists() and path.read_text() != value:
                    path.write_text(value)


FIREWALLS = ("iptables", "ip6tables")
HANDS_OFF = {"iptables": False, "ip6tables": False}


def _firewall_settings() -> dict[str, bool]:
    """Leave the firewall alone next to another engine: its networks live by the rules in it."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text().strip() == "dockerd":
                return HANDS_OFF
    return {}


def _admin() -> dict[str, str]:
    """This environment with the folders of system programs on PATH; `su` leaves them out."""
    return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}


def _firewall(program: str) -> str:
    return run(f"{program}-save", env=_admin(), failing=program, check=False).stdout


def _forward_policy(rules: str) -> str:
    match = re.search(r"^:FORWARD (\w+)", rules.partition("*filter")[2], flags=re.MULTILINE)
    return match[1] if match else "ACCEPT"


def _remove_docker_rules(program: str, forward_policy: str) -> None:
    """Take Docker's chains and rules out of the firewall and leave everybody else's alone."""
    lines = _firewall(program).splitlines()
    kept = [line for line in lines if not re.search(r"DOCKER|docker0|\bbr-[0-9a-f]{12}\b", line)]
    rules = "\n".join(kept) + "\n"
    start, filter_table, rest = rules.partition("*filter")
    rest = re.sub(r"(?m)^:FORWARD \w+", f":FORWARD {forward_policy}", rest, count=1)
    command = (f"{program}-restore",)
    failing = "Docker's firewall rules could not be removed"
    run(*command, env=_admin(), input=start + filter_table + rest, failing=failing)


def check_disk(folder: Path) -> None:
    """Raises Problem when too little disk is free under `folder` to build images."""
    free = shutil.disk_usage(folder).free / 1e9
    if free < DISK_NEEDED_GB:
        raise Problem(
            f"The disk is nearly full: {free:.1f} GB free where the engine keeps its layers, "
            f"{DISK_NEEDED_GB} needed. Free some space and run this again."
        )


def _unpacked_docker(home: Path) -> Path:
    """Return the folder with Docker's programs from Debian testing, unpacked under `home` once."""

    def unpack(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=home) as downloads:
            debian.fetch("testing", FROM_TESTING, Path(downloads))
            for package in Path(downloads).glob("*.deb"):
                run("dpkg-deb", "-x", package, folder, failing=f"{package.name} is broken")

    return cached("engine/docker", unpack, "engine")


@contextmanager
def _daemon(tree: Path, data: Path, folder: Path, **more: object) -> Iterator[dict[str, str]]:
    """Run dockerd with its sockets and pid files in `folder`; yields the client's environment.

    `more` are further settings of its daemon.json.
    """
    socket = f"unix://{folder}/docker.sock"
    settings = {
        "data-root": str(data),
        "exec-root": str(folder / "exec"),
        "pidfile": str(folder / "docker.pid"),
        "hosts": [socket],
        "builder": {
            "gc": {
                "enabled": True,
                "policy": [{"all": True, "maxUsedSpace": f"{CACHE_LIMIT_GIB}GiB"}],
            }
        },
        **more,
    }
    (folder / "daemon.json").write_text(json.dumps(settings))
    plugins = str(tree / "usr/libexec/docker/cli-plugins")
    (folder / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [plugins]}))
    environ = {
        **os.environ,
        "PATH": f"{tree}/usr/bin:{tree}/usr/sbin:{_admin()['PATH']}",
        "DOCKER_HOST": socket,
        "DOCKER_CONFIG": str(folder),
    }
    log = folder / "dockerd.log"
    with log.open("wb") as output:
        # A session of its own: Ctrl-C in the terminal is for this process to handle, in order.
        daemon = subprocess.Popen(
            ["dockerd", "--config-file", str(folder / "daemon.json")],
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    try:
        with doing("engine", "starting Docker"):
            _wait_until_up(daemon, environ, log)
        yield environ
    finally:
        _stop(daemon, folder, data)


def _wait_until_up(daemon: subprocess.Popen, environ: dict[str, str], log: Path) -> None:
    def answers() -> bool:
        if daemon.poll() is not None:
            raise Problem(f"The private Docker engine did not start: {reason(log.read_text())}")
        answer = subprocess.run(["docker", "info"], env=environ, capture_output=True)
        return answer.returncode == 0

    def failing() -> str:
        return f"The private Docker engine did not answer ({reason(log.read_text())})"

    wait_until(answers, timeout=60, failing=failing)


def _die_with_parent() -> None:
    """Ask the kernel to stop dockerd if this process is killed outright."""
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _stop(daemon: subprocess.Popen, *folders: Path) -> None:
    """Stop dockerd, and unmount what it leaves mounted in its folders when it ends badly."""
    daemon.terminate()
    try:
        daemon.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
    _unmount(lambda _, where: any(where.is_relative_to(folder) for folder in folders))

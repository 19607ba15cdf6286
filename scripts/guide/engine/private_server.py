"""The private server that an example brings along, running while its image is built.

A Git server or a package index, as a team has one behind a password.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from guide import Problem
from guide.content.examples import Example
from guide.content.yaml_files import compose_services
from guide.engine.docker import LABEL, PREFIX, Engine
from guide.machine.progress import doing

# The build secret that an example reads the token from, by the server's folder.
SECRETS = {"git-server": "git_token", "package-server": "package_password"}
# What a user name has to be for GitLab's job token; other servers take any.
USER = "gitlab-ci-token"


@dataclass(frozen=True)
class PrivateServer:
    """A running server: the name that the lockfile knows it by, its address, and its token.

    `secret` is the name of the build secret. `token` is None for a build that is given none.
    """

    host: str
    address: str
    secret: str
    token: str | None
    folder: Path
    container: str

    def build_arguments(self) -> list[str]:
        """What a build needs to reach the server: its address, and the token as a build secret.

        Writes the token to a file that goes with the server.
        """
        arguments = [f"--add-host={self.host}:{self.address}"]
        if self.token is not None:
            file = self.folder / secrets.token_hex(4)
            file.write_text(self.token)
            arguments.append(f"--secret=id={self.secret},src={file}")
        return arguments

    @property
    def run_options(self) -> tuple[str, ...]:
        """What a container needs for the same: Git by a credential helper, an index by its name."""
        helper = f"!printf 'username={USER}\\npassword={self.token}\\n'; :"
        settings = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "credential.helper",
            "GIT_CONFIG_VALUE_0": helper,
            "UV_INDEX_ACME_USERNAME": USER,
            "UV_INDEX_ACME_PASSWORD": self.token,
            "POETRY_HTTP_BASIC_ACME_USERNAME": USER,
            "POETRY_HTTP_BASIC_ACME_PASSWORD": self.token,
        }
        environ = [f"--env={name}={value}" for name, value in settings.items()]
        return (f"--add-host={self.host}:{self.address}", *environ)

    def with_token(self, token: str | None) -> "PrivateServer":
        """The same server for somebody who has another token, or none."""
        return replace(self, token=token)

    def unreachable(self) -> "PrivateServer":
        """The same name, leading to where nothing listens."""
        return replace(self, address="127.0.0.1")


@contextmanager
def started(engine: Engine, example: Example) -> Iterator[PrivateServer | None]:
    """Start the example's private server; None for an example that has none.

    Raises Problem when it does not turn healthy.
    """
    if example.private_server is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guide-private-") as folder:
        token = secrets.token_hex(20)
        file = Path(folder) / "token"
        file.write_text(token)
        # Readable for the server's own user in its container, whatever that is.
        file.chmod(0o644)
        Path(folder).chmod(0o755)
        image = f"{PREFIX}/{example.name}-private"
        # As compose builds it.
        builder = ("--builder", engine.builder)
        where = ("--file", str(example.private_server), str(example.folder / "private"))
        with doing("private server", f"{example.name}: building"):
            engine.docker("buildx", "build", *builder, "--quiet", "--load", "--tag", image, *where)
        secret = SECRETS[example.private_server.parent.name]
        mount = f"type=bind,source={file},target=/run/secrets/{secret},readonly"
        started = engine.docker("run", "--detach", "--label", LABEL, "--mount", mount, image)
        container = started.stdout.strip()
        try:
            engine.wait_until_healthy(container)
            address = _address(engine, container)
            yield PrivateServer(_host(example), address, secret, token, Path(folder), container)
        finally:
            engine.docker("rm", "--force", "--volumes", container, check=False)


def _host(example: Example) -> str:
    """The name that builds know the server by: compose.yaml says where it leads to."""
    for service in compose_services(example.folder / "compose.yaml").values():
        build = service.get("build", "")
        for entry in [] if isinstance(build, str) else build.get("extra_hosts", []):
            host, _, address = entry.partition(":")
            if address == "host-gateway":
                return host
    raise Problem(f"compose.yaml of {example.name} names no host of the private server.")


def _address(engine: Engine, container: str) -> str:
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return engine.docker("inspect", "--format", template, container).stdout.strip()

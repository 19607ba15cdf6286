"""Run the private server of an example while its image is built.

It is a Git server or a package index that requires a password, as many teams have.
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
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing

# Maps the folder of a server to the build secret from which examples read its token.
SECRETS = {"git-server": "git_token", "package-server": "package_password"}
# The user name that GitLab requires with a job token. Other servers accept any user name.
JOB_TOKEN_USER = "gitlab-ci-token"


@dataclass(frozen=True)
class PrivateServer:
    """A running server: its host name in the lockfile, its IP address, and its token.

    `secret` is the name of the build secret. If `token` is None, builds get no secret.
    """

    host: str
    address: str
    secret: str
    token: str | None
    folder: Path
    container: str

    def build_arguments(self) -> list[str]:
        """Return the build arguments for access to the server, with the token as a secret.

        The token is written to a file that is removed with the server.
        """
        arguments = [f"--add-host={self.host}:{self.address}"]
        if self.token is not None:
            file = self.folder / secrets.token_hex(4)
            file.write_text(self.token)
            arguments.append(f"--secret=id={self.secret},src={file}")
        return arguments

    @property
    def run_options(self) -> tuple[str, ...]:
        """The `docker run` options for access to the server.

        Git gets the token from a credential helper. uv and Poetry get it from environment
        variables of the index.
        """
        helper = f"!printf 'username={JOB_TOKEN_USER}\\npassword={self.token}\\n'; :"
        settings = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "credential.helper",
            "GIT_CONFIG_VALUE_0": helper,
            "UV_INDEX_ACME_USERNAME": JOB_TOKEN_USER,
            "UV_INDEX_ACME_PASSWORD": self.token,
            "POETRY_HTTP_BASIC_ACME_USERNAME": JOB_TOKEN_USER,
            "POETRY_HTTP_BASIC_ACME_PASSWORD": self.token,
        }
        environ = [f"--env={name}={value}" for name, value in settings.items()]
        return (f"--add-host={self.host}:{self.address}", *environ)

    def with_token(self, token: str | None) -> "PrivateServer":
        """Return a copy of this server whose clients use another token, or none."""
        return replace(self, token=token)

    def unreachable(self) -> "PrivateServer":
        """Return a copy of this server with an address where nothing listens."""
        return replace(self, address="127.0.0.1")


@contextmanager
def running_private_server(engine: Engine, example: Example) -> Iterator[PrivateServer | None]:
    """Run the example's private server while the block runs. Yield None if it has no such server.

    Raises Problem if the server does not become healthy.
    """
    if example.private_server is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guide-private-") as folder:
        token = secrets.token_hex(20)
        file = Path(folder) / "token"
        file.write_text(token)
        # Readable for everyone, because the server in the container may run as any user.
        file.chmod(0o644)
        Path(folder).chmod(0o755)
        image = f"{PREFIX}/{example.name}-private"
        # The build context is the same as in compose.yaml.
        options = ("--builder", engine.builder, "--quiet", "--load", "--tag", image)
        source = ("--file", str(example.private_server), str(example.folder / "private"))
        with doing("private server", f"{example.name}: building"):
            engine.docker("buildx", "build", *options, *source)
        secret = SECRETS[example.private_server.parent.name]
        mount = f"type=bind,source={file},target=/run/secrets/{secret},readonly"
        command = ("run", "--detach", "--label", LABEL, "--mount", mount, image)
        container = engine.docker(*command).stdout.strip()
        try:
            engine.wait_until_healthy(container)
            address = _address(engine, container)
            yield PrivateServer(_host(example), address, secret, token, Path(folder), container)
        finally:
            with uninterrupted():
                engine.docker("rm", "--force", "--volumes", container, check=False)


def _host(example: Example) -> str:
    """Return the host name of the server in the `extra_hosts` of compose.yaml."""
    for service in compose_services(example.folder / "compose.yaml").values():
        build = service.get("build", "")
        for entry in [] if isinstance(build, str) else build.get("extra_hosts", []):
            host, _, address = entry.partition(":")
            if address == "host-gateway":
                return host
    raise Problem(
        f"{example.name}/compose.yaml does not name the host of the private server: "
        "add it to `extra_hosts` with the address `host-gateway`."
    )


def _address(engine: Engine, container: str) -> str:
    """Return the IP address of a container."""
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return engine.docker("inspect", "--format", template, container).stdout.strip()

"""The private Git server that an example brings along, running while its image is built."""

import secrets
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from guide.catalogue import Example
from guide.engine import LABEL, PREFIX, Engine
from guide.progress import doing

# The build secret that the examples read the token from.
SECRET = "git_token"
# What a user name has to be for GitLab's job token; other servers take any.
USER = "gitlab-ci-token"


@dataclass(frozen=True)
class GitServer:
    """A running server: the name that uv.lock knows it by, its address, and its token.

    `token` is None for a build that is given none.
    """

    host: str
    address: str
    token: str | None
    folder: Path

    def build_arguments(self) -> list[str]:
        """What a build needs to reach the server: its address, and the token as a build secret.

        Writes the token to a file that goes with the server.
        """
        arguments = [f"--add-host={self.host}:{self.address}"]
        if self.token is not None:
            file = self.folder / secrets.token_hex(4)
            file.write_text(self.token)
            arguments.append(f"--secret=id={SECRET},src={file}")
        return arguments

    @property
    def run_options(self) -> tuple[str, ...]:
        """What a container needs for the same, when it runs Git with a credential helper."""
        helper = f"!printf 'username={USER}\\npassword={self.token}\\n'; :"
        settings = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "credential.helper",
            "GIT_CONFIG_VALUE_0": helper,
        }
        environ = [f"--env={name}={value}" for name, value in settings.items()]
        return (f"--add-host={self.host}:{self.address}", *environ)

    def with_token(self, token: str | None) -> "GitServer":
        """The same server for somebody who has another token, or none."""
        return replace(self, token=token)

    def unreachable(self) -> "GitServer":
        """The same name, leading to where nothing listens."""
        return replace(self, address="127.0.0.1")


@contextmanager
def started(engine: Engine, example: Example) -> Iterator[GitServer | None]:
    """Start the example's private Git server; None for an example that has none.

    Raises Problem when it does not turn healthy.
    """
    if example.git_server is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="guide-git-") as folder:
        token = secrets.token_hex(20)
        file = Path(folder) / "token"
        file.write_text(token)
        # Readable for the server's own user in its container, whatever that is.
        file.chmod(0o644)
        Path(folder).chmod(0o755)
        image = f"{PREFIX}/{example.name}-git"
        # As compose builds it.
        builder = ("--builder", engine.builder)
        where = ("--file", str(example.git_server), str(example.folder / "private"))
        with doing("git server", f"{example.name}: building"):
            engine.docker("buildx", "build", *builder, "--quiet", "--load", "--tag", image, *where)
        mount = f"type=bind,source={file},target=/run/secrets/{SECRET},readonly"
        started = engine.docker("run", "--detach", "--label", LABEL, "--mount", mount, image)
        container = started.stdout.strip()
        try:
            engine.wait_until_healthy(container)
            yield GitServer(_host(example), _address(engine, container), token, Path(folder))
        finally:
            engine.docker("rm", "--force", "--volumes", container, check=False)


def _host(example: Example) -> str:
    pyproject = tomllib.loads((example.folder / "pyproject.toml").read_text())
    urls = [source["git"] for source in pyproject["tool"]["uv"]["sources"].values()]
    return urlsplit(urls[0]).hostname


def _address(engine: Engine, container: str) -> str:
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    return engine.docker("inspect", "--format", template, container).stdout.strip()

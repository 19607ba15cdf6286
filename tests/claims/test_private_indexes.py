"""Private packages from indexes and from Git"""

import re
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest
from local_packages import write_repository, write_wheel

from guide.content.examples import example
from guide.engine.build import build
from guide.engine.docker import LABEL
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.commands import run
from guide.machine.serving import FolderHandler, http_server

TOKEN = "s3cret-token"
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = [{}]
"""
SOURCES = """
[tool.uv.sources]
prices.index = "acme"
"""
INDEX = """
[[tool.uv.index]]
name = "acme"
url = "{}/simple"
"""
LIBRARY = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
SSH = "ssh://git@git.example.com/acme/prices.git"
NETRC = "machine {} login {} password {}\n"
ACCESS = f"UV_INDEX_ACME_USERNAME=aws UV_INDEX_ACME_PASSWORD={TOKEN}"
LOCK = "uv lock --no-cache"
VERSION = "grep -A 1 'name = \"prices\"' uv.lock"
UNAUTHORIZED = "401 Unauthorized"


@dataclass
class Registry:
    """A private package index on this machine, with the package prices.

    It accepts one user name and token, answers `missing` if it does not have a package, and shows
    the folder `anonymous`, if set, to requests without the right credentials.
    """

    folder: Path
    user: str = "aws"
    token: str = TOKEN
    missing: HTTPStatus = HTTPStatus.NOT_FOUND
    anonymous: str = ""
    url: str = ""


class RegistryHandler(FolderHandler):
    """Answer requests to a registry."""

    def __init__(self, registry, *arguments):
        self.registry = registry
        super().__init__(*arguments, directory=str(registry.folder))

    def do_GET(self):
        """Send a file if the request has the right credentials."""
        credentials = f"{self.registry.user}:{self.registry.token}"
        if self.headers["Authorization"] == f"Basic {b64encode(credentials.encode()).decode()}":
            super().do_GET()
        elif self.registry.anonymous:
            self.path = f"/{self.registry.anonymous}{self.path}"
            super().do_GET()
        else:
            self.send_response(HTTPStatus.UNAUTHORIZED)
            self.send_header("WWW-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            self.end_headers()

    do_HEAD = do_GET

    def send_error(self, code, *arguments):
        """Answer with an error, and with the status of the registry if a file does not exist."""
        super().send_error(self.registry.missing if code == HTTPStatus.NOT_FOUND else code)


@pytest.fixture
def servers():
    """Return the servers that stop after the test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def acme(terminal, servers):
    """Start a registry."""
    registry = Registry(terminal.home / "acme")
    write_wheel(registry.folder / "simple/prices", "prices")
    start(terminal, servers, registry, 8080)
    return registry


def start(terminal, servers, registry, shown_port):
    """Start the server of a registry, and show it with another port in the transcript."""
    origin = servers.enter_context(http_server(partial(RegistryHandler, registry)))
    port = origin.rpartition(":")[2]
    terminal.ports[int(port)] = shown_port
    registry.url = f"http://localhost:{port}"


def write(terminal, registry, extra="explicit = true\n", *packages):
    sources = "" if packages else SOURCES
    names = ", ".join(f'"{name}"' for name in ("prices", *packages))
    project = PROJECT.format(names) + sources + INDEX.format(registry.url) + extra
    terminal.write("pyproject.toml", project)


def test_an_index_can_require_a_user_name(terminal, acme):
    """For the index `acme`, uv sends the user name in `UV_INDEX_ACME_USERNAME`. If the index
    requires a certain user name, such as `aws`, `uv lock` fails with a different user name or
    without one, even if the token is right."""
    write(terminal, acme)
    terminal.run(f"{ACCESS} {LOCK}")
    terminal.run("rm uv.lock")
    assert UNAUTHORIZED in terminal.fails(f"{ACCESS.replace('aws', 'reader')} {LOCK}")
    assert UNAUTHORIZED in terminal.fails(f"UV_INDEX_ACME_PASSWORD={TOKEN} {LOCK}")


def test_without_a_user_name_uv_sends_an_empty_one(terminal, acme):
    """If only the index's password is set, uv sends it with an empty user name. An
    index that requires an empty user name accepts this."""
    acme.user = ""
    write(terminal, acme)
    assert UNAUTHORIZED in terminal.fails(f"{ACCESS} {LOCK}")
    terminal.run(f"UV_INDEX_ACME_PASSWORD={TOKEN} {LOCK}")


def test_a_password_in_a_variable_is_not_encoded(terminal, acme):
    """uv sends the password in an index's variable as it is. If you percent-encode
    characters in it, as you would in a URL, the index rejects the request."""
    acme.token = "p@ss/w:rd"
    write(terminal, acme)
    terminal.run(f"{ACCESS.replace(TOKEN, acme.token)} {LOCK}")
    terminal.run("rm uv.lock")
    encoded = ACCESS.replace(TOKEN, quote(acme.token, safe=""))
    assert UNAUTHORIZED in terminal.fails(f"{encoded} {LOCK}")


def test_the_lockfile_needs_the_credentials_again(terminal, acme):
    """`uv sync --locked` needs the index's credentials again, because `uv.lock` does not contain
    them. The error names the package that uv could not download."""
    write(terminal, acme)
    terminal.run(f"{ACCESS} {LOCK}")
    output = terminal.fails("uv sync --locked --no-cache")
    assert "Failed to download `prices==1.0.0`" in output
    assert UNAUTHORIZED in output
    terminal.run(f"{ACCESS} uv sync --locked --no-cache")


def test_uv_sends_the_credentials_only_to_the_server_of_the_index(terminal, acme, servers):
    """uv also sends the credentials of an index when it downloads files from a different path on
    the same server, but not when the files are on a different server. You can add the other server
    to `.netrc`."""
    page = acme.folder / "simple/prices"
    page.rename(acme.folder / "files")
    page.mkdir()
    wheel = "prices-1.0.0-py3-none-any.whl"
    link = f'<a href="{{}}/files/{wheel}">{wheel}</a>'
    (page / "index.html").write_text(link.format(""))
    write(terminal, acme)
    terminal.run(f"{ACCESS} {LOCK}")
    other = Registry(acme.folder)
    start(terminal, servers, other, 8081)
    other.url = other.url.replace("localhost", "127.0.0.1")
    (page / "index.html").write_text(link.format(other.url))
    terminal.run("rm uv.lock")
    output = terminal.fails(f"{ACCESS} {LOCK}")
    assert "Failed to fetch: " in output
    assert UNAUTHORIZED in output
    terminal.write("~/.netrc", NETRC.format("127.0.0.1", "aws", TOKEN))
    terminal.run(f"{ACCESS} {LOCK}")


def test_uv_does_not_read_netrc_if_the_index_answers_anyone(terminal, acme):
    """If an index also answers requests without credentials, for example with public packages, uv
    does not read `.netrc`, and finds only the public packages. With `authenticate = "always"`, uv
    reads `.netrc`."""
    acme.anonymous = "public"
    write_wheel(acme.folder / "public/simple/prices", "prices", "0.0.1")
    terminal.write("~/.netrc", NETRC.format("localhost", "aws", TOKEN))
    write(terminal, acme)
    terminal.run(LOCK)
    assert 'version = "0.0.1"' in terminal.run(VERSION)
    terminal.run("rm uv.lock")
    write(terminal, acme, 'explicit = true\nauthenticate = "always"\n')
    terminal.run(LOCK)
    assert 'version = "1.0.0"' in terminal.run(VERSION)


def test_uv_stops_at_an_index_that_forbids_a_package(terminal, acme):
    """If an index answers `403 Forbidden` for a package that it does not have, uv does not look for
    the package on other indexes, unless `ignore-error-codes` lists 403."""
    acme.missing = HTTPStatus.FORBIDDEN
    write(terminal, acme, "", "iniconfig==2.3.0")
    assert " 403" in terminal.fails(f"{ACCESS} {LOCK}")
    write(terminal, acme, "ignore-error-codes = [403]\n", "iniconfig==2.3.0")
    terminal.run(f"{ACCESS} {LOCK}")


def test_without_the_keyring_program_uv_sends_no_password(terminal, acme):
    """If uv is set to ask `keyring` for the password, and this program is not installed, uv sends
    no password, and reports that the index rejects the request. Only with `--verbose` does uv
    name the missing program."""
    write(terminal, acme)
    only_uv = "UV_PYTHON=$(command -v python3) PATH=$(dirname $(command -v uv))"
    keyring = f"{only_uv} UV_KEYRING_PROVIDER=subprocess UV_INDEX_ACME_USERNAME=aws"
    output = terminal.fails(f"{keyring} {LOCK}")
    assert UNAUTHORIZED in output
    assert "keyring" not in output
    terminal.run(f"{keyring} {LOCK} --verbose 2>&1 | grep -o -m 1 'Failure running `keyring`.*'")


@pytest.fixture
def library(terminal):
    """Write a Git repository with the package prices, and return its folder."""
    return write_library(terminal, terminal.home / "git/acme/prices.git")


def write_library(terminal, repository):
    project = terminal.home / "prices"
    (project / "src/prices").mkdir(parents=True)
    (project / "src/prices/__init__.py").touch()
    (project / "pyproject.toml").write_text(LIBRARY)
    write_repository(project, repository, terminal.environ)
    return repository


@pytest.fixture
def ssh_server(terminal, library):
    """Let `ssh` run Git's command for the server on this machine."""
    ssh = terminal.home / ".local/bin/ssh"
    ssh.parent.mkdir(parents=True)
    # The last argument is a command such as `git-upload-pack '/acme/prices.git'`.
    ssh.write_text(f"""\
#!/bin/sh
for command; do :; done
eval "set -- $command"
exec git upload-pack {library.parents[1]}"$2"
""")
    ssh.chmod(0o755)


def write_git(terminal, url):
    project = PROJECT.format('"prices"')
    terminal.write("pyproject.toml", f'{project}\n[tool.uv.sources]\nprices.git = "{url}"\n')


def test_a_git_url_over_ssh_starts_with_ssh(terminal, ssh_server):
    """For a Git repository over SSH, uv requires a URL such as
    `ssh://git@git.example.com/acme/prices.git`. It rejects the short form
    `git@git.example.com:acme/prices.git`."""
    write_git(terminal, "git@git.example.com:acme/prices.git")
    assert "relative URL without a base" in terminal.fails(LOCK)
    write_git(terminal, SSH)
    terminal.run(LOCK)
    assert f'git = "{SSH}#' in terminal.run("grep ^source uv.lock")


def test_git_settings_replace_the_ssh_url_in_the_lockfile(terminal, ssh_server, library, servers):
    """If `uv.lock` contains the SSH URL of a Git repository, you can install the package over HTTP
    with a token. `uv sync --locked` uses the Git setting `insteadOf`, which replaces the start of
    the URL, and the credential helper of Pattern C."""
    write_git(terminal, SSH)
    terminal.run(LOCK)
    sync = "GIT_SSH_COMMAND=false uv sync --locked --no-cache"
    terminal.fails(f"{sync} 2> log")
    terminal.run("grep -o 'fatal: Could not read from remote repository' log")
    server = Registry(library.parents[1], "gitlab-ci-token")
    start(terminal, servers, server, 8080)
    terminal.write("~/git_token", TOKEN)
    terminal.run(f"git config --global credential.{server.url}.helper {credential_helper()}")
    terminal.run(f"git config --global url.{server.url}/.insteadOf ssh://git@git.example.com/")
    assert "+ prices==1.0.0" in terminal.run(sync)


def credential_helper():
    """Return the credential helper in the Dockerfile of Pattern C, for a token in the home folder.

    Only a container can have the folder /run/secrets.
    """
    dockerfile = (example("pattern-c-cache-mounts").folder / "Dockerfile").read_text()
    helper = re.search(r"git config --system \S+\.helper \\\s+('[^']+')", dockerfile)[1]
    return re.sub(r"\s*\\\n\s*", " ", helper).replace("/run/secrets/", "~/")


FORWARDED = f"""\
FROM {PYTHON_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends git openssh-client
COPY --from={example("pattern-c-cache-mounts").uv_image} /uv /bin/
COPY known_hosts /etc/ssh/ssh_known_hosts
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN --mount=type=ssh uv sync --locked
"""
# The server has the packages of the build, so that Debian's are installed once.
SERVER = """\
RUN apt-get install --yes --no-install-recommends openssh-server \\
    && useradd --create-home --shell /bin/sh git \\
    && mkdir -p /run/sshd /home/git/.ssh \\
    && ssh-keygen -q -t ed25519 -N '' -f /id_ed25519 \\
    && cp /id_ed25519.pub /home/git/.ssh/authorized_keys
COPY prices.git /acme/prices.git
RUN chown -R git /acme /home/git
CMD ["/usr/sbin/sshd", "-D", "-o", "PasswordAuthentication=no"]
"""


@pytest.fixture
def sshd(docker):
    """Start an SSH server with a Git repository, and write its host key and the user's key.

    Builds find the server under the name git.example.com.
    """
    engine, folder = docker.engine, docker.home / "server"
    write_library(docker, folder / "prices.git")
    packages = FORWARDED.partition("COPY")[0]
    (folder / "Dockerfile").write_text(packages + SERVER)
    image = build(engine, folder, f"{docker.image}-server", *docker.hidden).tag
    run_server = ("run", "--detach", "--label", LABEL, image)
    container = engine.docker(*run_server).stdout.strip()
    template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = engine.docker("inspect", "--format", template, container).stdout.strip()
    docker.hidden.append(f"--add-host=git.example.com:{address}")

    def file(path):
        return engine.docker("exec", container, "cat", path).stdout

    docker.folder.mkdir()
    host_key = file("/etc/ssh/ssh_host_ed25519_key.pub")
    (docker.folder / "known_hosts").write_text(f"git.example.com {host_key}")
    key = docker.home / "id_ed25519"
    key.write_text(file("/id_ed25519"))
    key.chmod(0o600)
    yield folder
    engine.docker("rm", "--force", container)


@pytest.mark.only_with_all
def test_a_build_can_use_the_ssh_key_of_your_agent(docker, sshd):
    """With `--mount=type=ssh` in the `RUN` and `docker build --ssh`, uv can install a package from
    a Git server that offers SSH only. The image does not contain the key."""
    write_git(docker, SSH)
    docker.keep("ssh-keyscan git.example.com > known_hosts", "")
    # The build reaches the server, which the terminal does not.
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{sshd}/.insteadOf",
        "GIT_CONFIG_VALUE_0": SSH.removesuffix("prices.git"),
    }
    lock = (docker.uv, "lock", "--no-cache")
    run(*lock, failing="uv lock", cwd=docker.folder, env=docker.environ | instead)
    docker.keep(LOCK, "Resolved 2 packages in …")
    docker.write("Dockerfile", FORWARDED)
    assert "Permission denied (publickey)" in docker.build_fails()
    built = docker.build("--ssh", "default=../id_ed25519", shown="prices==")
    assert "+ prices==1.0.0" in built.output
    docker.start_fails("grep --recursive --files-with-matches 'PRIVATE KEY' /root /app /etc/ssh")


def test_a_token_in_a_git_url_is_not_written_to_the_project(terminal, library, servers):
    """If you pass a Git URL that contains a user name and a token to `uv add`, uv writes neither of
    them to `pyproject.toml` or `uv.lock`."""
    server = Registry(library.parents[1], "gitlab-ci-token")
    start(terminal, servers, server, 8080)
    url = server.url.replace("//", f"//gitlab-ci-token:{TOKEN}@")
    terminal.write("pyproject.toml", PROJECT.format(""))
    terminal.run(f"uv add --no-cache 'prices @ git+{url}/acme/prices.git'")
    terminal.fails(f"grep {TOKEN} pyproject.toml uv.lock")
    terminal.fails("grep gitlab-ci-token pyproject.toml uv.lock")

"""Stand-ins: images with an official name, made here because no registry answers.

They behave like the image they stand in for as far as the examples can tell, and say what they
are in a label. This machine's certificates are trusted in all of them. Other differences:

- `python`: the Python is Debian's, under /usr with links in /usr/local/bin; the Debian release is
  testing, the one that has that Python. Poetry in it asks this machine about single releases.
- `ubuntu:noble`: Debian trixie, whose Python is 3.13 and not 3.12 (see BUILD_ARGUMENTS).
- `postgres`: Debian testing's server with an entrypoint of our own, which knows POSTGRES_USER,
  POSTGRES_PASSWORD and POSTGRES_DB, and runs no scripts.
- `registry`: Debian testing's `docker-registry`, version 2, without a configuration to mount over.
- `docker:29-cli` and `docker:29-dind`: Debian testing's Docker 28 with the image store of 29, which
  can export layers. The entrypoints are ours: they make and find the certificates, and no more.
- `ghcr.io/astral-sh/uv:…-python…`: uv in the stand-in for that Python.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from guide import Problem
from guide.engine import release_api
from guide.machine import debian
from guide.machine.commands import run
from guide.machine.progress import doing
from guide.start.environment import find_uv

# The label that marks a stand-in. Its value, a hash of the recipes, tells old ones from new.
LABEL = "guide.stand-in"

ROOT_FILES = """\
FROM scratch
ADD root.tar /
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
# Python programs with `requests` look at the second.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
ENV REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
"""

PYTHON = f"""\
{ROOT_FILES}
COPY sitecustomize.py /etc/python{{version}}/
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
RUN ln -s /usr/bin/python{{version}} /usr/local/bin/python{{version}} \\
    && ln -s python{{version}} /usr/local/bin/python3 \\
    && ln -s python3 /usr/local/bin/python \\
    && rm /usr/lib/python{{version}}/EXTERNALLY-MANAGED \\
    && set -- /usr/share/python-wheels/pip-*.whl \\
    && python "$1/pip" install --quiet --no-index "$1" \\
    && pip --version
CMD ["python3"]
"""

UBUNTU = f"""\
{ROOT_FILES}
CMD ["/bin/bash"]
"""

# Listens on the network only when the database is there, as the official one does.
POSTGRES_ENTRYPOINT = """\
#!/bin/sh
set -eu
if [ "$(id -u)" = 0 ]; then
    install --directory --owner=postgres --group=postgres --mode=700 "$PGDATA"
    install --directory --owner=postgres --group=postgres /run/postgresql
    exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
user="${POSTGRES_USER:-postgres}"
database="${POSTGRES_DB:-$user}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?Set it: the database has no superuser password.}"
    printf %s "$POSTGRES_PASSWORD" > /tmp/password
    initdb --username="$user" --pwfile=/tmp/password --auth-host=scram-sha-256 --auth-local=trust
    rm /tmp/password
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --options="-c listen_addresses=''" start
    test "$database" = postgres || createdb --username="$user" "$database"
    pg_ctl --wait stop
fi
exec "$@" -c listen_addresses='*'
"""

# Debian testing, in the stand-in that is there in any case.
TESTING = "FROM python:3.14-slim-trixie\nENTRYPOINT []\n"
INSTALL = "apt-get update -qq && apt-get install -qq --no-install-recommends"

POSTGRES = f"""\
{TESTING}
# Debian makes a cluster on installing; the image makes its own when it starts.
RUN {INSTALL} postgresql-{{version}} \\
    && rm -r /var/lib/postgresql/* /etc/postgresql
COPY docker-entrypoint.sh /usr/local/bin/
ENV PATH=/usr/lib/postgresql/{{version}}/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
ENV PGDATA=/var/lib/postgresql/{{version}}/docker
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
"""

REGISTRY = f"""\
{TESTING}
RUN {INSTALL} docker-registry
COPY config.yml /etc/docker/registry/config.yml
VOLUME /var/lib/registry
EXPOSE 5000
CMD ["docker-registry", "serve", "/etc/docker/registry/config.yml"]
"""

REGISTRY_CONFIG = """\
version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/registry }, delete: { enabled: true } }
http: { addr: ":5000" }
"""

UV = """\
FROM scratch
COPY uv uvx /
WORKDIR /io
ENTRYPOINT ["/uv"]
"""

UV_PYTHON = """\
FROM python:{python}-slim-trixie
COPY uv uvx /usr/local/bin/
ENV UV_TOOL_BIN_DIR=/usr/local/bin
CMD ["/usr/local/bin/uv"]
"""

DOCKER_CLI = f"""\
{TESTING}
RUN {INSTALL} docker-cli docker-buildx docker.io iptables openssl
COPY docker-entrypoint.sh /usr/local/bin/
ENV DOCKER_TLS_CERTDIR=/certs
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["sh"]
"""

# A client finds the server where the certificates are, or else without any.
DOCKER_CLI_ENTRYPOINT = """\
#!/bin/sh
certificates="$DOCKER_TLS_CERTDIR/client"
if [ -z "$DOCKER_HOST" ] && [ ! -S /var/run/docker.sock ]; then
    export DOCKER_HOST=tcp://docker:2375
    if [ -n "$DOCKER_TLS_CERTDIR" ] && [ -s "$certificates/key.pem" ]; then
        export DOCKER_HOST=tcp://docker:2376
        export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$certificates"
    fi
fi
exec "$@"
"""

DOCKER_DIND = """\
FROM docker:{version}-cli
COPY dockerd-entrypoint.sh /usr/local/bin/
VOLUME /var/lib/docker
EXPOSE 2375 2376
ENTRYPOINT ["dockerd-entrypoint.sh"]
CMD []
"""

DOCKER_DIND_ENTRYPOINT = """\
#!/bin/sh
set -eu
where=--host=tcp://0.0.0.0:2375
if [ -n "$DOCKER_TLS_CERTDIR" ]; then
    mkdir -p "$DOCKER_TLS_CERTDIR/server" "$DOCKER_TLS_CERTDIR/client"
    cd "$DOCKER_TLS_CERTDIR/server"
    names="DNS:docker,DNS:localhost,DNS:$(hostname),IP:127.0.0.1"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \\
        -subj /CN=docker -addext "subjectAltName=$names" -keyout key.pem -out cert.pem 2>/dev/null
    cp cert.pem ca.pem
    # One certificate for both ends is enough to know each other by.
    cp ca.pem cert.pem key.pem "$DOCKER_TLS_CERTDIR/client"
    where="--host=tcp://0.0.0.0:2376 --tlsverify --tlscacert=$PWD/ca.pem"
    where="$where --tlscert=$PWD/cert.pem --tlskey=$PWD/key.pem"
fi
rm -f /var/run/docker.pid
exec dockerd --host=unix:///var/run/docker.sock $where \\
    --feature containerd-snapshotter=true "$@"
"""

# What a build on a stand-in has to be told, because its Python is another one.
BUILD_ARGUMENTS = {"ubuntu:noble": {"PYTHON_VERSION": "3.13"}}

Docker = Callable[..., object]


def make(docker: Docker, name: str, have: str | None) -> None:
    """Have the stand-in for the image `name` in the engine that `docker` talks to.

    `have` is the label of the stand-in that is there already, if one is, and those that it
    starts from are there. Raises Problem when no recipe makes that image.
    """
    text, version, prepare = _recipe(name)
    recipes = Path(__file__).read_text() + release_api.HOOK
    label = hashlib.sha256(recipes.encode()).hexdigest()[:12]
    if have == label:
        return
    with (
        doing("base images", f"making a stand-in for {name}"),
        tempfile.TemporaryDirectory(prefix="guide-stand-in-") as folder,
    ):
        prepare(Path(folder), version)
        (Path(folder) / "Dockerfile").write_text(text)
        docker("buildx", "build", "--load", "--tag", name, "--label", f"{LABEL}={label}", folder)


def starts_from(name: str) -> list[str]:
    """The images that the stand-in for `name` starts from, which have to be there first."""
    return re.findall(r"(?m)^FROM (?!scratch)(\S+)", _recipe(name)[0])


def _recipe(name: str) -> tuple[str, str, Callable[[Path, str], None]]:
    """The Dockerfile for a stand-in, its version, and what makes the files for it."""
    for pattern, recipe, prepare in RECIPES:
        match = re.fullmatch(pattern, name)
        if match:
            return recipe.format(**match.groupdict()), match["version"], prepare
    raise Problem(f"{name} cannot be pulled, and {__name__} has no recipe for a stand-in.")


KEEP_NOTHING = (
    'APT::Keep-Downloaded-Packages "false"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
)


def _debian_files(folder: Path, release: str, *packages: str) -> None:
    """The root file system of a Debian with `packages`."""
    run(
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(('ca-certificates', 'netbase', 'tzdata', *packages))}",
        f"--aptopt={debian.FROZEN_MIRROR}",
        # apt goes on working inside: on a mirror that is a frozen copy too, and, as in the official
        # images, without keeping what it has downloaded, without waiting for the disk and without
        # looking for questions in each package first.
        f"--customize-hook=echo '{debian.FROZEN_MIRROR}; {KEEP_NOTHING}'"
        ' > "$1"/etc/apt/apt.conf.d/stand-in'
        ' && rm -f "$1"/var/cache/apt/*.bin "$1"/etc/apt/apt.conf.d/70debconf'
        ' && echo force-unsafe-io > "$1"/etc/dpkg/dpkg.cfg.d/stand-in',
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        release,
        folder / "root.tar",
        debian.source(release),
        env={**os.environ, "TMPDIR": str(folder)},
        failing=f"mmdebstrap could not make a Debian {release} with {', '.join(packages)}",
    )
    certificates = os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
    shutil.copyfile(certificates, folder / "certificates.crt")


def _python_files(folder: Path, version: str) -> None:
    _debian_files(folder, "testing", f"python{version}", f"python{version}-venv")
    (folder / "sitecustomize.py").write_text(release_api.HOOK)


def _ubuntu_files(folder: Path, _version: str) -> None:
    _debian_files(folder, "trixie")


def _postgres_files(folder: Path, _version: str) -> None:
    _entrypoint(folder / "docker-entrypoint.sh", POSTGRES_ENTRYPOINT)


def _registry_files(folder: Path, _version: str) -> None:
    (folder / "config.yml").write_text(REGISTRY_CONFIG)


def _docker_files(folder: Path, _version: str) -> None:
    _entrypoint(folder / "docker-entrypoint.sh", DOCKER_CLI_ENTRYPOINT)


def _dind_files(folder: Path, _version: str) -> None:
    _entrypoint(folder / "dockerd-entrypoint.sh", DOCKER_DIND_ENTRYPOINT)


def _entrypoint(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _uv_files(folder: Path, version: str) -> None:
    machine = os.uname().machine
    run(
        find_uv(),
        *("pip", "install", "--no-deps", "--target", folder / "wheel"),
        *("--python-platform", f"{machine}-unknown-linux-musl", f"uv=={version}"),
        failing=f"uv {version} could not be fetched from the package index",
    )
    for program in ("uv", "uvx"):
        (folder / "wheel/bin" / program).rename(folder / program)


# The images that can be made: a name, the Dockerfile, and what puts the files beside it.
RECIPES = [
    (r"python:(?P<version>3\.\d+)-slim-trixie", PYTHON, _python_files),
    (r"ubuntu:(?P<version>noble)", UBUNTU, _ubuntu_files),
    (r"postgres:(?P<version>\d+)", POSTGRES, _postgres_files),
    (r"registry:(?P<version>\d+)", REGISTRY, _registry_files),
    (r"ghcr\.io/astral-sh/uv:(?P<version>\d+\.\d+\.\d+)", UV, _uv_files),
    (
        r"ghcr\.io/astral-sh/uv:(?P<version>\d+\.\d+\.\d+)-python(?P<python>3\.\d+)-trixie-slim",
        UV_PYTHON,
        _uv_files,
    ),
    (r"docker:(?P<version>\d+)-cli", DOCKER_CLI, _docker_files),
    (r"docker:(?P<version>\d+)-dind", DOCKER_DIND, _dind_files),
]

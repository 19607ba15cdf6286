"""Stand-ins: images with an official name, made here because no registry answers.

They behave like the image they stand in for as far as the examples can tell, and say what they
are in a label. Differences: the Python is Debian's, under /usr with links in /usr/local/bin; the
Debian release is testing, the one that has that Python; this machine's certificates are trusted.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from guide import Problem, debian
from guide.commands import run
from guide.progress import doing
from guide.start import find_uv

# The label that marks a stand-in. Its value, a hash of this file, tells old recipes from new.
LABEL = "guide.stand-in"

PYTHON = """\
FROM scratch
ADD root.tar /
COPY certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
RUN ln -s /usr/bin/python{version} /usr/local/bin/python{version} \\
    && ln -s python{version} /usr/local/bin/python3 \\
    && ln -s python3 /usr/local/bin/python \\
    && set -- /usr/share/python-wheels/pip-*.whl \\
    && python "$1/pip" install --quiet --no-index --break-system-packages "$1" \\
    && pip --version
CMD ["python3"]
"""

UV = """\
FROM scratch
COPY uv uvx /
WORKDIR /io
ENTRYPOINT ["/uv"]
"""

Docker = Callable[..., object]


def make(docker: Docker, name: str, have: str | None) -> None:
    """Have the stand-in for the image `name` in the engine that `docker` talks to.

    `have` is the label of the stand-in that is there already, if one is. Raises Problem when
    no recipe makes that image.
    """
    found = [(re.fullmatch(pattern, name), *rest) for pattern, *rest in RECIPES]
    found = [(match["version"], *rest) for match, *rest in found if match]
    if not found:
        raise Problem(f"{name} cannot be pulled, and {__name__} has no recipe for a stand-in.")
    version, recipe, prepare = found[0]
    text = recipe.format(version=version)
    label = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
    if have == label:
        return
    with (
        doing("base images", f"making a stand-in for {name}"),
        tempfile.TemporaryDirectory(prefix="guide-stand-in-") as folder,
    ):
        prepare(Path(folder), version)
        (Path(folder) / "Dockerfile").write_text(text)
        docker("buildx", "build", "--load", "--tag", name, "--label", f"{LABEL}={label}", folder)


def _python_files(folder: Path, version: str) -> None:
    packages = f"ca-certificates,netbase,tzdata,python{version},python{version}-venv"
    run(
        "mmdebstrap",
        "--variant=minbase",
        f"--include={packages}",
        f"--aptopt={debian.FROZEN_MIRROR}",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "testing",
        folder / "root.tar",
        debian.source("testing"),
        env={**os.environ, "TMPDIR": str(folder)},
        failing=f"mmdebstrap could not make a Debian with Python {version}",
    )
    certificates = os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
    shutil.copyfile(certificates, folder / "certificates.crt")


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
    (r"ghcr\.io/astral-sh/uv:(?P<version>\d+\.\d+\.\d+)", UV, _uv_files),
]

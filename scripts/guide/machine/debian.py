"""What apt gives on a Debian machine: packages installed, or only fetched."""

import os
import subprocess
from pathlib import Path

from guide import Problem
from guide.machine.commands import run
from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.start.environment import cache_dir

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def is_possible() -> bool:
    """Whether this is Debian itself and this process may install packages."""
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in release.read_text() and os.geteuid() == 0


def install(*packages: str) -> None:
    """Install the packages that are not there yet. Raises Problem if apt cannot."""
    if not _missing(packages):
        return
    # apt does not wait for another apt. That one may have installed the same.
    with exclusive(cache_dir() / "apt.lock", "packages"):
        missing = _missing(packages)
        if missing:
            _install(missing)


def _missing(packages: tuple[str, ...]) -> list[str]:
    return [
        package
        for package in packages
        if subprocess.run(["dpkg", "-s", package], capture_output=True).returncode != 0
    ]


def _install(missing: list[str]) -> None:
    names = ", ".join(missing)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with doing("packages", f"installing {names} with apt"):
        command = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *missing]
        failing = f"apt could not install {names}"
        # Reading the lists of packages anew takes longer than some packages do.
        if run(*command, env=environ, failing=failing, check=False).returncode == 0:
            return
        run("apt-get", "-qq", "update", env=environ, failing="apt-get update failed")
        run(*command, env=environ, failing=failing)


def mirror() -> str:
    """The address of the mirror that this machine itself installs from."""
    template = "$(REPO_URI) $(ORIGIN) $(LABEL)"
    listing = run("apt-get", "indextargets", "--format", template, failing="apt is not set up")
    for line in listing.stdout.splitlines():
        address, _, origin = line.partition(" ")
        if origin == "Debian Debian":
            return address.rstrip("/")
    raise Problem("apt knows no Debian mirror. Run apt-get update and look at its errors.")


def source(release: str) -> str:
    """The line of a sources.list for one Debian release, from this machine's mirror."""
    return f"deb [signed-by={KEYRING}] {mirror()} {release} main"


# A mirror may be a frozen copy, past its own expiry date. Signatures are checked as ever.
FROZEN_MIRROR = 'Acquire::Check-Valid-Until "false"'


def fetch(release: str, packages: tuple[str, ...], folder: Path) -> None:
    """Download packages of another Debian release into `folder`, without installing them."""
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(source(release) + "\n")
    (folder / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list";\n'
        'Dir::Etc::sourceparts "-";\n'
        f'Dir::State::lists "{folder}/lists";\n'
        f'Dir::State::status "{folder}/status";\n'
        f'Dir::Cache "{folder}";\n'
        'APT::Sandbox::User "root";\n'
        f"{FROZEN_MIRROR};\n"
    )
    environ = {**os.environ, "APT_CONFIG": str(folder / "apt.conf")}
    failing = f"Packages of Debian {release} could not be fetched"
    for command in (["update"], ["download", *packages]):
        run("apt-get", "-qq", *command, cwd=folder, env=environ, failing=failing)

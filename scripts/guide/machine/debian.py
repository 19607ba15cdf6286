"""Install Debian packages with apt, remove them, or only download them."""

import os
import re
from collections.abc import Collection
from pathlib import Path

from guide import Problem
from guide.machine.commands import run
from guide.machine.locks import exclusive
from guide.machine.progress import doing
from guide.start import packages
from guide.start.environment import cache_dir

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def is_possible() -> bool:
    """Return whether this is Debian itself and this process may install packages."""
    release = Path("/etc/os-release")
    return release.exists() and "\nID=debian\n" in release.read_text() and os.geteuid() == 0


def install(*names: str) -> None:
    """Install the missing packages. Raises Problem if apt fails."""
    if not _missing(names):
        return
    # apt does not wait for another apt process, which may install the same packages.
    with exclusive(cache_dir() / "apt.lock", "packages"):
        missing = _missing(names)
        if missing:
            _install(missing)


def remove_packages(names: Collection[str]) -> list[str]:
    """Remove the packages that no other package needs, and return those that are kept.

    No other package is removed. Raises Problem if apt fails.
    """
    with exclusive(cache_dir() / "apt.lock", "packages"):
        present = sorted({*names} & packages.installed_packages())
        chosen = present
        if _removed_with(present) - {*present}:
            # A package that was installed later needs some of them.
            chosen = [name for name in present if _removed_with([name]) <= {*present}]
        if _removed_with(chosen) - {*chosen}:
            raise Problem(
                f"apt would also remove packages other than {', '.join(chosen)}. Remove these "
                "packages yourself."
            )
        if chosen:
            with doing("packages", f"removing {len(chosen)} packages with apt"):
                _apt_get("purge", *chosen, failing="apt could not remove packages")
        return [name for name in present if name not in chosen]


def _removed_with(names: list[str]) -> set[str]:
    """Return all packages that apt would remove in order to remove these."""
    if not names:
        return set()
    plan = _apt_get("--simulate", "purge", *names, failing="apt could not plan a removal")
    return {*re.findall(r"(?m)^(?:Remv|Purg) ([^\s:]+)", plan)}


def _apt_get(*arguments: str, failing: str) -> str:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    # Otherwise, apt's configuration may make it also remove unused dependencies.
    command = ("apt-get", "--quiet", "--yes", "--no-auto-remove", *arguments)
    return run(*command, env=environ, failing=failing).stdout


def _missing(names: tuple[str, ...]) -> list[str]:
    present = packages.installed_packages()
    return [name for name in names if name not in present]


def _install(missing: list[str]) -> None:
    names = ", ".join(missing)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with (
        doing("packages", f"installing {names} with apt"),
        packages.tracked_installs(cache_dir()),
    ):
        command = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *missing]
        failing = f"apt could not install {names}"
        # Try first without updating the package lists, because that takes longer than installing.
        if run(*command, env=environ, failing=failing, check=False).returncode == 0:
            return
        run("apt-get", "-qq", "update", env=environ, failing="apt-get update failed")
        run(*command, env=environ, failing=failing)


def mirror() -> str:
    """Return the URL of the mirror that this machine installs from."""
    template = "$(REPO_URI) $(ORIGIN) $(LABEL)"
    listing = run("apt-get", "indextargets", "--format", template, failing="apt is not set up")
    for line in listing.stdout.splitlines():
        address, _, origin = line.partition(" ")
        if origin == "Debian Debian":
            return address.rstrip("/")
    raise Problem(
        "apt has no Debian mirror. Run `apt-get update` and fix the errors that it prints."
    )


def source(release: str) -> str:
    """Return the sources.list line for one Debian release, from this machine's mirror."""
    return f"deb [signed-by={KEYRING}] {mirror()} {release} main"


# A mirror may be a snapshot whose expiry date has passed. Signatures are still checked.
ALLOW_EXPIRED_MIRROR = 'Acquire::Check-Valid-Until "false"'


def fetch(release: str, names: tuple[str, ...], folder: Path) -> None:
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
        f"{ALLOW_EXPIRED_MIRROR};\n"
    )
    environ = {**os.environ, "APT_CONFIG": str(folder / "apt.conf")}
    failing = f"Packages of Debian {release} could not be fetched"
    for command in (["update"], ["download", *names]):
        run("apt-get", "-qq", *command, cwd=folder, env=environ, failing=failing)

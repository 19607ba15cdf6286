"""Install releases of uv into the cache."""

from pathlib import Path

from guide.machine.commands import run
from guide.machine.installing import cached
from guide.start.environment import UV_VERSION, find_uv


def installed_uv(version: str | None = None) -> str:
    """Return the path of a release of uv. The default is the release that the examples pin."""
    version = version or UV_VERSION

    def install(folder: Path) -> None:
        command = ("pip", "install", "--quiet", "--no-deps", "--target", folder, f"uv=={version}")
        run(find_uv(), *command, failing=f"uv {version} could not be installed")

    return str(cached(f"uv-{version}", install, "uv") / "bin/uv")

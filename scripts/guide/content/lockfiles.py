"""Read uv.lock and poetry.lock."""

import tomllib

from packaging.utils import canonicalize_name

from guide import Problem


def locked_versions(lockfile: str) -> dict[str, str]:
    """Return the versions in a uv.lock or poetry.lock, keyed by package, without the project."""
    versions: dict[str, str] = {
        canonicalize_name(package["name"]): package["version"]
        for package in tomllib.loads(lockfile)["package"]
        if not {"virtual", "editable"} & {*package.get("source", {})}
    }
    if not versions:
        raise Problem("The lockfile does not contain any packages. Lock the project again.")
    return versions

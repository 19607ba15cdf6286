"""Read the guide's version, and what has changed in the files of kits since earlier versions."""

import tomllib
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

from packaging.version import Version

from guide import ROOT, Problem

KIT_CHANGES = Path(__file__).with_name("kit_changes.toml")


class KitChange(TypedDict):
    """A change to the files of kits, and the version of the guide that contains it."""

    version: str
    text: str


class Release(TypedDict):
    """The version of the guide, and what has changed in the files of kits, the newest first."""

    version: str
    changes: list[KitChange]


@cache
def guide_version() -> str:
    """Return the version of the guide."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return cast(str, project["version"])


def guide_release() -> Release:
    """Return the version of the guide and the changes to kits.

    Raises Problem if a change belongs to a newer version, or if the changes are not sorted.
    """
    changes: list[KitChange] = tomllib.loads(KIT_CHANGES.read_text()).get("changes", [])
    versions = [Version(each["version"]) for each in changes]
    if versions != sorted(versions, reverse=True):
        raise Problem(f"{KIT_CHANGES.name} must list newer versions above older ones.")
    if versions and versions[0] > Version(guide_version()):
        raise Problem(
            f"{KIT_CHANGES.name} names version {versions[0]}, and pyproject.toml has "
            f"{guide_version()}. Raise the version in pyproject.toml."
        )
    return {"version": guide_version(), "changes": changes}

"""The titles of examples and edits on pages."""

from collections.abc import Sequence

from guide import Problem
from guide.content.edits import EDITS, WORKSPACE_EDITS

# Maps the name of an example to its title, in page order.
EXAMPLE_TITLES = {
    "pattern-a-single-stage": "Pattern A",
    "pattern-a-single-stage--apt": "with a library from apt",
    "pattern-b-multi-stage": "Pattern B",
    "pattern-c-cache-mounts": "Pattern C",
    "lock-stage": "The lock stage",
    "lock-stage--kept-venv": "with a kept venv",
    "pattern-c-cache-mounts--lock-stage": "C with a lock stage",
    "dependency-groups": "Dependency groups",
    "workspace--bookings": "Workspace, room bookings",
    "workspace--status": "Workspace, status page",
    "whole-service": "The whole service",
    "before-poetry": "Poetry, everything copied first",
    "before-poetry--layered": "Poetry at its best",
    "after-uv": "The shop with uv",
}

# Maps the kind of a recording, or the name of a recording of no example, to its title.
_RECORDING_TITLES = {
    "layers": "builds",
    "runs": "image",
    "traps": "errors",
    "sets": "packages",
    "bench": "builds",
    "bench-commands": "commands",
    "bench-images": "images",
    "bench-line": "slow network",
    "bench-pipelines": "CI jobs",
    "bench-runner": "fresh runner",
    "bench-start": "container starts",
    "bench-steps": "steps",
    "command-map": "command pairs",
    "dev-loop": "development loop",
    "migration": "migration",
    "mutations": "planted faults",
    "pipelines": "pipelines",
    "uv-versions": "uv releases",
}

EDIT_TITLES = {
    "cold": "Cold build",
    **{edit.name: edit.title for edit in EDITS},
    **WORKSPACE_EDITS,
}


def example_title(name: str) -> str:
    """Return the title of an example."""
    try:
        return EXAMPLE_TITLES[name]
    except KeyError:
        raise Problem(f"{name!r} has no title. Add one to EXAMPLE_TITLES.") from None


def recording_title(name: str, names: Sequence[str]) -> str:
    """Return the title of a recording in a list of recordings.

    The title of an example's recording states the kind if the list contains several kinds.
    """
    kind, _, example = name.partition("/")
    title = _RECORDING_TITLES[kind]
    if not example:
        return title
    has_one_kind = all(each.startswith(f"{kind}/") for each in names)
    return example_title(example) if has_one_kind else f"{example_title(example)} ({title})"

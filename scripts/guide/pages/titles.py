"""The titles of examples and edits on pages."""

from guide import Problem
from guide.content.edits import EDITS

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
    "before-poetry": "Poetry, everything copied first",
    "before-poetry--layered": "Poetry at its best",
    "after-uv": "The shop with uv",
}

EDIT_TITLES = {"cold": "Cold build", **{edit.name: edit.title for edit in EDITS}}


def example_title(name: str) -> str:
    """Return the title of an example. `name` can be a recording, such as `layers/NAME`."""
    try:
        return EXAMPLE_TITLES[name.rpartition("/")[2]]
    except KeyError:
        raise Problem(f"{name!r} has no title. Add one to EXAMPLE_TITLES.") from None

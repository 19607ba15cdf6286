"""The layer-cache explorer: what its script needs to know, around the table that it replaces."""

import html
import json
import tomllib

from guide import Problem
from guide.content import recordings
from guide.content.edits import EDITS
from guide.content.examples import example as find_example

# What the page calls the edits of what scripts/bench timed.
TITLES = {"cold": "Cold build", **{edit.name: edit.title for edit in EDITS}}


def element(
    example: str, edit: str, against: str, table: str, pages: dict[str, tuple[str, str]]
) -> str:
    """The explorer, showing an example after an edit, with a table for who has no scripts.

    `against` is an example to show beside it, or "". `pages` has the title of each example. Raises
    Problem when such a build was not recorded.
    """
    for name in filter(None, (example, against)):
        if edit not in {each["name"] for each in recordings.layers(name)["builds"]}:
            raise Problem(f"No build {edit!r} of {name} is recorded.")
    examples = _examples(pages)
    names = {
        "examples": examples,
        "services": {name: _service(name) for name in examples},
        "shop": _shop(),
        "titles": TITLES,
    }
    return (
        f'<div><layer-explorer data-example="{example}" data-edit="{edit}" '
        f'data-against="{against}" data-names="{html.escape(json.dumps(names))}">'
        f"{table}</layer-explorer></div>"
    )


def _service(name: str) -> str:
    """Which service an example builds: several have the same one, and can be compared."""
    text = (find_example(name).folder / "pyproject.toml").read_text()
    return tomllib.loads(text)["project"]["name"]


def _examples(pages: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The examples whose edits are recorded, in the order of the pages, with their titles."""
    recorded = recordings.names("layers")
    return {name: title for name, (title, _) in pages.items() if name in recorded}


def _shop() -> dict[str, str]:
    """The Dockerfiles of the shop, with their titles: some are those of examples."""
    rows = recordings.bench("bench-steps")["builds"]
    return {f"shop/{row['name']}": f"{row['title']} (shop)" for row in rows}

"""Show the layer-cache explorer: a table, and the data for the script that replaces it."""

import json
from collections.abc import Iterable

from markupsafe import Markup

from guide.content import recordings
from guide.content.examples import example as find_example
from guide.content.recording_types import TimedContender
from guide.pages.builds import find_build
from guide.pages.comparison import edit_columns
from guide.pages.provenance import provenance_line
from guide.pages.registry import macro
from guide.pages.steps import edit_table, step_labels
from guide.pages.titles import EDIT_TITLES, EXAMPLE_TITLES


@macro
def layer_explorer(example: str, edit: str, against: str = "") -> str:
    """Return the explorer of rebuilt steps, which starts with one edit of an example.

    `against` names a second example to show next to it. Raises Problem if a build was not recorded.
    """
    names = [name for name in (example, against) if name]
    for name in names:
        find_build(name, edit)
    without_script = edit_columns(*names) if against else edit_table(example)
    element = Markup(
        '<div><layer-explorer class="explorer" data-example="{}" data-edit="{}" data-against="{}" '
        'data-names="{}">{}</layer-explorer></div>'
    ).format(example, edit, against, json.dumps(_names()), without_script)
    return f"{element}{provenance_line(*(f'layers/{name}' for name in names))}"


def _names() -> dict[str, dict[str, str] | dict[str, list[str]]]:
    """Return the titles of examples, edits and contenders, and the labels of their steps."""
    recorded_examples = recordings.names("layers")
    examples = {name: title for name, title in EXAMPLE_TITLES.items() if name in recorded_examples}
    contenders = recordings.bench("bench-steps")["builds"]
    return {
        "examples": examples,
        "services": {name: _service(name) for name in examples},
        "shop": {f"shop/{each['name']}": f"{each['title']} (shop)" for each in contenders},
        "titles": EDIT_TITLES,
        "labels": _labels(examples, contenders),
    }


def _labels(examples: Iterable[str], contenders: list[TimedContender]) -> dict[str, list[str]]:
    """Return the labels of the steps by Dockerfile. They are the same in all of its builds."""
    labels = {name: step_labels(recordings.layers(name)["builds"][0]["steps"]) for name in examples}
    for each in contenders:
        first = next(iter(each["runs"].values()))
        labels[f"shop/{each['name']}"] = step_labels(first["steps"])
    return labels


def _service(example: str) -> str:
    """Return the name of an example's service. Only builds of the same service are comparable."""
    return find_example(example).package

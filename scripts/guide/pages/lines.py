"""Show what happens without each line of a file."""

import re

from markupsafe import Markup

from guide import Problem
from guide.content import line_outcomes, recordings
from guide.content.examples import example as find_example
from guide.content.line_items import Item, file_text, items_of
from guide.content.recording_types import RecordedLine
from guide.pages.markup import inline_code, join, unparsed
from guide.pages.registry import macro

# Longer differences are cut. They are complete in the recording.
_LONGEST = 160


@macro("without_it")
def without_it(example: str, file: str) -> Markup:
    """Return a folded list that says for each recorded line of a file what happens without it.

    Links in the annotated file above lead to its entries, and a script shows the entries beside
    the lines. Raises Problem if no line of the file is recorded.
    """
    entries, last = [], 0
    for number, item, line in recorded_lines(example, file):
        without = line_outcomes.outcome_of(example, item).without
        # The first entry of a line has its name.
        entries.append(_entry(line, without, entry_name(file, number) if number != last else ""))
        last = number
    return Markup(
        '<div><without-it><details class="without" data-search-exclude="1">'
        "<summary>What happens without each line</summary>"
        "<p>We removed each line or option from a copy of this file, or put its default in its "
        "place, and then {1}. "
        '<a href="/data/lines/{0}.json">All differences that we found</a></p>'
        "<dl>{2}</dl></details></without-it></div>"
    ).format(example, _observed(file), unparsed(join(entries)))


def _observed(file: str) -> str:
    """Return what was done with a copy of a file without a line."""
    return "checked the copy" if _server(file) else "built and ran the copy"


def _server(file: str) -> str:
    """Return the name of the server that runs a pipeline, or "" for another file."""
    if file.startswith(".github/"):
        return "GitHub"
    return "GitLab" if file == ".gitlab-ci.yml" else ""


def recorded_lines(example: str, file: str) -> list[tuple[int, Item, RecordedLine]]:
    """Return the number of each recorded line of a file, in the order of the file, and the line.

    Raises Problem if no line of the file is recorded.
    """
    project = find_example(example)
    # A second Dockerfile is recorded under the name under which it is built.
    name = "Dockerfile" if file == project.dockerfile else file
    text = file_text(project, name)
    items = {item.key: item for item in items_of(name, text)}
    lines = [line for line in recordings.lines(example)["lines"] if line["file"] == name]
    if not lines:
        raise Problem(f"No line of {file} in {example} is recorded. Run: scripts/record lines")
    numbered = [
        (items[line["item"]].lines(text).start, items[line["item"]], line) for line in lines
    ]
    return sorted(numbered, key=lambda each: each[0])


def entry_name(file: str, number: int) -> str:
    """Return the identifier of the first entry of a line."""
    return f"{file}-{number}"


def _entry(line: RecordedLine, without: str, name: str) -> Markup:
    """Return the entry of a line."""
    item, _, default = line["item"].partition(" → ")
    head = _item(item)
    if default:
        head += Markup(" replaced by ") + _item(line["replacement"])
    difference = line["differences"][0]
    if len(difference) > _LONGEST:
        difference = f"{difference[:_LONGEST].rsplit(' ', 1)[0]} …"
    identifier = Markup(' id="{}"').format(name) if name else ""
    text = _sentence(without) + "."
    if line["probe"] == line_outcomes.SETTINGS:
        text += " We have not tried this."
    return Markup("<div{0}><dt>{1}</dt><dd>{2}<br><samp>{3}</samp></dd></div>").format(
        identifier, head, text, _readable(difference)
    )


def _item(text: str) -> Markup:
    """Return an item, or its replacement, in the style of code. It is not always a command."""
    return Markup('<span class="item">{}</span>').format(text)


def _sentence(without: str) -> Markup:
    """Return the end of the sentence "Without it: …" as a sentence of its own."""
    return inline_code(without[0].upper() + without[1:])


def _readable(difference: str) -> str:
    """Return a difference with single spaces, and without the lines of a Dockerfile in an error."""
    return re.sub(r" \d+ \| .*", "", re.sub(r"\s+", " ", difference))

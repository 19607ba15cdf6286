"""Split the files that readers copy into items: the lines and settings that can be taken out.

Items are derived by parsing, so a new line of a file is a new item. `guide.content.line_outcomes`
states what happens without each item, and `guide.record.lines` observes it.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatch

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from guide.content.dockerfile_items import Part, split_dockerfile
from guide.content.examples import Example


@dataclass(frozen=True)
class Item:
    """Part of a file that can be taken out, or replaced by `replacement`, the default.

    `start` and `end` are offsets in the text of the file. `stage` is the stage of a Dockerfile
    instruction, or empty if the Dockerfile has only one stage.
    """

    file: str
    name: str
    start: int
    end: int
    stage: str = ""
    replacement: str = ""

    @property
    def key(self) -> str:
        """The name under which the item is recorded, which is unique within its file."""
        return f"{self.stage}: {self.name}" if self.stage else self.name

    def lines(self, text: str) -> range:
        """Return the numbers of the lines that contain the item. The first line is 1."""
        first = text.count("\n", 0, self.start) + 1
        return range(first, first + text[self.start : self.end].rstrip("\n").count("\n") + 1)

    def without(self, text: str) -> str:
        """Return the text of the file without the item."""
        before, after = text[: self.start], self.replacement + text[self.end :]
        is_whole = before[-1:] in {"", "\n"}
        if is_whole or not fnmatch(self.file, "*Dockerfile"):
            return before + after
        # Taking out a word can leave a line without words, which ends the instruction early.
        first, (rest, newline, below) = before.rfind("\n") + 1, after.partition("\n")
        line = before[first:] + rest
        if not line.strip():
            return before[:first].removesuffix("\n").rstrip().removesuffix("\\").rstrip() + (
                newline + below
            )
        return before + after


def items(example: Example) -> list[Item]:
    """Return the items of every file of an example that readers copy."""
    return [item for file in files(example) for item in items_of(file, file_text(example, file))]


def files(example: Example) -> list[str]:
    """Return the files of an example that have items.

    The Dockerfile of a variant is called `Dockerfile`, because it is built under that name. Its
    other files are those of the project, so they have no items of their own.
    """
    if example.dockerfile != "Dockerfile":
        return ["Dockerfile"]
    names = [path.as_posix() for path in example.files]
    return [name for name in names if _splitter(name) and not name.startswith("private/")]


def file_text(example: Example, file: str) -> str:
    """Return the text of a file of an example."""
    return example.dockerfile_text if file == "Dockerfile" else (example.folder / file).read_text()


def items_of(file: str, text: str) -> list[Item]:
    """Return the items of a file, and the settings that have a default to put in their place."""
    split = _splitter(file)
    parts = [Item(file, *part) for part in split(text)] if split else []
    for pattern, old, new in DEFAULTS:
        if fnmatch(file, pattern):
            for match in re.finditer(old, text):
                around = _item_at(parts, match.start())
                name, stage = f"{around.name} → {match.expand(new)}", around.stage
                parts.append(Item(file, name, *match.span(), stage, match.expand(new)))
    return _numbered(parts)


def _numbered(parts: list[Item]) -> list[Item]:
    """Return items whose keys are unique: a repeated name gets a number."""
    counts: dict[str, int] = {}
    numbered = []
    for item in parts:
        counts[item.key] = count = counts.get(item.key, 0) + 1
        numbered.append(item if count == 1 else replace(item, name=f"{item.name} ({count})"))
    return numbered


def uncovered(file: str, text: str) -> list[int]:
    """Return the numbers of the lines with code that no item contains."""
    covered = {number for item in items_of(file, text) for number in item.lines(text)}
    comments = _docstring_lines(text) if file.endswith(".py") else set()
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#") and number not in covered | comments
    ]


# Settings whose default says more than their absence: the pattern of a file, the setting and its
# default.
DEFAULTS = (
    (
        "compose*.yaml",
        r"condition: service_(?:healthy|completed_\w+)",
        "condition: service_started",
    ),
    ("*healthcheck.py", r'"/healthz"', '"/"'),
    # The exec form, without the options of Pattern C's server.
    ("*Dockerfile", r'CMD \["(gunicorn)", "(\S+)"\]', r"CMD \1 \2"),
)


def _item_at(parts: list[Item], offset: int) -> Item:
    """Return the smallest item around an offset."""
    around = [each for each in parts if each.start <= offset < each.end]
    return min(around, key=lambda each: each.end - each.start)


def _splitter(file: str) -> Callable[[str], Iterator[Part]] | None:
    for pattern, split in _SPLITTERS.items():
        if fnmatch(file, pattern):
            return split
    return None


# --- .dockerignore, YAML, Python and TOML ---


def _ignore_file(text: str) -> Iterator[Part]:
    for match in re.finditer(r"(?m)^(?!#)(\S.*)\n", text):
        yield Part(match[1], *match.span())


def _yaml(text: str) -> Iterator[Part]:
    """Yield each key and each list entry that begins a line, named by its path."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    for path, first, last in _nodes(YAML(pure=True).compose(text), ""):
        yield Part(path, starts[first], starts[last + 1])


def _nodes(node: Node, path: str) -> Iterator[tuple[str, int, int]]:
    """Yield the path, the first and the last line of each entry of a block collection."""
    if not isinstance(node, CollectionNode) or node.flow_style:
        return
    if isinstance(node, SequenceNode):
        for number, entry in enumerate(node.value):
            title = _title(entry)
            name = f"{path}: {title}" if title else f"{path}.{number}"
            first = entry.start_mark.line
            yield name, first, _last_line(entry)
            # The dash is on the line of the first key, so that key cannot be taken out alone.
            yield from (each for each in _nodes(entry, name) if each[1] != first)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            name = f"{path}.{key.value}" if path else key.value
            # An alias is the node that it refers to, which is elsewhere in the file.
            is_alias = value.start_mark.index < key.end_mark.index
            yield name, key.start_mark.line, key.start_mark.line if is_alias else _last_line(value)
            yield from () if is_alias else _nodes(value, name)


def _title(node: Node) -> str:
    """Return the name, the action or the command of a step of a GitHub workflow, or ""."""
    if not isinstance(node, MappingNode):
        return ""
    values = {key.value: value.value for key, value in node.value}
    title = str(values.get("name") or values.get("uses") or values.get("run") or "")
    return title.partition("@")[0]


def _last_line(node: Node) -> int:
    """Return the last line of a node, which ends for the parser where the next one begins."""
    if isinstance(node, ScalarNode):
        # A block scalar ends at the beginning of a line.
        end = node.end_mark
        return int(end.line - (node.style in {"|", ">"} or (end.column == 0 and not node.value)))
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    key, value = last if isinstance(last, tuple) else (last, last)
    if value.start_mark.index < key.start_mark.index:
        return int(key.end_mark.line)
    return max(int(key.start_mark.line), _last_line(value))


def _python(text: str) -> Iterator[Part]:
    """Yield each statement of a module, and each keyword argument of its calls."""
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    module = ast.parse(text)
    for statement in module.body[ast.get_docstring(module) is not None :]:
        last = statement.end_lineno or statement.lineno
        name = ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement)
        yield Part(name, starts[statement.lineno - 1], starts[last])
        for node in ast.walk(statement):
            if isinstance(node, ast.keyword) and node.end_col_offset:
                line = starts[node.lineno - 1]
                # With the comma before it.
                first = text.rindex(",", 0, line + node.col_offset)
                yield Part(f"{name} {node.arg}", first, line + node.end_col_offset)


def _docstring_lines(text: str) -> set[int]:
    module = ast.parse(text)
    if ast.get_docstring(module) is None:
        return set()
    return {*range(module.body[0].lineno, (module.body[0].end_lineno or 0) + 1)}


def _toml(text: str) -> Iterator[Part]:
    """Yield each table, each key, and each entry of a list with a line for each entry."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    table, number = "", 0
    headers = [at for at, line in enumerate(lines) if line.startswith("[")] + [len(lines)]
    while number < len(lines):
        line = lines[number]
        last = number
        if line.startswith("["):
            table = line.strip().strip("[]")
            # The comments above the next table belong to that table.
            end = next(each for each in headers if each > number) - 1
            while not lines[end].strip() or lines[end].startswith("#"):
                end -= 1
            yield Part(table, starts[number], starts[end + 1])
        elif line.strip() and not line.startswith("#"):
            while not _is_toml("".join(lines[number : last + 1])):
                last += 1
            key = f"{table}.{line.partition('=')[0].strip()}"
            yield Part(key, starts[number], starts[last + 1])
            for entry in range(number + 1, last):
                value = lines[entry].strip().rstrip(",")
                if not value.startswith("#"):
                    yield Part(f"{key}: {value}", starts[entry], starts[entry + 1])
        number = last + 1


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


_SPLITTERS: dict[str, Callable[[str], Iterator[Part]]] = {
    "Dockerfile": split_dockerfile,
    ".dockerignore": _ignore_file,
    "compose*.yaml": _yaml,
    ".gitlab-ci.yml": _yaml,
    ".github/workflows/*.yml": _yaml,
    "gunicorn.conf.py": _python,
    "*healthcheck.py": _python,
    "pyproject.toml": _toml,
}

"""Compare recordings with those that they replace.

Dates, machines and digests always differ. Versions, sizes in text and hashes are masked, so that a
message counts as changed only if it has other words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from guide.content.recording_types import TypedCommand, WrittenFile

# Keys whose values are compared with the spread of their rounds, or not at all.
_NOT_COMPARED = {"recorded", "digest", "seconds", "started", "asserted", "dockerfile", "benchmark"}
# Keys by which the entries of two lists are matched.
_NAMES = ("name", "text", "command", "poetry", "item")
# Keys whose strings are what a program printed.
_PRINTED = {"output", "why_not", "refused", "stale", "wrong_token"}
# Sizes change with every release of a package, and only larger changes matter to readers.
_SIZE_TOLERANCE = 0.05
_MASKS = (
    (r"\x1b\[[\d;]*m", ""),
    (r"\b(?:sha256:)?[0-9a-f]{12,}\b", "HASH"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*", "TIME"),
    (r"\b\d+(?:\.\d+)* ?(?:ms|s|[kKMG]i?B|B)\b", "AMOUNT"),
    (r"\bv?\d+(?:\.\d+)+(?:[.+-]?[a-z]+\d*)*\b", "VERSION"),
)
_Kind = Literal["message", "figure", "fact"]
_Entry = Mapping[str, object]


@dataclass(frozen=True)
class Change:
    """A difference between two recordings. `path` leads to the value, such as "builds view"."""

    kind: _Kind
    path: str
    before: str
    after: str


def changes(before: object, after: object) -> list[Change]:
    """Return the differences between two recordings that a reader of the pages could notice."""
    return [*_changes("", "", before, after)]


def changed_commands(
    before: list[WrittenFile | TypedCommand], after: list[WrittenFile | TypedCommand]
) -> list[Change]:
    """Return the commands of a transcript whose output or exit code changed."""
    return [
        each
        for each in _changes("", "", before, after)
        if each.path.endswith(("output", "exit code")) or not each.before or not each.after
    ]


def masked(text: str) -> str:
    """Return a text without the parts that differ from run to run or from release to release."""
    for pattern, word in _MASKS:
        text = re.sub(pattern, word, text)
    return re.sub(r"[ \t]+", " ", text)


def _changes(path: str, key: str, before: object, after: object) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _changed_entries(path, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _changed_list(path, key, before, after)
    elif isinstance(before, str) and isinstance(after, str):
        if masked(before) != masked(after):
            yield Change("message" if key in _PRINTED else "fact", path, before, after)
    elif _is_size(key, before) and _is_size(key, after):
        yield from _changed_size(path, before, after)
    elif before != after:
        yield Change("fact", path, _shown(before), _shown(after))


def _changed_entries(path: str, before: _Entry, after: _Entry) -> Iterator[Change]:
    if "every_round" in before and "every_round" in after:
        yield from _moved(path, before["every_round"], after["every_round"])
    sizes = path.rpartition(" ")[2].endswith(("sizes", "bytes", "tools"))
    for key in {**before, **after}:
        if key in _NOT_COMPARED or key == "every_round":
            continue
        name = f"{path} {key.replace('_', ' ')}".strip()
        kind = "size" if sizes else key
        yield from _changes(name, kind, before.get(key), after.get(key))


def _moved(path: str, before: object, after: object) -> Iterator[Change]:
    """Yield the times if the slowest round of one recording is faster than all of the other."""
    if not (isinstance(before, list) and isinstance(after, list) and before and after):
        return
    if max(before) < min(after) or max(after) < min(before):
        yield Change("figure", path, _span(before), _span(after))


def _span(rounds: list[float]) -> str:
    ordered = sorted(rounds)
    return f"{ordered[len(ordered) // 2]} s ({ordered[0]} to {ordered[-1]} s)"


def _changed_list(
    path: str, key: str, before: list[object], after: list[object]
) -> Iterator[Change]:
    if _named(before) and _named(after):
        yield from _changed_entries(path, _by_name(before), _by_name(after))
    elif all(isinstance(each, str) for each in (*before, *after)):
        gone = [str(each) for each in before if masked(str(each)) not in _masked_all(after)]
        new = [str(each) for each in after if masked(str(each)) not in _masked_all(before)]
        if gone or new:
            kind: _Kind = "message" if key in _PRINTED else "fact"
            yield Change(kind, path, "\n".join(gone), "\n".join(new))
    else:
        for number in range(max(len(before), len(after))):
            pair = [each[number] if number < len(each) else None for each in (before, after)]
            yield from _changes(f"{path} {number + 1}".strip(), key, *pair)


def _masked_all(texts: list[object]) -> set[str]:
    return {masked(str(each)) for each in texts}


def _named(entries: list[object]) -> bool:
    """Return whether the entries are objects with unique names."""
    return bool(entries) and len(_by_name(entries)) == len(entries)


def _by_name(entries: list[object]) -> dict[str, object]:
    names: dict[str, object] = {}
    for each in entries:
        if isinstance(each, dict):
            key = next((key for key in _NAMES if isinstance(each.get(key), str)), None)
            if key is not None:
                file = each.get("file", "")
                names[masked(f"{file} {each[key]}").strip()] = each
    return names


def _is_size(key: str, value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and key.endswith(("size", "bytes", "downloaded", "peak_memory"))


def _changed_size(path: str, before: object, after: object) -> Iterator[Change]:
    assert isinstance(before, int | float)
    assert isinstance(after, int | float)
    if abs(after - before) > _SIZE_TOLERANCE * max(before, after):
        yield Change("figure", path, f"{before:,} bytes", f"{after:,} bytes")


def _shown(value: object) -> str:
    return "" if value is None else str(value)

"""Split a Dockerfile into the instructions and settings that can be taken out one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from guide.content.dockerfile import Dockerfile, Instruction, Stage
from guide.content.shell import Command


class Part(NamedTuple):
    """Part of a file: its name, its offsets, and the stage of a Dockerfile that it belongs to."""

    name: str
    start: int
    end: int
    stage: str = ""


# Long options that are followed by a value.
_TAKE_VALUE = {
    *("--uid", "--shell", "--owner", "--group", "--extra", "--output-file", "--python"),
    *("--pythonpath", "--settings", "--host", "--port", "--lifespan"),
    "--timeout-graceful-shutdown",
}
# Commands whose operands are independent of each other.
_LISTS = (("apt-get", "install"), ("python", "-m", "compileall"))


@dataclass(frozen=True)
class _Word:
    """A word of an instruction, and its offsets in the file."""

    text: str
    start: int
    end: int


def split_dockerfile(text: str) -> Iterator[Part]:
    """Yield each instruction, and each part of an instruction that can be taken out on its own."""
    parsed = Dockerfile.parse(text)
    starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
    for stage, instruction in _in_stages(parsed):
        name = stage.name if stage and len(parsed.stages) > 1 else ""
        start, end = starts[instruction.line - 1], starts[instruction.last_line]
        head = _head(instruction)
        yield Part(head, start, end, name)
        for part in _parts(instruction, text, start, end):
            yield Part(f"{head} {part.name}", part.start, part.end, name)


def _in_stages(parsed: Dockerfile) -> Iterator[tuple[Stage | None, Instruction]]:
    for instruction in parsed.instructions:
        above = [each for each in parsed.stages if each.start.line <= instruction.line]
        yield (above[-1] if above else None), instruction


def _head(instruction: Instruction) -> str:
    """Return a short name: the variable of an ENV, the program of a RUN, the paths of a COPY."""
    keyword, rest = instruction.keyword, instruction.normalised.partition(" ")[2]
    if instruction.assignments:
        return " ".join([keyword, *instruction.assignments])
    if keyword == "RUN":
        # The first command that is not only an assignment.
        calls = [command.call for command in instruction.commands if command.call]
        return f"RUN {_program(calls[0])}"
    if keyword in {"CMD", "HEALTHCHECK"}:
        return keyword
    return f"{keyword} {rest}"


def _program(call: tuple[str, ...]) -> str:
    """Return the program of a command and its subcommand."""
    known: tuple[str, ...] = next((each for each in _LISTS if call[: len(each)] == each), ())
    if call[:2] in {("uv", "pip"), ("python", "manage.py")}:
        known = call[:3]
    elif len(call) > 1 and call[0] in {"uv", "git", "apt-get", "django-admin"}:
        known = call[:2]
    return " ".join(known or call[:1])


def _parts(instruction: Instruction, text: str, start: int, end: int) -> Iterator[Part]:
    """Yield the name and the offsets of each part of an instruction that has an item."""
    cursor = start
    for name, value in instruction.flags:
        if name == "from" or instruction.keyword == "FROM":
            # The image is in the name of the instruction.
            continue
        flag = f"--{name}" if value == "true" and f"--{name}=" not in text[cursor:end] else ""
        word = _find(text, flag or f"--{name}={value}", cursor, end)
        if word:
            cursor = word.end
            part = _mount_name(value) if name == "mount" else word.text
            yield Part(part, word.start, word.end)
            yield from _mount_options(word) if name == "mount" else ()
    if instruction.keyword == "COPY" and len(instruction.arguments) > 2:
        for source in instruction.arguments[:-1]:
            if word := _find(text, source, cursor, end):
                yield Part(source, word.start, word.end)
    elif instruction.keyword == "RUN":
        yield from _commands(instruction, text, cursor, end)
    elif instruction.keyword == "CMD":
        yield from _arguments(instruction, text, cursor, end)


def _mount_name(value: str) -> str:
    """Return a short name of a mount: its type, and the file or stage that it makes available."""
    options = dict(each.partition("=")[::2] for each in value.split(","))
    kind = options.get("type", "bind")
    source = options.get("from") or options.get("source", "") if kind == "bind" else ""
    return f"--mount {kind} {source}".strip()


def _mount_options(word: _Word) -> Iterator[Part]:
    for match in re.finditer(r",(id|required|sharing)=[^,]+", word.text):
        if match[1] == "id" and "type=secret" in word.text:
            continue
        start = word.start + match.start()
        yield Part(match[0].lstrip(","), start, start + len(match[0]))


def _commands(instruction: Instruction, text: str, start: int, end: int) -> Iterator[Part]:
    """Yield each command of a chain, and its variables, long options and independent operands."""
    located: list[list[_Word]] = []
    for command in instruction.commands:
        words = []
        for each in command.words:
            if word := _find(text, each, start, end):
                words.append(word)
                start = word.end
        if words:
            located.append(words)
    fallback = next(
        (
            after
            for before, after in pairwise(located)
            if "||" in text[before[-1].end : after[0].start]
        ),
        None,
    )
    if fallback:
        located = located[: located.index(fallback)]
        yield Part("|| …", located[-1][-1].end, end - 1)
    for number, words in enumerate(located):
        name = _program(Command(tuple(each.text for each in words)).call) or words[0].text
        if len(located) > 1 and number == 0:
            yield Part(f"&& {name}", words[0].start, located[1][0].start)
        elif len(located) > 1:
            yield Part(f"&& {name}", located[number - 1][-1].end, words[-1].end)
        prefix = f"&& {name} " if number else ""
        prefix = prefix if prefix.strip("& ") not in _head(instruction) else ""
        for part in _settings(words):
            yield part._replace(name=prefix + part.name)


def _settings(words: list[_Word]) -> Iterator[Part]:
    """Yield the variables and the long options of a command, and its independent operands."""
    command = Command(tuple(word.text for word in words))
    variables = len(command.assignments)
    listed = next((len(each) for each in _LISTS if command.call[: len(each)] == each), None)
    number = 0
    while number < len(words):
        word = words[number]
        takes_value = word.text in _TAKE_VALUE
        last = words[number + takes_value]
        if word.text.startswith("--"):
            name = f"{word.text} {last.text}" if takes_value else word.text
            yield Part(name, word.start, last.end)
        elif number < variables < len(words):
            yield Part(word.text.partition("=")[0], word.start, word.end)
        elif listed and number >= variables + listed and not word.text.startswith("-"):
            yield Part(word.text, word.start, word.end)
        number += 1 + takes_value


def _arguments(instruction: Instruction, text: str, start: int, end: int) -> Iterator[Part]:
    """Yield the long options of an exec form, each with the comma before it."""
    arguments = instruction.arguments
    for number, argument in enumerate(arguments):
        if not argument.startswith("--"):
            continue
        group = arguments[number : number + (2 if argument in _TAKE_VALUE else 1)]
        pattern = r",\s*(?:\\\s*)?" + r",\s*".join(re.escape(f'"{each}"') for each in group)
        if match := re.compile(pattern).search(text, start, end):
            yield Part(" ".join(group), *match.span())


def _find(text: str, word: str, start: int, end: int) -> _Word | None:
    """Return the next occurrence of a word, or None if line continuations divide it."""
    index = text.find(word, start, end)
    return None if index < 0 else _Word(word, index, index + len(word))

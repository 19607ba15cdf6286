"""Split shell scripts into commands. Supports the syntax that RUN instructions commonly use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_COMMENT_LINE = re.compile(r"(?m)^\s*#.*\n?")


@dataclass(frozen=True)
class Command:
    """One simple command. Its words are unchanged, with quotes and variables."""

    words: tuple[str, ...]

    @property
    def assignments(self) -> tuple[str, ...]:
        """The `NAME=value` words before the program."""
        return self.words[: len(self.words) - len(self.call)]

    @property
    def call(self) -> tuple[str, ...]:
        """The program and its arguments."""
        for index, word in enumerate(self.words):
            if not _ASSIGNMENT.match(word):
                return self.words[index:]
        return ()

    @property
    def text(self) -> str:
        """The program and its arguments, separated by single spaces."""
        return " ".join(self.call)


def commands(script: str) -> tuple[Command, ...]:
    """Return the simple commands of a script, in order.

    Commands end at `&&`, `||`, `|`, `;`, `&` and newlines. A subshell or command substitution is a
    single word, because the commands inside it are not needed.
    """
    lists: list[list[str]] = [[]]
    for token in _tokens(_COMMENT_LINE.sub("", script)):
        if token is None:
            lists.append([])
        else:
            lists[-1].append(token)
    return tuple(Command(tuple(words)) for words in lists if words)


def _tokens(script: str) -> Iterator[str | None]:
    """Yield each word of a script, and None for each character of an operator between commands."""
    word = ""
    closers: list[str] = []
    escaped = False
    for char in script:
        previous, inside = word[-1:], closers[-1] if closers else ""
        if escaped:
            # A backslash joins two lines.
            word = word[:-1] if char == "\n" else word + char
            escaped = False
        elif not closers and _ends_word(char, previous):
            if word:
                yield word
            word = ""
            if not char.isspace() or char == "\n":
                yield None
        else:
            escaped = char == "\\" and inside != "'"
            _update(closers, char, previous)
            word += char
    if word:
        yield word


def _ends_word(char: str, previous: str) -> bool:
    # In `2>&1`, the ampersand belongs to the redirection.
    return char.isspace() or char in ";|" or (char == "&" and previous not in {"<", ">"})


def _update(closers: list[str], char: str, previous: str) -> None:
    """Open or close a quotation, a subshell or a substitution at this character."""
    inside = closers[-1] if closers else ""
    if char == inside:
        closers.pop()
    elif inside == "'":
        return
    elif char in {'"', "`"} or (char == "'" and inside != '"'):
        closers.append(char)
    elif char == "(" and (inside != '"' or previous == "$"):
        closers.append(")")
    elif char == "{" and previous == "$":
        closers.append("}")

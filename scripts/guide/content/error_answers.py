"""Read the answers to error messages: what a program prints, the cause, the fix and the proof.

The files in errors/ list the answers. The keys of an answer are

name        its anchor on the page
title       the message, or its distinctive part, in the words of the program
programs    the programs that print it
messages    what they print. The matcher in docs/assets/js/errors/ looks for it in a reader's log.
            "…" stands for any text of a line, and "↵" for the rest of a line and up to two more
            lines. Backticks are ignored, and a space matches any white space.
older       messages of older releases, in the same form
vague       a number. An answer with a higher number is shown only if no other answer matches
symptom     when the message appears, in Markdown that can call the macros of pages
cause, fix  in Markdown that can call the macros of pages
proofs      the recordings that contain a message: "claim NAME", "trap EXAMPLE/NAME" or
            "line EXAMPLE/FILE/ITEM", in which ITEM is a pattern, because items contain versions
threads     the issues and pages about it: "OWNER/REPOSITORY#NUMBER" or a URL

An answer without proofs has not been tried, so it needs a thread.
"""

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from guide import Problem
from guide.content import claims, recordings
from guide.content.recording_types import RecordedLine

FOLDER = Path(__file__).with_name("errors")
_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)")


class Proof(BaseModel):
    """A recording that contains a message. `kind` is "claim", "trap" or "line"."""

    model_config = ConfigDict(frozen=True)
    kind: str
    name: str


class ErrorAnswer(BaseModel):
    """The answer to an error message."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    title: str
    programs: tuple[str, ...]
    messages: tuple[str, ...]
    older: tuple[str, ...] = ()
    vague: int = 0
    symptom: str = ""
    cause: str
    fix: str
    proofs: tuple[Proof, ...] = ()
    threads: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _parse_proofs(cls, values: dict[str, object]) -> dict[str, object]:
        proofs = values.get("proofs", [])
        if not isinstance(proofs, list):
            return values
        pairs = [str(each).partition(" ") for each in proofs]
        return {**values, "proofs": [{"kind": kind, "name": name} for kind, _, name in pairs]}

    @model_validator(mode="after")
    def _needs_a_source(self) -> Self:
        if not self.proofs and not self.threads:
            raise ValueError(f"{self.name} needs a proof or a thread")
        return self

    @property
    def all_messages(self) -> tuple[str, ...]:
        """The messages of current and older releases."""
        return self.messages + self.older

    def proofs_of(self, kind: str) -> list[str]:
        """Return the names of the proofs of a kind."""
        return [proof.name for proof in self.proofs if proof.kind == kind]

    @property
    def thread_links(self) -> dict[str, str]:
        """The addresses of the threads, keyed by their titles."""
        return dict(map(_link, self.threads))


def _link(thread: str) -> tuple[str, str]:
    """Return the title and the address of a thread."""
    if match := _THREAD.fullmatch(thread):
        return thread, f"https://github.com/{match[1]}/issues/{match[2]}"
    return thread.partition("://")[2].partition("/")[0], thread


@cache
def answers() -> tuple[ErrorAnswer, ...]:
    """Return every answer from A to Z."""
    every = [
        ErrorAnswer(**table)
        for path in sorted(FOLDER.glob("*.toml"))
        for table in tomllib.loads(path.read_text())["answers"]
    ]
    return tuple(sorted(every, key=lambda answer: sort_key(answer.title)))


def sort_key(title: str) -> str:
    """Return the text by which a title is sorted: without punctuation at its start."""
    return re.sub(r"[^a-z0-9 ]", "", re.sub(r"^\W+", "", title.lower()))


def recorded_messages(proof: Proof) -> list[str]:
    """Return what the commands of a proof printed. Raises Problem if there is no such proof."""
    if proof.kind == "claim":
        transcript = claims.claim_recording(proof.name)["transcript"]
        return [str(entry.get("output", "")) for entry in transcript]
    if proof.kind == "trap":
        example, _, name = proof.name.partition("/")
        traps = recordings.traps(example)["traps"]
        return [trap["output"] for trap in traps if trap["name"] == name]
    return find_line(proof.name)["differences"]


def find_line(name: str) -> RecordedLine:
    """Return the first line whose item matches the pattern ITEM of the name EXAMPLE/FILE/ITEM.

    Raises Problem if there is none.
    """
    example, file, item = name.split("/", 2)
    for line in recordings.lines(example)["lines"]:
        if line["file"] == file and fnmatchcase(line["item"], item):
            return line
    raise Problem(f"No line {name!r} is recorded. Correct the proof of the answer that names it.")

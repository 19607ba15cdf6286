"""Show claims, each with a folded transcript of its test."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape
from typing_extensions import TypeIs

from guide import Problem
from guide.content import claims as catalogue
from guide.content import recordings
from guide.content.claims import Claim
from guide.content.recording_types import Provenance, TypedCommand, WrittenFile
from guide.pages import numbers
from guide.pages.markup import (
    TerminalEntry,
    block,
    command_block,
    difference,
    listed,
    proof_mark,
    session,
)
from guide.pages.provenance import base_images, docker_version
from guide.pages.registry import macro

_PAGE = "/reference/tested-statements.md"


@macro("claim")
def folded_claims(*names: str) -> str:
    """Return claims, each with a folded transcript under its sentence."""
    return "".join(_fold(name) for name in names)


@macro
def mark(name: str) -> str:
    """Return a proof mark that links a sentence to the claim that supports it."""
    catalogue.claim_recording(name)
    return proof_mark(name, statement(catalogue.claim(name)))


def statement(claim: Claim) -> str:
    """Return the sentence of a claim, which says when a former statement was true."""
    if claim.until is None:
        return claim.sentence
    since = _first_release(claim.name)
    when = f"From uv {since} to {claim.until}" if since else f"Until uv {claim.until}"
    return f"{when}: {claim.sentence}"


@macro
def claim_command(name: str, number: int) -> Markup:
    """Return a copyable command of a claim. Numbers begin with 1."""
    entries = catalogue.claim_recording(name)["transcript"]
    commands = [each["command"] for each in entries if not _is_file(each)]
    return command_block(commands[number - 1])


@macro
def all_claims() -> str:
    """Return every claim with its test, under a heading for its topic."""
    parts = []
    for topic, group in topics():
        parts.append(f"\n## {topic}\n")
        parts += [_fold(each.name, with_test=True) for each in group]
    return "\n".join(parts)


@macro
def claim_count() -> int:
    """Return the number of claims."""
    return len(catalogue.claims())


def topics() -> Iterator[tuple[str, list[Claim]]]:
    """Yield topics with their claims, in the order of the test files."""
    for topic, group in groupby(catalogue.claims().values(), lambda each: each.topic):
        yield topic, list(group)


def _fold(name: str, with_test: bool = False) -> str:
    """Return a claim as a folded block with its transcript and the verified versions.

    The page of all claims shows the test itself. Other pages link to it. Raises Problem if the
    claim does not exist, or if it was not recorded with this sentence.
    """
    claim = catalogue.claim(name)
    recorded = catalogue.claim_recording(name)
    if recorded["sentence"] != claim.sentence:
        raise Problem(
            f"The sentence of {name!r} differs from the recorded one. "
            f"Run: scripts/record claims {name}"
        )
    links = [f"[Raw data](/data/claims/{name}.json)"]
    if not with_test:
        links.insert(0, f"[Test]({_PAGE}#{name})")
    return "\n".join(
        (
            "",
            f'<details class="claim" markdown="1"{f" id={name!r}" if with_test else ""}>',
            f'<summary markdown="span">{statement(claim)}</summary>',
            "",
            "".join(_transcript(recorded["transcript"])),
            "",
            _source(claim) if with_test else "",
            "",
            f"{_verified(claim, recorded['recorded'])}. {_history(claim)}{' · '.join(links)}",
            "{ .recorded data-search-exclude=1 }",
            "",
            "</details>",
            "",
        )
    )


def _verified(claim: Claim, origin: Provenance) -> str:
    """Return the date and the versions with which a claim was tested, as a sentence."""
    facts = [f"uv {origin['versions']['uv']}"]
    if claim.needs_docker:
        facts += [docker_version(origin), base_images(origin)]
    return f"Tested on {numbers.format_date(origin['date'])} with {listed(facts)}"


def _history(claim: Claim) -> str:
    """Return since when a claim holds, which statement it replaced, and which one replaced it."""
    replaced = [
        f"{statement(each)} {mark(each.name)} "
        for each in catalogue.former_statements()
        if each.replaced_by == claim.name
    ]
    now = ""
    if claim.replaced_by:
        now = f"Now: {catalogue.claim(claim.replaced_by).sentence} {mark(claim.replaced_by)} "
    first = _first_release(claim.name)
    since = f"[True since uv {first}](/reference/uv-versions.md). "
    return "".join((since if first and not now else "", *replaced, now))


def _first_release(name: str) -> str | None:
    """Return the release since which a claim holds, or None if it holds with the oldest one."""
    recorded = recordings.uv_versions()
    claim = recorded["claims"].get(name)
    if claim is None or claim["since"] == recorded["versions"][0]:
        return None
    return claim["since"]


def _transcript(entries: list[WrittenFile | TypedCommand]) -> Iterable[Markup]:
    """Yield written files, and commands with their output, in recorded order."""
    written: dict[str, str] = {}
    commands: list[TerminalEntry] = []
    for entry in entries:
        if not _is_file(entry):
            commands.append(TerminalEntry(**entry))
            continue
        if commands:
            yield block(session(commands))
            commands = []
        name, text = entry["file"], entry["text"]
        if name in written:
            lines = difference(written[name].splitlines(), text.splitlines())
            yield block(lines, f"{name}, changed")
        else:
            yield block(escape(text), name)
        written[name] = text
    if commands:
        yield block(session(commands))


def _is_file(entry: WrittenFile | TypedCommand) -> TypeIs[WrittenFile]:
    return "file" in entry


def _source(claim: Claim) -> Markup:
    return block(escape(claim.source), f"tests/claims/{claim.file.name}", css_class="source")

"""Claims as the pages show them: the sentence, and what was typed and read folded below it."""

import difflib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import shorten

from packaging.version import Version

from guide import Problem
from guide.content import claims, recordings
from guide.content.claims import Claim
from guide.pages import numbers
from guide.pages.registry import macro

PAGE = "/reference/claims.md"
# An attribute that keeps an element out of the search. It must not have one of its own kind inside.
UNSEARCHED = ' data-search-exclude="1"'
# What Markdown would read as its own, where it reads on inside of HTML.
MARKDOWN = r"(?<!&)[#*_`~\[\]\\]"
# What failed with a release in which a claim does not hold, and how a sentence says it. Two
# backticks, because uv quotes with one.
FAILURES = (
    (r"ended with code \d+: (error: .*)", "``{}``"),
    (r"'([^']+)' ended with code", "`{}` failed"),
    (r"'([^']+)' was to fail, and did not", "`{}` did not fail"),
    (r"assert \['(.*)'\] == \['(.*)'\]", "what was installed was '{}', and not '{}'"),
)
# Lines of an output that are no message.
PROGRESS = r"(\n(ran  |cached  |Creating virtual|Resolved|Prepared|Installed| \+ ).*)+"


def day(origin: dict) -> str:
    """The day of a recording, as a sentence has it."""
    return numbers.day(origin["date"])


def fold(name: str, with_test: bool = False) -> str:
    """A claim as a block that opens: the transcript, what it was verified with, the test.

    The test itself is shown where all claims are; elsewhere it is a link. Raises Problem when the
    claim does not exist or was not recorded as it is.
    """
    claim = claims.claim(name)
    recorded = claims.recording(name)
    if recorded["sentence"] != claim.sentence:
        raise Problem(f"The sentence of {name!r} has changed. Run: scripts/record claims {name}")
    origin = recorded["recorded"]
    verified = [f"Verified with uv {origin['versions']['uv']}"]
    if claim.needs_docker:
        verified.append(f"Docker {origin['versions']['docker'].partition('+')[0]}")
        verified.append(f"base images {origin['base_images']}")
    verified.append(f"on {day(origin)}")
    links = [f"[raw data](/data/claims/{name}.json)"]
    if not with_test:
        links.insert(0, f"[the test]({PAGE}#{name})")
    return "\n".join(
        (
            "",
            f'<details class="claim" markdown="1"{f" id={name!r}" if with_test else ""}>',
            f'<summary markdown="span">{claim.sentence}</summary>',
            "",
            "".join(_transcript(recorded["transcript"])),
            "",
            _source(claim) if with_test else "",
            "",
            f"{', '.join(verified)}. {' · '.join(links)}",
            "{ .recorded data-search-exclude=1 }",
            "",
            "</details>",
            "",
        )
    )


@macro
def mark(name: str) -> str:
    """A mark behind a sentence that leads to the claim that it rests on."""
    sentence = html.escape(claims.claim(name).sentence.replace("`", ""), quote=True)
    claims.recording(name)
    return f'[proof]({PAGE}#{name}){{ .proof title="{sentence}" data-search-exclude=1 }}'


def topics() -> Iterator[tuple[str, list[Claim]]]:
    """The claims by topic, in the order of their files."""
    for topic, group in groupby(claims.claims().values(), lambda claim: claim.topic):
        yield topic, list(group)


def everything() -> str:
    """Every claim under a heading for its topic."""
    parts = []
    for topic, group in topics():
        parts.append(f"\n## {topic}\n")
        parts += [fold(claim.name, with_test=True) for claim in group]
    return "\n".join(parts)


def versions() -> str:
    """Which claims hold with which release of uv, a row for each."""
    recorded = recordings.uv_versions()
    columns = recorded["versions"]
    heads = "".join(
        f'<th scope="col" title="uv {version}">{_minor(version)}</th>' for version in columns
    )
    bodies = []
    for topic, group in topics():
        wanted = [claim for claim in group if not claim.needs_docker]
        rows = [_row(claim, recorded["claims"], columns) for claim in wanted]
        if rows:
            span = len(columns) + 2
            bodies.append(f'<tr><th colspan="{span}" scope="colgroup">{topic}</th></tr>')
            bodies += rows
    return (
        '<div class="scroll"><table class="versions" data-search-exclude="1">'
        '<thead><tr><th scope="col">Claim</th>'
        f'<th scope="col">Since</th>{heads}</tr></thead>'
        f"<tbody>{''.join(bodies)}</tbody></table></div>\n\n"
        f"Recorded {day(recorded['recorded'])}. [Raw data](/data/uv-versions.json).\n"
        "{ .recorded data-search-exclude=1 }\n"
    )


def changed() -> str:
    """The claims that older releases do not keep, as a list, with what one of those said."""
    recorded = recordings.uv_versions()
    oldest = recorded["versions"][0]
    found = [(name, each) for name, each in recorded["claims"].items() if each["since"] != oldest]
    found.sort(key=lambda row: Version(row[1]["since"]))
    lines = []
    for name, each in found:
        line = f"- **{each['since']}**: {claims.claim(name).sentence} {mark(name)}"
        lines.append(f"{line} Before: {_before(each['why_not'])}.")
    return "\n".join(lines)


def _before(why_not: str) -> str:
    """What an older release did, as a recording of it says. Raises Problem where it does not."""
    for pattern, sentence in FAILURES:
        if found := re.search(pattern, why_not):
            said = (shorten(each, 96, placeholder=" …") for each in found.groups())
            return sentence.format(*said)
    raise Problem(f"No sentence for what failed before: {why_not!r}. Add one to FAILURES.")


@macro
def since(name: str) -> str:
    """The release of uv since which a claim holds, as text for a table."""
    recorded = recordings.uv_versions()
    try:
        found = recorded["claims"][name]["since"]
    except KeyError:
        raise Problem(f"No release is recorded for {name!r}: scripts/record uv-versions") from None
    return _or_older(found, found)


def _or_older(version: str, text: str) -> str:
    """`text` for a release, or that it is as old as the oldest that was tried."""
    oldest = recordings.uv_versions()["versions"][0]
    return f"≤ {_minor(version)}" if version == oldest else text


@macro
def option(name: str) -> str:
    """The first two cells of a flag or variable: its name, and the minor release that has it."""
    recorded = recordings.uv_versions()
    try:
        version = recorded["options"][name]
    except KeyError:
        raise Problem(f"{name} is not recorded yet: scripts/record uv-versions") from None
    return f"`{name}` | {_or_older(version, _minor(version))} {{ .since }}"


def _minor(version: str) -> str:
    return version.rpartition(".")[0]


def _row(claim: Claim, recorded: dict, columns: list[str]) -> str:
    if claim.name not in recorded:
        raise Problem(f"{claim.name!r} is not in the table: scripts/record uv-versions")
    found = recorded[claim.name]
    cells = "".join(
        '<td class="yes">✓</td>' if found["holds"][version] else '<td class="no">no</td>'
        for version in columns
    )
    sentence = f'<a href="/reference/claims/#{claim.name}">{with_code(claim.sentence)}</a>'
    return f'<tr><th scope="row">{sentence}</th><td>{since(claim.name)}</td>{cells}</tr>'


def with_code(sentence: str) -> str:
    """A sentence as HTML, with what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(sentence))


def codes(values: Iterable[str]) -> str:
    """Each value as code on a line of its own, as HTML."""
    return "<br>".join(f"<code>{html.escape(value)}</code>" for value in values)


def _transcript(entries: list[dict]) -> Iterable[str]:
    """Files as they were written, then what was typed and printed, in the order it happened."""
    before: dict[str, list[str]] = {}
    for is_file, group in groupby(entries, lambda entry: "file" in entry):
        if not is_file:
            yield block(session(group))
            continue
        for entry in group:
            name, text = entry["file"], entry["text"]
            lines = text.splitlines()
            shown = changes(before[name], lines) if name in before else html.escape(text)
            what = f"{name}, changed" if name in before else name
            before[name] = lines
            yield block(shown, html.escape(what))


def session(entries: Iterable[dict]) -> str:
    """Commands with what they printed, as HTML. The search finds those that complained."""
    shown, found = "", False
    for entry in entries:
        text = "\n" * bool(shown) + typed(entry)
        # The end of the line above is left out with that.
        noise = (PROGRESS if found else rf"^\n|{PROGRESS}") if _complains(entry) else r"(?s).+"
        shown += re.sub(noise, rf"<samp{UNSEARCHED}>\g<0></samp>", text)
        found = found or _complains(entry)
    return shown


def typed(entry: dict) -> str:
    """A command with its output and exit code, as HTML."""
    lines = [f'<span class="gp">$ {html.escape(entry["command"])}</span>']
    if entry["output"]:
        lines.append(html.escape(entry["output"]))
    if entry["exit_code"]:
        lines.append(f'<span class="gr">exit code {entry["exit_code"]}</span>')
    return "\n".join(lines)


def _complains(entry: dict) -> bool:
    """Whether a command printed what a reader may look for in the search: a message."""
    complaint = r"(?i)\b(error|warn|warning|hint|denied|fail\w*|refused|not found|no such)\b"
    return bool(entry["exit_code"] or re.search(complaint, entry["output"]))


def changes(before: Sequence[str], after: Sequence[str]) -> str:
    """The lines that changed in a file, as HTML, with a line around them."""
    lines = list(difflib.unified_diff(before, after, n=1, lineterm=""))
    kinds = {"+": "gi", "-": "gd"}
    return "\n".join(
        f'<span class="{kinds.get(line[0], "")}">{html.escape(line)}</span>'
        for line in lines[2:]
        if line[0] != "@"
    )


def _source(claim: Claim) -> str:
    title = f"tests/claims/{claim.file.name}"
    return block(html.escape(claim.source), title, kind="source")


def block(text: str, title: str = "", kind: str = "transcript", is_searched: bool = True) -> str:
    """HTML of lines that nobody needs to copy, of a terminal or of a file."""
    # In a block that folds, Markdown reads on inside: nothing may look like Markdown to it. At an
    # empty line it would end the HTML.
    title = re.sub(MARKDOWN, _entities, title)
    name = f'<span class="filename">{title}</span>' if title else ""
    text = re.sub(rf"{MARKDOWN}|(?m:^ *(?:[^\w\s<&]|\d+(?=[.)])))", _entities, text)
    text = "\n".join(line or "&#8203;" for line in text.split("\n"))
    kinds = f"highlight {kind} no-copy"
    # People search for what a terminal said. Files would only be noise among the results.
    hidden = "" if is_searched and not title else UNSEARCHED
    return f'<div class="{kinds}" markdown="0"{hidden}>{name}<pre><code>{text}</code></pre></div>'


def _entities(found: re.Match[str]) -> str:
    return "".join(each if each == " " else f"&#{ord(each)};" for each in found[0])

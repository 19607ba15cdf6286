"""A custom fence for pymdownx.superfences that shows the comments of a file next to its code.

Consecutive comment lines become a note about the code that follows, up to a blank line. The text on
the page is exactly the text of the file, apart from links to what happens without a line.
"""

import html
import re

from markdown import Markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pymdownx.superfences import SuperFencesException

from guide.pages.lines import entry_name, recorded_lines

_OPTIONS = {"lang", "title"}
_COMMENT = re.compile(r"\s*#(?!!)")


def validate(
    _language: str,
    inputs: dict[str, str],
    options: dict[str, str],
    _attributes: dict[str, str],
    _md: Markdown,
) -> bool:
    """Require the options `lang`, a Pygments lexer, and `title`, the name of the file.

    The option `example` adds links to the list of the macro `without_it`. pymdownx.superfences
    calls this function before `fence`.
    """
    if set(inputs) - {"example"} != _OPTIONS:
        raise SuperFencesException(f"An annotated fence requires lang and title, not {inputs}.")
    options.update(inputs)
    return True


def fence(
    source: str,
    _language: str,
    _css_class: str,
    options: dict[str, str],
    _md: Markdown,
    **_keywords: object,
) -> str:
    """Return the HTML of a fence. Without styles and scripts, it shows the plain file."""
    lexer = get_lexer_by_name(options["lang"], stripnl=False, ensurenl=False)
    plain = HtmlFormatter(nowrap=True)
    numbers = _recorded_numbers(options)
    parts = []
    end = 1
    for note, code in rows(source):
        start, end = end, end + (note + code).count("\n")
        body = code.rstrip("\n")
        colours = highlight(body, lexer, plain).rstrip("\n") if body else ""
        link = _link(options["title"], [each for each in numbers if start <= each < end])
        parts.append(
            f'<span class="note">{_note(note)}{link}</span>'
            f'<span class="code">{colours}<span class="gap">{code[len(body) :]}</span></span>'
        )
    title = html.escape(options["title"])
    return (
        f'<div class="language-{options["lang"]} annotated highlight">'
        f'<span class="filename">{title}</span>'
        f'<pre data-search-exclude="1"><code>{"".join(parts)}</code></pre>'
        f'<template class="for-search">{_for_search(source, options["lang"])}</template></div>'
    )


def _recorded_numbers(options: dict[str, str]) -> list[int]:
    """Return the numbers of the lines for which the page says what happens without them."""
    if "example" not in options:
        return []
    return [number for number, _, _ in recorded_lines(options["example"], options["title"])]


def _link(file: str, numbers: list[int]) -> str:
    """Return a link to the entry of the first line of a row, or nothing if it has no entry."""
    if not numbers:
        return ""
    return f'<a class="without-it" href="#{entry_name(file, numbers[0])}">Without it</a>'


def rows(source: str) -> list[tuple[str, str]]:
    """Return the source as pairs of comment lines and the code lines after them.

    A blank line ends a pair, so that code after the blank line has no note unless it has a comment.
    """
    pairs: list[tuple[str, str]] = []
    note, code = "", ""
    for line in source.splitlines(keepends=True):
        is_note = _COMMENT.match(line) is not None
        is_new = is_note or (code.endswith("\n\n") and line.strip())
        if code and is_new:
            pairs.append((note, code))
            note, code = "", ""
        note, code = (note + line, code) if is_note else (note, code + line)
    return [*pairs, (note, code)]


def _for_search(source: str, language: str) -> str:
    """Return HTML for the search index: each comment, in a Dockerfile with the line after it."""
    paragraphs = []
    for note, code in rows(source):
        comment = " ".join(re.sub(r"(?m)^\s*#", "", note).split()).replace("`", "")
        first_line = code.strip().partition("\n")[0].removesuffix(" \\")
        is_shown = language == "docker" and first_line
        line = f" <code>{html.escape(first_line)}</code>" if is_shown else ""
        if comment or line:
            paragraphs.append(f"<p>{html.escape(comment)}{line}</p>")
    return "".join(paragraphs)


def _note(lines: str) -> str:
    """Return comment lines as running text with hidden comment signs."""
    marked = re.sub(
        # Linter directives are hidden completely.
        r"(?m)^(\s*#[ ]?(?:hadolint .*)?)(.*)$",
        lambda match: f'<span class="hash">{match[1]}</span>{html.escape(match[2])}',
        lines,
    )
    # Text between backticks is code.
    return re.sub(
        r"`([^`\n]+)`", r'<span class="hash">`</span><b>\1</b><span class="hash">`</span>', marked
    )

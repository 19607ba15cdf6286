"""A file shown with its comments beside the code: the fence that does it, for pymdownx.superfences.

The file is its own annotation. A run of comment lines becomes a note, and the lines below it, up to
a blank line, are the code that the note is about. The text on the page is exactly the file.
"""

import html
import re

from markdown import Markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pymdownx.superfences import SuperFencesException

_OPTIONS = {"lang", "title"}
_COMMENT = re.compile(r"\s*#(?!!)")


def validate(
    _language: str,
    inputs: dict[str, str],
    options: dict[str, str],
    _attributes: dict[str, str],
    _md: Markdown,
) -> bool:
    """Accept the options `lang`, a Pygments lexer, and `title`, the file's name: both, and no more.

    pymdownx.superfences calls this, and then `fence`.
    """
    if set(inputs) != _OPTIONS:
        raise SuperFencesException(f"An annotated fence needs lang and title, not {inputs}.")
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
    """Return the HTML of one fence. Without styles or scripts it reads as the plain file."""
    lexer = get_lexer_by_name(options["lang"], stripnl=False, ensurenl=False)
    plain = HtmlFormatter(nowrap=True)
    parts = []
    for note, code in rows(source):
        body = code.rstrip("\n")
        colours = highlight(body, lexer, plain).rstrip("\n") if body else ""
        parts.append(
            f'<span class="note">{_note(note)}</span>'
            f'<span class="code">{colours}<span class="gap">{code[len(body) :]}</span></span>'
        )
    title, text = html.escape(options["title"]), html.escape(source)
    return (
        f'<div class="language-{options["lang"]} annotated highlight">'
        f'<span class="filename">{title}</span>'
        f'<pre data-copy="{text}" data-search-exclude="1"><code>{"".join(parts)}</code></pre>'
        f"<template>{_for_search(source, options['lang'])}</template></div>"
    )


def rows(source: str) -> list[tuple[str, str]]:
    """Return the source in pairs of comment lines and the code lines below them.

    A blank line ends a pair, so that code below it without a comment has none.
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
    """Return what the search indexes: each comment, in a Dockerfile with the line below it."""
    paragraphs = []
    for note, code in rows(source):
        comment = " ".join(re.sub(r"(?m)^\s*#", "", note).split()).replace("`", "")
        below = code.strip().partition("\n")[0].removesuffix(" \\")
        line = f" <code>{html.escape(below)}</code>" if language == "docker" and below else ""
        if comment or line:
            paragraphs.append(f"<p>{html.escape(comment)}{line}</p>")
    return "".join(paragraphs)


def _note(lines: str) -> str:
    """Return comment lines as running text, in which the signs of a comment are hidden."""
    marked = re.sub(
        # Directives for a linter are hidden as a whole.
        r"(?m)^(\s*#[ ]?(?:hadolint .*)?)(.*)$",
        lambda match: f'<span class="hash">{match[1]}</span>{html.escape(match[2])}',
        lines,
    )
    # `code` in a comment is code.
    return re.sub(
        r"`([^`\n]+)`", r'<span class="hash">`</span><b>\1</b><span class="hash">`</span>', marked
    )

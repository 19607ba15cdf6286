"""A file shown with its comments beside the code: the fence that does it, for pymdownx.superfences.

The file is its own annotation. A run of comment lines becomes a note, the lines below it, up to a
blank one, the code that the note is about. Nothing is added to the text and nothing taken away:
what the page holds, read back, is the file.
"""

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pymdownx.superfences import SuperFencesException

OPTIONS = {"lang", "title"}
COMMENT = re.compile(r"\s*#(?!!)")


def validate(_language, inputs, options, _attrs, _md) -> bool:
    """Take `lang`, a Pygments lexer, and `title`, the file's name; both are needed, and no more."""
    if set(inputs) != OPTIONS:
        raise SuperFencesException(f"An annotated fence needs lang and title, not {inputs}.")
    options.update(inputs)
    return True


def fence(source, _language, _css_class, options, _md, **_kwargs) -> str:
    """The HTML for one fence. Without styles or scripts it reads as the plain file."""
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
    title, text = html.escape(options["title"]), html.escape(source, quote=True)
    return (
        f'<div class="language-{options["lang"]} annotated highlight">'
        f'<span class="filename">{title}</span>'
        f'<pre data-copy="{text}" data-search-exclude="1"><code>{"".join(parts)}</code></pre>'
        f"<template>{_searched(source, options['lang'])}</template></div>"
    )


def _searched(source: str, language: str) -> str:
    """What the search knows of a file: each comment, in a Dockerfile with the line below it."""
    found = []
    for note, code in rows(source):
        said = " ".join(re.sub(r"(?m)^\s*#", "", note).split()).replace("`", "")
        below = code.strip().partition("\n")[0].removesuffix(" \\")
        line = f" <code>{html.escape(below)}</code>" if language == "docker" and below else ""
        if said or line:
            found.append(f"<p>{html.escape(said)}{line}</p>")
    return "".join(found)


def rows(source: str) -> list[tuple[str, str]]:
    """The source in pairs of comment lines and the code lines below them.

    A blank line ends a pair, so that what follows without a comment has none.
    """
    found: list[tuple[str, str]] = []
    note, code = "", ""
    for line in source.splitlines(keepends=True):
        is_note = COMMENT.match(line) is not None
        is_new = is_note or (code.endswith("\n\n") and line.strip())
        if code and is_new:
            found.append((note, code))
            note, code = "", ""
        note, code = (note + line, code) if is_note else (note, code + line)
    return [*found, (note, code)]


def _note(lines: str) -> str:
    """Comment lines as running text, with what makes them comments still there but hidden."""
    marked = re.sub(
        # Words to a linter are hidden as a whole.
        r"(?m)^(\s*#[ ]?(?:hadolint .*)?)(.*)$",
        lambda match: f'<span class="hash">{match[1]}</span>{html.escape(match[2])}',
        lines,
    )
    # `code` in a comment is code.
    return re.sub(
        r"`([^`\n]+)`", r'<span class="hash">`</span><b>\1</b><span class="hash">`</span>', marked
    )

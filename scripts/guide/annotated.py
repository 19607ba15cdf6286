"""A file shown with its comments beside the code: the fence that does it, for pymdownx.superfences.

The file is its own annotation. A run of comment lines becomes a note, the lines below it the code
that the note is about. Nothing is added to the text and nothing taken away: what the page holds,
read back, is the file.
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
    for is_note, lines in blocks(source):
        if is_note:
            parts.append(f'<span class="note">{_note(lines)}</span>')
        else:
            body = lines.rstrip("\n")
            code = highlight(body, lexer, plain).rstrip("\n") if body else ""
            gap = f'<span class="gap">{lines[len(body) :]}</span>'
            parts.append(f'<span class="code">{code}{gap}</span>')
    title, text = html.escape(options["title"]), html.escape(source, quote=True)
    return (
        f'<div class="annotated highlight"><span class="filename">{title}</span>'
        f'<pre data-copy="{text}"><code>{"".join(parts)}</code></pre></div>'
    )


def blocks(source: str) -> list[tuple[bool, str]]:
    """The source in alternating runs: (True, comment lines) and (False, code lines)."""
    found: list[tuple[bool, str]] = []
    for line in source.splitlines(keepends=True):
        is_note = COMMENT.match(line) is not None
        # A blank line belongs to the code above it and ends a note.
        if found and found[-1][0] == is_note:
            found[-1] = (is_note, found[-1][1] + line)
        else:
            found.append((is_note, line))
    return found


def _note(lines: str) -> str:
    """Comment lines as running text, with what makes them comments still there but hidden."""
    marked = re.sub(
        r"(?m)^(\s*#[ ]?)(.*)$",
        lambda match: f'<span class="hash">{match[1]}</span>{html.escape(match[2])}',
        lines,
    )
    # `code` in a comment is code.
    return re.sub(
        r"`([^`\n]+)`", r'<span class="hash">`</span><b>\1</b><span class="hash">`</span>', marked
    )

"""A Python-Markdown extension that keeps words in inline code, such as flags, on one line.

Browsers can break a line after any hyphen, and anywhere in a table cell. Styles can forbid breaks
only for a whole element, so each word becomes an element.
"""

import html
import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

# Longer words do not fit on a small phone. Shorter words rarely break.
_LENGTHS = range(4, 37)


class _Words(Postprocessor):
    def run(self, text: str) -> str:
        blocks_or_code = r"(?s)<(pre|script|template)\b.*?</\1>|<code>([^<]*)</code>"
        return re.sub(blocks_or_code, _with_whole_words, text)


def _with_whole_words(match: re.Match[str]) -> str:
    """Return inline code with each word in an element, and code blocks unchanged."""
    code: str | None = match[2]
    if code is None:
        return match[0]
    return "<code>" + re.sub(r"\S+", _word, code) + "</code>"


def _word(match: re.Match[str]) -> str:
    word: str = match[0]
    return f"<i>{word}</i>" if len(html.unescape(word)) in _LENGTHS else word


class _WholeWords(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # The postprocessor with priority 30 first restores HTML from pages and macros.
        md.postprocessors.register(_Words(md), "whole words", 15)


def makeExtension(**options: object) -> Extension:
    """Return the extension. Python-Markdown looks up this function by name."""
    return _WholeWords(**options)

"""Code in a sentence that breaks at spaces, not inside a flag: an extension of Python-Markdown.

A browser breaks a line after each hyphen, and in the cells of a table anywhere. A style can forbid
that only for a whole element.
"""

import html
import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

# Longer words do not fit on a small phone. Shorter ones seldom break.
_LENGTHS = range(4, 37)


class _Words(Postprocessor):
    def run(self, text: str) -> str:
        blocks_or_code = r"(?s)<(pre|script|template)\b.*?</\1>|<code>([^<]*)</code>"
        return re.sub(blocks_or_code, _with_whole_words, text)


def _with_whole_words(match: re.Match[str]) -> str:
    """Return code with each of its words in an element. Blocks stay as they are."""
    code: str | None = match[2]
    if code is None:
        return match[0]
    return "<code>" + re.sub(r"\S+", _word, code) + "</code>"


def _word(match: re.Match[str]) -> str:
    word: str = match[0]
    return f"<i>{word}</i>" if len(html.unescape(word)) in _LENGTHS else word


class _WholeWords(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After the postprocessor of priority 30, which puts back HTML written by hand or a macro.
        md.postprocessors.register(_Words(md), "whole words", 15)


def makeExtension(**options: object) -> Extension:
    """Return the extension. Python-Markdown calls this by its name."""
    return _WholeWords(**options)

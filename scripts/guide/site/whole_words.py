"""Code in a sentence that is broken at spaces, not inside a flag: an extension of Python-Markdown.

A browser breaks a line after each hyphen, and in the cells of a table anywhere. No style forbids
it but for a whole element.
"""

import html
import re

from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

# What is longer does not fit on a small phone. What is shorter seldom breaks.
LENGTHS = range(4, 37)


class _Words(Postprocessor):
    def run(self, text: str) -> str:
        return re.sub(r"(?s)<(pre|script|template)\b.*?</\1>|<code>([^<]*)</code>", _whole, text)


def _whole(found: re.Match) -> str:
    if found[2] is None:
        return found[0]
    return "<code>" + re.sub(r"\S+", _word, found[2]) + "</code>"


def _word(found: re.Match) -> str:
    return f"<i>{found[0]}</i>" if len(html.unescape(found[0])) in LENGTHS else found[0]


class _WholeWords(Extension):
    def extendMarkdown(self, md) -> None:
        # After the one that puts HTML back that was written by hand or by a macro, of priority 30.
        md.postprocessors.register(_Words(md), "whole words", 15)


def makeExtension(**options) -> Extension:
    return _WholeWords(**options)

"""A Python-Markdown extension that leaves headings out of a page's table of contents.

The theme writes the table of contents into a page twice. A page whose text has its own list of many
headings marks them with `data-toc-exclude`.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

ATTRIBUTE = "data-toc-exclude"


class _Contents(Treeprocessor):
    def run(self, root: Any) -> None:
        excluded = [each for each in root.iter() if each.attrib.pop(ATTRIBUTE, None)]
        names = {each.get("id") for each in excluded}
        self.md.toc_tokens = _without(self.md.toc_tokens, names)  # type: ignore[attr-defined]


def _without(tokens: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    """Return the headings of a table of contents, apart from those with these anchors."""
    return [
        {**token, "children": _without(token["children"], names)}
        for token in tokens
        if token["id"] not in names
    ]


class _ShortContents(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # The extension "toc", with the priority 5, comes first.
        md.treeprocessors.register(_Contents(md), "short contents", 4)


def makeExtension(**options: object) -> Extension:
    """Return the extension. Python-Markdown looks up this function by name."""
    return _ShortContents(**options)

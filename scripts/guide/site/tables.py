"""A Python-Markdown extension that puts Markdown tables into scrolling boxes.

The theme's script creates such boxes for tables without a class after a page has loaded. The
theme's styles for those boxes make the browser restyle every cell whenever a class on the root
element changes.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# The headings of columns with long texts that tell the reader what to do.
ADVICE = {"Recommendation", "Do this", "Replace it with"}


class _Boxes(Treeprocessor):
    def run(self, root: Element) -> None:
        for parent in [*root.iter()]:
            for index, table in enumerate(parent):
                if table.tag == "table" and not table.get("class"):
                    table.set("class", _classes(table))
                    box = Element("div", {"class": "scroll"})
                    box.append(table)
                    box.tail, table.tail = table.tail, None
                    parent[index] = box


def _classes(table: Element) -> str:
    """Return the CSS classes of a table. Stacked tables show each row as a block on a phone."""
    if any(cell.get("class") == "since" for cell in table.iter("td")):
        return "plain stacked"
    if any(cell.text in ADVICE for cell in table.iter("th")):
        return "plain stacked advice"
    return "plain"


class _Tables(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # The contents and attributes of cells come first, with the priorities 20 and 8.
        md.treeprocessors.register(_Boxes(md), "boxes", 7)


def makeExtension(**options: object) -> Extension:
    """Return the extension. Python-Markdown looks up this function by name."""
    return _Tables(**options)

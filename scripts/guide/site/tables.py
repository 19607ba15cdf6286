"""Tables of Markdown in a box that scrolls: an extension of Python-Markdown.

The theme's script also makes such boxes, for tables without a class, when the page has loaded. Its
styles for those make a browser style all cells again with each class of the page's root.
"""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor


class _Boxes(Treeprocessor):
    def run(self, root: Element) -> None:
        for parent in [*root.iter()]:
            for index, table in enumerate(parent):
                if table.tag == "table" and not table.get("class"):
                    is_reference = any(cell.get("class") == "since" for cell in table.iter("td"))
                    table.set("class", "plain stacked" if is_reference else "plain")
                    box = Element("div", {"class": "scroll"})
                    box.append(table)
                    box.tail, table.tail = table.tail, None
                    parent[index] = box


class _Tables(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        # After the contents and the attributes of cells, treeprocessors of the priorities 20 and 8.
        md.treeprocessors.register(_Boxes(md), "boxes", 7)


def makeExtension(**options: object) -> Extension:
    """Return the extension. Python-Markdown calls this by its name."""
    return _Tables(**options)

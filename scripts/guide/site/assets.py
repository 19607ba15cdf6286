"""Publish the guide's own style sheet and scripts: one file of styles, and no comments."""

import re
from pathlib import Path

from guide import ROOT, Problem
from guide.machine import files

CSS = Path(__file__).with_name("css")
STYLE_SHEET = ROOT / "docs" / "assets" / "guide.css"

# A comment on lines of its own, as scripts and style sheets have it.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)
_IMPORT = re.compile(r'^@import "(.+)";\n', re.MULTILINE)


def write_style_sheet() -> None:
    """Join the parts of the style sheet below docs/, where it is published from."""
    files.update(STYLE_SHEET, joined(CSS / "guide.css").encode())


def joined(sheet: Path) -> str:
    """Return a style sheet with the parts in the place of their imports, without comments.

    Raises Problem unless each part in its folder is imported once.
    """
    text = sheet.read_text()
    parts = sorted(path.name for path in sheet.parent.glob("*.css") if path != sheet)
    if sorted(_IMPORT.findall(text)) != parts:
        raise Problem(f"{sheet} has to import each of these once: {', '.join(parts)}.")
    whole = _IMPORT.sub(lambda match: (sheet.parent / match[1]).read_text() + "\n", text)
    return without_comments(whole).rstrip("\n") + "\n"


def strip_comments(folder: Path) -> None:
    """Remove the comments from the scripts in the folder of a finished site.

    Types and explanations are a fifth of the sources, and browsers need neither.
    """
    for path in folder.glob("assets/js/*.js"):
        path.write_text(without_comments(path.read_text()))


def without_comments(text: str) -> str:
    """Return a script or a style sheet without the comments that stand on lines of their own.

    A line of a template literal must not begin like a comment.
    """
    return _COMMENT.sub("", text)

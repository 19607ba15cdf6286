"""Publish the guide's style sheet as one file, and its scripts minified."""

import re
import shutil
from pathlib import Path

import rjsmin

from guide import ROOT, Problem
from guide.machine import files
from guide.site import bundles

CSS = Path(__file__).with_name("css")
STYLE_SHEET = ROOT / "docs" / "assets" / "guide.css"
# The module that needs so many others that they are published in one file.
BUNDLED = Path("check-page/element.js")
# A module in the same folders that is imported only while the page runs.
LATE = Path("check/yaml-files.js")

# A comment that fills whole lines of a style sheet.
_COMMENT = re.compile(r"^[ \t]*/\*[\s\S]*?\*/\n", re.MULTILINE)
# What only the search index needs, which is made before.
_FOR_SEARCH = re.compile(r'<template class="for-search">[\s\S]*?</template>')
_INLINE_SCRIPT = re.compile(r"(?<=<script>)[\s\S]*?(?=</script>)")
_IMPORT = re.compile(r'^@import "(.+)";\n', re.MULTILINE)


def write_style_sheet() -> None:
    """Join the parts of the style sheet into the file under docs/ that is published."""
    files.update(STYLE_SHEET, joined(CSS / "guide.css").encode())


def joined(sheet: Path) -> str:
    """Return a style sheet in which each import is replaced by its file, without comments.

    Raises Problem unless it imports every other style sheet in its folder exactly once.
    """
    text = sheet.read_text()
    parts = sorted(path.name for path in sheet.parent.glob("*.css") if path != sheet)
    if sorted(_IMPORT.findall(text)) != parts:
        raise Problem(f"{sheet} must import each of these once: {', '.join(parts)}.")
    css = _IMPORT.sub(lambda match: (sheet.parent / match[1]).read_text() + "\n", text)
    return _COMMENT.sub("", css).rstrip("\n") + "\n"


def bundle_scripts(folder: Path) -> None:
    """Publish the modules of the checker in one file, in the folder of a built site."""
    scripts = folder / "assets/js"
    text = bundles.joined_modules(scripts / BUNDLED)
    late = (scripts / LATE).read_text()
    for name in (BUNDLED.parent, LATE.parent):
        shutil.rmtree(scripts / name)
    for path, content in ((BUNDLED, text), (LATE, late)):
        (scripts / path).parent.mkdir()
        (scripts / path).write_text(content)


def shorten_pages(folder: Path) -> None:
    """Minify the scripts of a built site, and remove what only the search index needs from pages.

    A third of a script consists of types, explanations and white space.
    """
    for path in modules(folder / "assets/js"):
        path.write_text(rjsmin.jsmin(path.read_text()))
    for path in folder.rglob("*.html"):
        page = _FOR_SEARCH.sub("", path.read_text())
        path.write_text(_INLINE_SCRIPT.sub(lambda script: rjsmin.jsmin(script[0]), page))


def modules(folder: Path) -> list[Path]:
    """Return the scripts in a folder, apart from the bundled libraries."""
    return sorted(path for path in folder.rglob("*.js") if path.parent.name != "vendor")

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
# The modules that need so many others that they are published with them in one file each. The page
# imports the last two only when a reader uses it.
BUNDLED = (
    Path("check-page/element.js"),
    Path("check-page/checker.js"),
    Path("check/yaml-support.js"),
)
# The file with what several of them need.
SHARED = Path("check-page/shared.js")
# The module that finds error messages, which is published with the modules that it imports.
ERRORS_PAGE = Path("errors/element.js")
# The modules of the page that makes kits. The page imports the last one when a reader gives it a
# project.
KIT_BUNDLED = (Path("kit-page/element.js"), Path("kit/own-project.js"))
KIT_SHARED = Path("kit-page/shared.js")
# The entries of the files that modules of one page are published in, and their shared file.
_BUNDLES = (
    # The errors page has no module in common with the checker, so its shared file is empty.
    ((ERRORS_PAGE,), SHARED),
    (BUNDLED, SHARED),
    (KIT_BUNDLED, KIT_SHARED),
)
# These files take the place of the modules.
PUBLISHED = {path for entries, shared in _BUNDLES for path in (*entries, shared)}

# A comment that fills whole lines of a script or style sheet.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)
# The claims of a rule and its notes, which the page loads when a reader asks for
# them.
_ON_DEMAND = re.compile(
    r'^  (?:claims: \[[^\]]*\]|(?:noFix|notTried):\s+(?:"(?:[^"\\]|\\.)*"|\'[^\']*\')),\n',
    re.MULTILINE,
)
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
    return without_comments(css).rstrip("\n") + "\n"


def bundle_scripts(folder: Path) -> None:
    """Publish modules that import many others in few files, in the folder of a built site."""
    published = bundled(folder / "assets/js")
    for parent in {path.parent for path in published}:
        shutil.rmtree(parent)
    for path, content in published.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)


def bundled(scripts: Path) -> dict[Path, str]:
    """Return the files that join the modules of a page, keyed by path."""
    scripts = scripts.resolve()
    texts: dict[Path, str] = {}
    for entries, shared in _BUNDLES:
        texts |= bundles.joined_modules([scripts / path for path in entries], scripts / shared)
    return {path: _ON_DEMAND.sub("", text) for path, text in texts.items()}


def shorten_pages(folder: Path) -> None:
    """Minify the scripts of a built site, and remove the text for the search from its pages.

    The scripts inside pages lose only their comments. A third of the source of scripts consists of
    types, explanations and white space.
    """
    for path in modules(folder / "assets/js"):
        path.write_text(minified(path.read_text()))
    for path in folder.rglob("*.html"):
        page = _FOR_SEARCH.sub("", path.read_text())
        path.write_text(_INLINE_SCRIPT.sub(lambda script: without_comments(script[0]), page))


def minified(script: str) -> str:
    """Return a script without comments, and with white space only where it has a meaning.

    rjsmin can change the text of a template literal that has another one inside.
    """
    return str(rjsmin.jsmin(script))


def without_comments(text: str) -> str:
    """Return a script or a style sheet without the comments that fill whole lines.

    A line of a template literal must not begin like a comment.
    """
    return _COMMENT.sub("", text)


def modules(folder: Path) -> list[Path]:
    """Return the scripts in a folder, apart from the bundled libraries."""
    return sorted(path for path in folder.rglob("*.js") if path.parent.name != "vendor")

"""Publish the guide's style sheet as one file, and its scripts without comments."""

import re
import shutil
from pathlib import Path

from guide import ROOT, Problem
from guide.machine import files
from guide.site import bundles

CSS = Path(__file__).with_name("css")
STYLE_SHEET = ROOT / "docs" / "assets" / "guide.css"
# Modules that need others. Each is published in one file with the modules that it imports.
CHECK_PAGE = Path("check-page/element.js")
ERRORS_PAGE = Path("errors/element.js")
BUNDLED = (CHECK_PAGE, ERRORS_PAGE)
# Modules that are imported only when a reader uses the page, with what the page needs of them. Each
# has its own copy of the modules that it imports.
LATE = {
    Path("check-page/checker.js"): (
        *("answersTo", "applyProposals", "changedTexts", "findingsView", "installsView"),
        *("rebuildView", "rebuildsView", "summary", "withEdits"),
    ),
    Path("check/yaml-files.js"): ("readYaml",),
}

# A comment that fills whole lines of a script or style sheet.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)
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
    """Publish the modules of the checker, and those that find errors, in one file each."""
    scripts = folder / "assets/js"
    published = {path: bundled(scripts, path) for path in (*BUNDLED, *LATE)}
    for name in {path.parent for path in published}:
        shutil.rmtree(scripts / name)
    for path, content in published.items():
        (scripts / path).parent.mkdir(exist_ok=True)
        (scripts / path).write_text(content)


def bundled(scripts: Path, path: Path) -> str:
    """Return a module with the modules that it imports."""
    return bundles.joined_modules(scripts / path, *LATE.get(path, ()))


def shorten_pages(folder: Path) -> None:
    """Remove comments from the scripts of a built site, and the text for the search from its pages.

    A fifth of the source of scripts consists of types and explanations, which browsers do not need.
    White space stays, because in template literals it is part of what a page shows.
    """
    for path in modules(folder / "assets/js"):
        path.write_text(without_comments(path.read_text()))
    for path in folder.rglob("*.html"):
        page = _FOR_SEARCH.sub("", path.read_text())
        path.write_text(_INLINE_SCRIPT.sub(lambda script: without_comments(script[0]), page))


def without_comments(text: str) -> str:
    """Return a script or a style sheet without the comments that fill whole lines.

    A line of a template literal must not begin like a comment.
    """
    return _COMMENT.sub("", text)


def modules(folder: Path) -> list[Path]:
    """Return the scripts in a folder, apart from the bundled libraries."""
    return sorted(path for path in folder.rglob("*.js") if path.parent.name != "vendor")

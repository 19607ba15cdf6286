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
# The module of the page with error messages, and the folder of the modules that it needs.
ERRORS = Path("find-error.js")
ERRORS_FOLDER = "errors"

# A comment that fills whole lines of a style sheet.
_COMMENT = re.compile(r"^[ \t]*/\*[\s\S]*?\*/\n", re.MULTILINE)
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
    """Publish the modules of the checker, and those that find errors, in one file each."""
    scripts = folder / "assets/js"
    texts = {path: bundles.joined_modules(scripts / path) for path in (BUNDLED, ERRORS)}
    texts[LATE] = (scripts / LATE).read_text()
    for name in (BUNDLED.parent, LATE.parent, ERRORS_FOLDER):
        shutil.rmtree(scripts / name)
    for path, text in texts.items():
        (scripts / path).parent.mkdir(exist_ok=True)
        (scripts / path).write_text(text)


def minify_scripts(folder: Path) -> None:
    """Minify the scripts in the folder of a built site, also in its pages.

    A third of the source consists of types, explanations and white space.
    """
    for path in modules(folder / "assets/js"):
        path.write_text(rjsmin.jsmin(path.read_text()))
    for path in folder.rglob("*.html"):
        path.write_text(
            _INLINE_SCRIPT.sub(lambda script: rjsmin.jsmin(script[0]), path.read_text())
        )


def modules(folder: Path) -> list[Path]:
    """Return the scripts in a folder, apart from the bundled libraries."""
    return sorted(path for path in folder.rglob("*.js") if path.parent.name != "vendor")

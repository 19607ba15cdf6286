"""Publish the guide's own scripts without their comments."""

import re
from pathlib import Path

# A comment on lines of its own.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)


def strip_comments(folder: Path) -> None:
    """Remove the comments from the scripts in the folder of a finished site.

    Types and explanations are a fifth of the sources, and browsers need neither.
    """
    for path in folder.glob("assets/js/*.js"):
        path.write_text(without_comments(path.read_text()))


def without_comments(script: str) -> str:
    """Return a script without the comments that stand on lines of their own.

    A line of a template literal must not begin like a comment.
    """
    return _COMMENT.sub("", script)

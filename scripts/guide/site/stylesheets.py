"""Leaving out of the theme's style sheets what no page of this site can use.

Material brings styles for everything that it can do, which weighs as much as a page. The theme is
not changed for it: each build reads its own pages and shortens its own copies.
"""

import re
from collections.abc import Iterator
from pathlib import Path

# Attributes with text in them, and with addresses: no style asks for these.
_TEXT = {"alt", "content", "d", "data-copy", "href", "src", "title"}
_TAG = re.compile(r'<([a-zA-Z][\w-]*)((?:[^<>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_WORD = re.compile(r"[a-zA-Z_][\w-]*")
_FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
_PSEUDO = re.compile(r"::?[\w-]+")
_COMMA = re.compile(r",(?![^()]*\))")
_PROPERTY = re.compile(r"(--[\w-]+):")
# For the sake of these, a browser styles every element anew each time that the theme's script sets
# a class or an attribute of the root, or it moves what was painted before the script ran. guide.css
# has rules for the same that do neither.
_COSTLY = re.compile(
    r"\.no-js .*(\.tabbed-set|__search|\.md-search)"
    r"|^\[data-md-color-switching\] "
    r"|table:not\(\[class\]\)"
)
_VARIABLE = re.compile(r"(--[\w-]+)(?![\w-]|:)")


def shorten(folder: Path) -> dict[Path, list[str]]:
    """Shorten the theme's style sheets in the folder of a finished site.

    Returns the selectors that were left out of each.
    """
    known = words(folder)
    sheets = sorted(folder.glob("assets/stylesheets/*.css"))
    own = "".join(path.read_text() for path in folder.glob("assets/*.css"))
    code = "".join(path.read_text() for path in folder.rglob("*.html"))
    code += "".join(path.read_text() for path in _scripts(folder))
    kept: dict[Path, str] = {}
    dropped: dict[Path, list[str]] = {}
    for path in sheets:
        dropped[path] = []
        kept[path] = used(path.read_text(), known, dropped[path])
    for path, text in without_variables(kept, own + code).items():
        path.write_text(text)
    return dropped


def words(folder: Path) -> set[str]:
    """Every name by which a style could find an element: those on the pages, and all in scripts,
    because scripts make elements, too. A script may have only the beginning of a name.
    """
    found = set()
    for path in folder.rglob("*.html"):
        for tag, attributes in set(_TAG.findall(path.read_text())):
            found.add(tag)
            for name, value in _ATTRIBUTE.findall(attributes):
                found.add(name)
                if name not in _TEXT:
                    found.update(_WORD.findall(value))
    for path in _scripts(folder):
        found.update(_WORD.findall(path.read_text()))
    return found


def _scripts(folder: Path) -> list[Path]:
    """The scripts that pages run. Those of the search make no elements."""
    return [*folder.glob("assets/javascripts/*.js"), *folder.glob("assets/js/*.js")]


def used(css: str, known: set[str], dropped: list[str]) -> str:
    """The rules of a minified style sheet whose selectors have nothing but known words."""
    result = []
    for head, body in _blocks(css):
        if head.startswith(("@media", "@supports")):
            inner = used(body or "", known, dropped)
            result += [f"{head}{{{inner}}}"] if inner else []
        elif head.startswith("@"):
            result.append(f"{head}{{{body}}}" if body is not None else f"{head};")
        else:
            kept: list[str] = []
            for selector in _COMMA.split(head):
                (kept if can_match(selector, known) else dropped).append(selector)
            result += [f"{','.join(kept)}{{{body}}}"] if kept else []
    return "".join(result)


def can_match(selector: str, known: set[str]) -> bool:
    """Whether each word of a selector is known, but for those in brackets, as in :not(…)."""
    if _COSTLY.search(selector):
        return False
    rest = selector
    while (shorter := _FUNCTION.sub("", rest)) != rest:
        rest = shorter
    return all(
        word in known or any(word[: at + 1] in known for at in _ends(word))
        for word in _WORD.findall(_PSEUDO.sub("", rest))
    )


def _ends(word: str) -> list[int]:
    """Where a script may have cut a name: after -- or __."""
    return [match.end() - 1 for match in re.finditer("--|__", word)]


def without_variables(sheets: dict[Path, str], others: str) -> dict[Path, str]:
    """The style sheets without the custom properties that nothing reads, here or in `others`."""
    while True:
        read = set(_VARIABLE.findall("".join([others, *sheets.values()])))
        shorter = {}
        for path, css in sheets.items():
            unread = {name for name in _PROPERTY.findall(css) if name not in read}
            names = "|".join(map(re.escape, sorted(unread)))
            value = r"(?:[^;{}()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*"
            shorter[path] = (
                re.sub(rf"(?<=[{{;])(?:{names}):{value}(?:;|(?=\}}))", "", css) if unread else css
            )
        if shorter == sheets:
            return {path: re.sub(r"[^{};]+\{\}", "", css) for path, css in sheets.items()}
        sheets = shorter


def _blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """The rules of a style sheet: what stands before the braces, and in them."""
    at = 0
    while at < len(css):
        opened, ended = css.find("{", at), css.find(";", at)
        if opened == -1 or -1 < ended < opened:
            if ended == -1:
                return
            yield css[at:ended].strip(), None
            at = ended + 1
            continue
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        yield css[at:opened].strip(), css[opened + 1 : end - 1]
        at = end

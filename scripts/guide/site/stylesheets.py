"""Remove the rules that no page of this site can use from the theme's style sheets.

Material has styles for all of its features, which are as large as a page. Each build reads the
pages that it wrote, and shortens the style sheets in the built site. The installed theme stays
unchanged.
"""

import re
from collections.abc import Iterator
from pathlib import Path

# Attributes that contain text or URLs. No style selects by their values.
_TEXT = {"alt", "content", "d", "href", "src", "title"}
_TAG = re.compile(r'<([a-zA-Z][\w-]*)((?:[^<>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_WORD = re.compile(r"[a-zA-Z_][\w-]*")
_FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
_PSEUDO = re.compile(r"::?[\w-]+")
_COMMA = re.compile(r",(?![^()]*\))")
_PROPERTY = re.compile(r"(--[\w-]+):")
# Because of these selectors, browsers restyle every element whenever the theme's script changes a
# class or an attribute of the root element, or move elements that they have already painted.
# guide.css replaces these rules with rules that have neither effect.
_COSTLY = re.compile(
    r"\.no-js .*(\.tabbed-set|__search|\.md-search)"
    r"|^\[data-md-color-switching\] "
    r"|table:not\(\[class\]\)"
)
_VARIABLE = re.compile(r"(--[\w-]+)(?![\w-]|:)")


def shorten(folder: Path) -> dict[Path, list[str]]:
    """Shorten the theme's style sheets in the folder of a built site.

    Returns the removed selectors, keyed by style sheet.
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
        kept[path] = keep_used_rules(path.read_text(), known, dropped[path])
    for path, text in without_variables(kept, own + code).items():
        path.write_text(text)
    return dropped


def words(folder: Path) -> set[str]:
    """Return every name by which a selector can match an element.

    These are the names of elements, attributes, classes and IDs on the pages, and every word in the
    scripts, because scripts create elements. A script may contain only the beginning of a name.
    """
    names = set()
    for path in folder.rglob("*.html"):
        for tag, attributes in set(_TAG.findall(path.read_text())):
            names.add(tag)
            for name, value in _ATTRIBUTE.findall(attributes):
                names.add(name)
                if name not in _TEXT:
                    names.update(_WORD.findall(value))
    for path in _scripts(folder):
        names.update(_WORD.findall(path.read_text()))
    return names


def _scripts(folder: Path) -> list[Path]:
    """Return the scripts that pages run.

    The search scripts are left out because they create no elements.
    """
    return [*folder.glob("assets/javascripts/*.js"), *folder.glob("assets/js/*.js")]


def keep_used_rules(css: str, known: set[str], dropped: list[str]) -> str:
    """Return the rules of a minified style sheet whose selectors consist of known words.

    Appends the other selectors to `dropped`.
    """
    result = []
    for head, body in _blocks(css):
        if head.startswith(("@media", "@supports")):
            inner = keep_used_rules(body or "", known, dropped)
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
    """Return whether each word of a selector is known. Ignores words in brackets, as in :not(…)."""
    if _COSTLY.search(selector):
        return False
    rest = selector
    while (shorter := _FUNCTION.sub("", rest)) != rest:
        rest = shorter
    return all(
        word in known or any(word[: at + 1] in known for at in _prefix_ends(word))
        for word in _WORD.findall(_PSEUDO.sub("", rest))
    )


def _prefix_ends(word: str) -> list[int]:
    """Return the lengths of the prefixes that end with -- or __, which scripts may add to."""
    return [match.end() - 1 for match in re.finditer("--|__", word)]


def without_variables(sheets: dict[Path, str], others: str) -> dict[Path, str]:
    """Return the style sheets without custom properties that neither they nor `others` read."""
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
    """Yield the selector and the body of each rule. The body is None for a rule without braces."""
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

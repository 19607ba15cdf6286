"""Prepare the files of the examples for kits, in which readers have their own names."""

import re
import tomllib
from pathlib import Path
from typing import NotRequired, TypedDict

from guide import Problem
from guide.content import agent_rules
from guide.content.examples import Example, example

NAMES_FILE = Path(__file__).with_name("kit_names.toml")
# Texts of kits that no example has.
SNIPPETS = Path(__file__).with_name("kit")

Names = dict[str, str | list[str]]
_MARK = re.compile("«([a-zA-Z]+)»")
# The marks that repeat their line, and the names that list their values.
EACH = {
    "package": "packages",
    "static": "static",
    "library": "libraries",
    "header": "headers",
    "privatePackage": "privatePackages",
}


class OwnText(TypedDict):
    """A text about an example's own project, and what a kit with other names has instead."""

    own: str
    general: str


class KitExample(TypedDict):
    """An example's files with marks instead of its names, and what makes a kit the example."""

    answers: dict[str, str]
    names: Names
    files: dict[str, str]
    texts: list[OwnText]


class KitSources(TypedDict):
    """The files that kits are made of."""

    examples: dict[str, KitExample]
    snippets: dict[str, str]
    agents: dict[str, object]


class _Text(TypedDict):
    text: str
    general: str


class _File(TypedDict):
    path: str
    marked: NotRequired[list[str]]
    words: NotRequired[list[str]]
    texts: NotRequired[list[_Text]]


class _Declared(TypedDict):
    answers: dict[str, str]
    names: Names
    files: list[_File]


def kit_sources() -> KitSources:
    """Return the files of all examples that kits are made of, and the snippets.

    Raises Problem if a text that kit_names.toml declares is not in its file, or if a name of an
    example stands where none is declared.
    """
    declared: dict[str, _Declared] = tomllib.loads(NAMES_FILE.read_text())
    return {
        "examples": {name: _kit_example(example(name), each) for name, each in declared.items()},
        "snippets": {path.name: path.read_text() for path in sorted(SNIPPETS.iterdir())},
        "agents": agent_rules.for_scripts(),
    }


def _kit_example(source: Example, declared: _Declared) -> KitExample:
    names: Names = {**declared["names"], "python": declared["answers"]["python"]}
    result: KitExample = {
        "answers": declared["answers"],
        "names": declared["names"],
        "files": {},
        "texts": [],
    }
    for file in declared["files"]:
        where = f"{source.name}/{file['path']}"
        text = _text_of(source, file["path"])
        for own in file.get("texts", []):
            mark = f"«text:{source.name}:{len(result['texts'])}»"
            text = _replaced(text, own["text"], mark, where)
            result["texts"].append({"own": own["text"], "general": own["general"]})
        for marked in file.get("marked", []):
            text = _replaced(text, _with_names(marked, names), marked, where)
        without_words = text
        for word in file.get("words", []):
            without_words = _replaced(without_words, word, "", where)
        _check_for_other_names(without_words, names, where)
        result["files"][file["path"]] = text
    return result


def _text_of(source: Example, path: str) -> str:
    if path == source.dockerfile or path == "Dockerfile":
        return source.dockerfile_text
    return (source.folder / path).read_text()


def _with_names(marked: str, names: Names) -> str:
    """Return a marked text as it stands in the example."""
    for mark, listed in EACH.items():
        if f"«{mark}»" in marked:
            marked = "\n".join(marked.replace(f"«{mark}»", value) for value in names[listed])
    return _MARK.sub(lambda match: _value(match[1], names), marked)


def _value(mark: str, names: Names) -> str:
    match mark:
        case "compiled":
            return " ".join(sorted([*names["packages"], str(names["settings"])]))
        case "extras":
            return " ".join(f"--extra {extra}" for extra in names["extras"])
        case "database":
            return _identifier(names["project"]).lower()
        case "module":
            return f"{names['settings']}.settings"
        case "settingsPath":
            return f"{names['settings']}/settings.py"
        case "INDEX":
            return _identifier(names["indexName"]).upper()
    value = names[mark]
    return value if isinstance(value, str) else " ".join(value)


def _identifier(name: str | list[str]) -> str:
    """Return a name with an underscore instead of everything but letters and digits."""
    return re.sub("[^A-Za-z0-9]", "_", str(name))


def _replaced(text: str, old: str, new: str, where: str) -> str:
    if old not in text:
        raise Problem(f"{where} does not contain {old!r}. Change {NAMES_FILE.name}.")
    return text.replace(old, new)


def _check_for_other_names(text: str, names: Names, where: str) -> None:
    """Raise Problem if the settings package or the port stands where no mark is declared."""
    for name in ("settings", "port"):
        own = re.escape(str(names[name]))
        if match := re.search(rf"^.*(?<![\w-]){own}(?![\w-]).*$", text, re.MULTILINE):
            raise Problem(
                f"{where} contains the {name} in {match[0].strip()!r}, which {NAMES_FILE.name} "
                "does not mark. Add the text to `marked`."
            )

"""Read the Markdown of pages, in which macro calls are replaced by marks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import Environment

from guide import ROOT
from guide.site.hooks import MACROS

DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path.read_text() for path in sorted(DOCS.rglob("*.md"))}
INTRODUCTION = "introduction"
FENCE = re.compile(r"(?ms)^ *(`{3,})[^\n]*\n.*?^ *\1$")
# The delimiters of mkdocs.yml.
_ENVIRONMENT = Environment(
    variable_start_string="[[[",
    variable_end_string="]]]",
    block_start_string="[[%",
    block_end_string="%]]",
    comment_start_string="[[#",
    comment_end_string="#]]",
)


@dataclass(frozen=True)
class Call:
    """A macro call of a page, and what it returned."""

    macro: str
    arguments: tuple[object, ...]
    options: dict[str, object]
    result: object

    def __str__(self) -> str:
        options = [f"{name}={value!r}" for name, value in self.options.items()]
        return f"{self.macro}({', '.join([*map(repr, self.arguments), *options])})"


def marked(text: str, macros: Mapping[str, Callable[..., object]]) -> tuple[str, list[Call]]:
    """Return the text of a page with a mark for each macro call, such as ⟦0⟧, and the calls.

    `macros` replace the macros of the same names. The others return nothing. A call has no mark if
    it returns nothing or text, which then is part of the page.
    """
    calls: list[Call] = []

    def marking(name: str) -> Callable[..., str]:
        def mark(*arguments: object, **options: object) -> str:
            result = macros[name](*arguments, **options) if name in macros else None
            if result is None or isinstance(result, str):
                return result or ""
            calls.append(Call(name, arguments, options, result))
            return f"⟦{len(calls) - 1}⟧"

        return mark

    template = _ENVIRONMENT.from_string(text)
    return template.render({name: marking(name) for name in MACROS}, extra={}), calls


def calls_in(text: str, calls: list[Call]) -> list[Call]:
    """Return the calls whose marks are in a text."""
    return [calls[int(number)] for number in re.findall(r"⟦(\d+)⟧", text)]


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of the introduction, and of each section with an H2."""
    for section in re.split(r"(?m)^(?=## )", FENCE.sub("", text)):
        heading = section.partition("\n")[0] if section.startswith("## ") else INTRODUCTION
        yield re.sub(r"^## | \{.*\}$", "", heading), section


def strings(value: object) -> list[str]:
    """Return the strings in a value from a TOML or JSON file."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []

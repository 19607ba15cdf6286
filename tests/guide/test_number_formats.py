"""Only guide.pages.numbers formats numbers, so that a number looks the same on every page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guide import ROOT
from guide.pages import numbers

PACKAGES = ROOT / "scripts/guide"
MODULES = sorted(
    path
    for package in ("pages", "site")
    for path in (PACKAGES / package).rglob("*.py")
    if path != Path(numbers.__file__)
)


def formats(text: str) -> Iterator[str]:
    """Yield the expressions of a module that format or round a value."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FormattedValue(format_spec=ast.JoinedStr()):
                yield ast.unparse(node)
            case ast.Call(func=ast.Name(id="round" | "format")):
                yield ast.unparse(node)
            case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str())):
                yield ast.unparse(node)
            case ast.Constant(value=str(constant)) if re.search(r"\{\w*:[^{}]+\}", constant):
                yield ast.unparse(node)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_other_module_formats_numbers(path: Path) -> None:
    assert [*formats(path.read_text())] == []


@pytest.mark.parametrize(
    "code",
    [
        'f"{value:.1f} s"',
        'f"{value:g}"',
        "round(value, 1)",
        'format(value, ".1f")',
        '"%.1f s" % value',
        '"{:.1f} s".format(value)',
        'Markup("<td>{value:.0f}</td>").format(value=value)',
    ],
)
def test_each_way_to_format_a_number_is_noticed(code: str) -> None:
    assert [*formats(code)]


def test_text_without_a_number_format_is_allowed() -> None:
    assert [
        *formats("""f'{name}: {text!r}'; Markup('<i style="--share:{}">').format(share)""")
    ] == []

"""Changes of an example's text fail if they change nothing, and comments are wrapped as there."""

import pytest

from assertions import nonempty
from guide import ROOT, Problem
from guide.content.examples import every_example
from guide.machine import node

MODULE = ROOT / "docs/assets/js/kit/texts.js"
TEXT = "one\ntwo\n\nthree\ntwo\n"


def call(function, *arguments):
    return node.call(MODULE, f"(given) => module.{function}(...given)", [*arguments])


def test_comments_of_examples_are_wrapped_as_they_are():
    parts = [
        part
        for example in every_example()
        for part in example.dockerfile_text.rstrip("\n").split("\n\n")
        # The comment of the export is wrapped earlier, so that an option stays on one line.
        if part.startswith("# ") and "uv export" not in part
    ]
    wrapped = "(parts) => parts.map((part) => module.withComment(part, (words) => words))"
    results = node.call(MODULE, wrapped, parts)
    for part, result in nonempty(zip(parts, results, strict=True)):
        assert result == part


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        ("replaceOnce", ["two", "2"], '"two" stands 2 times.'),
        ("replaceOnce", ["four", "4"], '"four" stands 0 times.'),
        ("paragraph", ["two"], '"two" is in 2 paragraphs.'),
        ("replaceParagraph", ["four"], '"four" is in 0 paragraphs.'),
        ("lines", ["three", "one"], '"three" or "one" is missing.'),
    ],
)
def test_a_text_that_is_missing_or_ambiguous_is_an_error(function, arguments, message):
    with pytest.raises(Problem) as problem:
        call(function, TEXT, *arguments)
    assert message in str(problem.value)


def test_paragraphs_and_lines_are_changed():
    assert call("replaceParagraph", TEXT, "one") == "three\ntwo\n"
    assert call("insertAfter", TEXT, "one", "new") == "one\ntwo\n\nnew\n\nthree\ntwo\n"
    assert call("insertBefore", TEXT, "one", "new") == "new\n\none\ntwo\n\nthree\ntwo\n"
    assert call("withoutLines", TEXT, "three", "two") == "one\ntwo\n\n"

"""The modules of the page that checks a Dockerfile answer without a browser."""

import json

import pytest

from assertions import nonempty
from guide import ROOT
from guide.content import check_rules
from guide.machine import node


def fixtures():
    """Return every case of the rules, as pasted text and as a folder."""
    cases = []
    for rule in check_rules.rules():
        for case in rule.cases:
            texts = {**check_rules.fixture_files(case.project), "Dockerfile": "\n".join(case.lines)}
            given = {"texts": texts, "dockerfile": "Dockerfile"}
            cases += [given, {**given, "paths": [*texts, "shop/views.py"]}]
    return cases


def test_random_fixtures_give_answers_without_an_error():
    """Every case of the rules gives all three answers, as pasted text and as a folder."""
    call = """({ grammar, cases }) => cases.map((given) => {
        const { fault, groups } = module.answersTo(given, grammar);
        return { fault, count: groups.flatMap((each) => each.findings).length };
    })"""
    grammar = json.loads((ROOT / "docs/data/uv-options.json").read_text())
    cases = fixtures()
    module = ROOT / "docs/assets/js/check-page/answers.js"
    answers = node.call(module, call, {"grammar": grammar, "cases": cases})
    assert [each for each in answers if each.get("fault")] == []
    assert sum(each["count"] for each in answers) > len(cases)


SHOWN = """({ grammar, cases }) => cases.map((given) => {
    const facts = { edits: {}, root: "/", dockerfile: "Dockerfile" };
    const answers = module.answersTo(given, grammar);
    const findings = module.findingsView(answers, facts, { paths: ["a"], conditions: ["b"] });
    const json = JSON.stringify(answers, (key, value) => (key === "claims" ? undefined : value));
    return [json, findings, module.installsView(answers, facts)];
})"""


def test_the_published_checker_answers_as_its_modules_do(built):
    """Neither the bundle nor rjsmin changes a text, such as that of a fix.

    The published rules have no claims, because the page loads these when a reader asks for them.
    """
    grammar = json.loads((ROOT / "docs/data/uv-options.json").read_text())
    argument = {"grammar": grammar, "cases": fixtures()}
    path = "assets/js/check-page/checker.js"
    own, published = (node.call(each / path, SHOWN, argument) for each in (ROOT / "docs", built))
    assert nonempty(own) == published


@pytest.mark.parametrize(
    ("earlier", "text", "changed"),
    [
        ("a\nb\nc", "a\nb\nc", []),
        ("a\nb\nc", "a\nx\nb\nc\ny", [2, 5]),
        ("a\nb\nc", "c", []),
        ("a\nb\nc", "b\nc\na", [3]),
        ("a\na\nb", "a\nb\na\nb", [2]),
        ("", "a\nb", [1, 2]),
        ("a\n" * 2000, "b\n" * 2000, [*range(1, 2001)]),
    ],
)
def test_new_and_moved_lines_are_marked(earlier, text, changed):
    module = ROOT / "docs/assets/js/kit/line-changes.js"
    indexes = node.call(module, "(texts) => [...module.newLines(...texts)]", [earlier, text])
    assert [index + 1 for index in indexes] == changed

"""The page with the rules of the checker shows each of them, and the form gets its examples."""

import json

from guide import ROOT
from guide.content import check_rules
from guide.machine import node
from guide.pages import check


def test_the_reference_has_every_rule_with_bad_and_good(pages):
    page = pages["/reference/check-rules/"]
    for rule in check_rules.rules():
        section = page.find(id=rule.name)
        assert section.name == "h3"
        assert any(case.is_bad for case in rule.cases), rule.name
    names = [each.get_text() for each in page.select(".filename")]
    assert names.count("Bad: Dockerfile") == len(check_rules.rules())
    assert "Good: Dockerfile" in names


def test_the_rules_are_read_as_the_checker_has_them():
    module = check_rules.MODULES.with_name("repository.js")
    catalogue = node.call(module, "() => module.allRules.map(({ check, ...rule }) => rule)", None)
    keys = ("id", "title", "advice", "severity", "claims")
    expected = [(*(each[key] for key in keys), each.get("noFix", "")) for each in catalogue]
    read = [
        (each.name, each.title, each.advice, each.severity, each.claims, each.no_fix)
        for each in check_rules.rules()
    ]
    assert sorted(read) == sorted(expected)


def test_the_published_examples_are_those_of_the_repository(built):
    published = json.loads((built / "downloads/check-examples.json").read_text())
    assert {*published} == {"faulty", "pattern-a"}
    for each in published.values():
        assert {*each["texts"]} <= {*each["paths"]}
    folder = ROOT / "scripts/guide/content/check_example"
    assert published["faulty"]["texts"]["Dockerfile"] == (folder / "Dockerfile").read_text()
    assert check.check_rule_count() == len(check_rules.rules())

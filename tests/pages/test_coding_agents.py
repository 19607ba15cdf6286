"""The page about coding agents shows every rule with its proof, and offers them as one file."""

from copy import copy

from assertions import nonempty
from guide.content.agent_rules import agent_rules, for_any_project
from guide.pages import agents
from served import ORIGIN


def test_each_rule_is_shown_with_a_mark_for_each_of_its_claims(pages):
    items = [
        copy(item)
        for item in pages["/coding-agents/"].select("article li")
        if item.select(".proof")
    ]
    shown = {}
    for item in items:
        marks = [mark["href"].partition("#")[2] for mark in item.select(".proof")]
        for mark in item.select(".proof"):
            mark.decompose()
        shown[" ".join(item.get_text().split())] = marks
    rules = [rule for section in agent_rules().sections for rule in section.rules]
    assert shown == {rule.rule.replace("`", ""): rule.claims for rule in nonempty(rules)}


def test_the_file_can_be_downloaded_and_copied(built, pages):
    text = for_any_project()
    assert (built / agents.FILE).read_text() == text
    page = pages["/coding-agents/"]
    assert page.select_one("a[download]")["href"] == f"{ORIGIN}/{agents.FILE}"
    assert page.select_one("details code").get_text() == text
    assert f"{ORIGIN}/{agents.FILE}" in (built / "llms.txt").read_text()

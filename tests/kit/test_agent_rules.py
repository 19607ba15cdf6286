"""Each rule for coding agents follows from recorded claims, and AGENTS.md has those that apply."""

import pytest

from assertions import nonempty
from guide import ROOT, Problem
from guide.content import recordings
from guide.content.agent_rules import Rule, agent_rules, for_any_project, for_scripts
from guide.content.claims import claim
from guide.machine import node

MODULE = ROOT / "docs/assets/js/kit/files/agents.js"
PLAIN = {
    "server": "gunicorn",
    "database": "sqlite",
    "private": "none",
    "lockStage": "no",
    "worker": "none",
}
EVERYTHING = {
    "server": "uvicorn",
    "database": "postgresql",
    "private": "index",
    "lockStage": "yes",
    "worker": "celery-beat",
}


def agents_files(*answers):
    """Return AGENTS.md for each of the given answers."""
    call = "({answers, rules}) => answers.map((each) => module.agentsFile(each, rules))"
    return node.call(MODULE, call, {"answers": answers, "rules": for_scripts()})


def lines(text):
    return [line for line in text.splitlines() if line.startswith(("## ", "- "))]


def unproven(rules):
    """Return the claims of rules that do not exist, or were recorded with another sentence."""
    missing = []
    for name in (name for rule in rules for name in rule.claims):
        try:
            if recordings.claim(name)["sentence"] != claim(name).sentence:
                missing.append(name)
        except Problem:
            missing.append(name)
    return missing


def test_every_rule_follows_from_recorded_claims():
    rules = [rule for section in agent_rules().sections for rule in section.rules]
    assert unproven(nonempty(rules)) == []
    assert unproven([Rule(rule="Be careful.", claims=["care-helps"])]) == ["care-helps"]
    with pytest.raises(ValueError, match="at least 1 item"):
        Rule(rule="Be careful.", claims=[])


def test_no_rule_is_there_twice():
    rules = [rule.rule for section in agent_rules().sections for rule in section.rules]
    assert len({*rules}) == len(rules)


def test_agents_md_has_the_rules_that_apply_in_their_order():
    every = lines(for_any_project())
    plain, everything, git = map(
        lines, agents_files(PLAIN, EVERYTHING, {**PLAIN, "private": "git", "worker": "celery"})
    )
    for written in (plain, everything, git):
        assert written == [line for line in every if line in written]
        assert 38 <= len(written) <= 55
    assert "## Private package index" in everything
    assert "## Private Git repository" in git
    assert {line for line in plain if line.startswith("## ")} == {
        *("## Packages", "## Tests and linters", "## Rebuild", "## Dockerfile", "## Containers")
    }
    beat = next(line for line in every if "celery beat" in line)
    assert beat in everything
    assert beat not in git
    left_out = {*every} - {*plain, *everything, *git}
    assert not left_out, "A rule applies to none of the answers."

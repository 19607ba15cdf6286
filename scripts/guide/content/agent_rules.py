"""Read the rules for coding agents, and write AGENTS.md for any Django project that uses uv."""

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

RULES_FILE = Path(__file__).with_name("agent_rules.toml")
NAME = "AGENTS.md"

# Maps a question of the kit to the answers with which a rule applies.
Condition = dict[str, list[str]]


class Rule(BaseModel):
    """A rule for coding agents, and the identifiers of the claims that it follows from."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str
    claims: list[str] = Field(min_length=1)
    when: Condition = {}

    @property
    def line(self) -> str:
        """The line of AGENTS.md."""
        return f"- {self.rule} [{', '.join(self.claims)}]"


class Section(BaseModel):
    """Rules under a heading. If the section has a condition, all its rules have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    when: Condition = {}
    rules: list[Rule]


class AgentRules(BaseModel):
    """The content of AGENTS.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    about: str
    about_any_project: str
    sections: list[Section]


@cache
def agent_rules() -> AgentRules:
    """Return the rules for coding agents."""
    return AgentRules(**tomllib.loads(RULES_FILE.read_text()))


def for_any_project() -> str:
    """Return AGENTS.md with every rule."""
    rules = agent_rules()
    parts = [f"# {rules.title}", f"{rules.about} {rules.about_any_project}"]
    for section in rules.sections:
        parts.append(f"## {section.title}")
        parts.append("\n".join(rule.line for rule in section.rules))
    return "\n\n".join(parts) + "\n"


def for_scripts() -> dict[str, object]:
    """Return what the kit's module needs to write AGENTS.md for some answers."""
    rules = agent_rules()
    sections = [
        {
            "title": section.title,
            "when": section.when,
            "lines": [{"text": rule.line, "when": rule.when} for rule in section.rules],
        }
        for section in rules.sections
    ]
    return {"title": rules.title, "about": rules.about, "sections": sections}

"""Show the rules for coding agents."""

from textwrap import indent

from guide.content import agent_rules
from guide.content.agent_rules import Section
from guide.pages.claims import mark
from guide.pages.registry import macro

# The path of the file in the site.
FILE = agent_rules.NAME


@macro("agent_rules")
def rules_by_section() -> str:
    """Return every rule with proof marks, under the heading of its section, as Markdown."""
    return "\n\n".join(["", *map(_section, agent_rules.agent_rules().sections), ""])


def _section(section: Section) -> str:
    rules = (f"- {rule.rule} {' '.join(map(mark, rule.claims))}" for rule in section.rules)
    return "\n".join((f"### {section.title}", "", *rules))


@macro
def agent_rules_file() -> str:
    """Return a link to the file with every rule, and the file to copy, as Markdown."""
    fence = f"```{{ .markdown data-search-exclude=1 }}\n{agent_rules.for_any_project()}```"
    return (
        f'\n\n<a class="md-button md-button--primary" href="/{FILE}" download '
        f'data-search-exclude="1">Download {agent_rules.NAME}</a>\n\n'
        f'??? note "{agent_rules.NAME}"\n\n{indent(fence, "    ")}\n\n'
    )

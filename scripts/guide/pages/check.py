"""Show the form that checks a reader's Dockerfile, and the rules of the checker."""

import json
import re

from markupsafe import Markup, escape

from guide import ROOT
from guide.content import check_rules, claims
from guide.content.check_rules import COMMENT, CheckRule, FixtureCase, fixture_files
from guide.content.edits import EDITS
from guide.content.examples import Example
from guide.content.examples import example as find_example
from guide.machine import files
from guide.pages.claims import mark
from guide.pages.markup import block, join, page_styles
from guide.pages.registry import macro

# The edits that the checker predicts.
_EDITS = ("view", "template", "ruff", "version", "dependency", "uv")
_FAULTY = ROOT / "scripts/guide/content/check_example"
# The project around the Dockerfile with faults.
_EXAMPLE = "pattern-a-single-stage"
_EXAMPLES_FILE = ROOT / "docs/downloads/check-examples.json"
_EXPLAINED_FILE = ROOT / "docs/downloads/check-rules.json"
_RULES_PAGE = "/reference/check-rules"
# The files that a reader can paste. The script has the same list.
SLOTS = (
    *("Dockerfile", "pyproject.toml", "uv.lock", ".dockerignore", "compose.yaml"),
    *(".gitlab-ci.yml", ".github/workflows/ci.yml"),
)
# Reasons why a case is fine that do not make it an example to follow.
_NO_EXAMPLE = re.compile(
    r"fine: .*(?:another rule|unknown|not known|on a laptop|no pipeline|there (?:is|are) no\b)"
)
# The words before the reasons in the comments of a fixture.
_WORDS = {"finds": "Bad", "fine": "Good"}


@macro
def check_dockerfile() -> Markup:
    """Return the form into which readers paste a Dockerfile."""
    facts = {"edits": {edit.name: edit.title for edit in EDITS if edit.name in _EDITS}}
    return Markup(
        '<div>{}<check-dockerfile class="check" data-facts="{}">'
        '<form data-search-exclude="1"><div class="given">'
        '<fieldset class="files"><legend>Files</legend><div>{}</div></fieldset>'
        '<div class="editor"><div class="gutter" aria-hidden="true"><div class="marks"></div>'
        '<div class="numbers">1</div></div><textarea aria-label="Text of Dockerfile" '
        'spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" rows="16" '
        'placeholder="Paste your Dockerfile here, or drop a file or a folder"></textarea></div>'
        '<p class="ways">{}{}'
        '<label>Choose a project folder <input type="file" name="folder" webkitdirectory>'
        '</label><label>Choose files <input type="file" name="one" multiple></label>'
        '<button type="button" name="copy">Copy this file</button>'
        '<button type="button" name="clear">Clear files</button>'
        '<button type="button" name="undo" hidden>Undo</button>'
        '<button type="button" name="kit">Get new files</button></p>'
        '</div></form><p role="status" tabindex="-1"></p>'
        '<div class="answer findings"></div><div class="answer rebuilds"></div>'
        '<div class="answer packages"></div></check-dockerfile></div>'
    ).format(
        page_styles("check"),
        json.dumps(facts),
        join(map(_slot, SLOTS)),
        _example_button("faulty", "Try it with an example"),
        _example_button("pattern-a", "Try it with Pattern A"),
    )


def _slot(name: str) -> Markup:
    """Return the choice of a file, as the script also writes it."""
    return Markup(
        '<label><input type="radio" name="file" value="{0}"{1}><span>{0}</span> '
        "<small>{2}</small></label>"
    ).format(name, *((" checked", "empty") if name == SLOTS[0] else ("", "optional")))


@macro
def paste_dockerfile() -> Markup:
    """Return a field whose text the page with the checker takes over."""
    # The field has no name, so that a form that is sent without the script has no content.
    return Markup(
        '<div class="paste">{}<paste-text data-key="check-dockerfile"><form action="check/">'
        '<textarea spellcheck="false" '
        'autocomplete="off" autocapitalize="off" aria-label="Your Dockerfile" '
        'placeholder="Paste your Dockerfile here"></textarea>'
        '<p><button class="md-button">Check it</button></p></form></paste-text></div>'
    ).format(page_styles("paste"))


def _example_button(name: str, label: str) -> Markup:
    return Markup('<button type="button" name="example" value="{}">{}</button>').format(name, label)


def write_files() -> None:
    """Write what the form loads when a reader asks for it.

    These are the projects with which readers try it, and what is known of each rule.
    """
    explained = {
        rule.name: {
            "claims": {name: claims.claim(name).sentence for name in rule.claims},
            "notes": _notes(rule),
        }
        for rule in check_rules.rules()
    }
    files.update(_EXPLAINED_FILE, json.dumps(explained).encode())
    example = find_example(_EXAMPLE)
    good = _project(example)
    faulty = {path.name: path.read_text() for path in sorted(_FAULTY.iterdir())}
    without_fixes = {name: text for name, text in good.items() if name != "compose.yaml"}
    paths = [path.as_posix() for path in example.files]
    examples = {
        "faulty": _repository(paths, {**without_fixes, **faulty}),
        "pattern-a": _repository(paths, good),
    }
    files.update(_EXAMPLES_FILE, json.dumps(examples).encode())


def _project(example: Example) -> dict[str, str]:
    names = ("Dockerfile", "pyproject.toml", "uv.lock", ".dockerignore", "compose.yaml")
    return {name: (example.folder / name).read_text() for name in names}


def _repository(paths: list[str], texts: dict[str, str]) -> dict[str, object]:
    return {"dockerfile": "Dockerfile", "paths": sorted({*paths, *texts}), "texts": texts}


@macro
def check_rule_count() -> int:
    """Return the number of rules."""
    return len(check_rules.rules())


@macro
def check_rule_titles() -> str:
    """Return the titles of all rules by severity, as Markdown."""
    parts = ['<div class="rule-titles" markdown data-search-exclude="1">']
    for severity, words in check_rules.SEVERITIES.items():
        rules = [rule for rule in check_rules.rules() if rule.severity == severity]
        items = [f"- [{rule.title}]({_RULES_PAGE}.md#{rule.name})" for rule in rules]
        parts.append(f"### {words} ({len(rules)}) {{ #{severity} }}\n\n" + "\n".join(items))
    return "\n\n".join(["", *parts, "</div>", ""])


@macro
def all_check_rules() -> str:
    """Return every rule with what it means, and with a bad and a good Dockerfile, as Markdown."""
    parts = []
    for severity, words in check_rules.SEVERITIES.items():
        rules = [rule for rule in check_rules.rules() if rule.severity == severity]
        parts += [f"## {words}", *map(_rule, rules)]
    return "\n\n" + "\n\n".join(parts) + "\n\n"


def _notes(rule: CheckRule) -> list[str]:
    """Return why a rule has no fix, and what was not tried."""
    return [
        *([f"There is no automatic fix. {rule.no_fix}"] if rule.no_fix else []),
        *([f"Not tried: {rule.not_tried}"] if rule.not_tried else []),
    ]


def _rule(rule: CheckRule) -> str:
    marks = " ".join(mark(name) for name in rule.claims)
    notes = [f"{note}\n{{ data-search-exclude=1 }}" for note in _notes(rule)]
    bad = next(case for case in rule.cases if case.is_bad)
    good = next((case for case in rule.cases if _is_example(case)), None)
    blocks = [_case("Bad", bad, rule.name)] + ([_case("Good", good, rule.name)] if good else [])
    return "\n\n".join(
        (
            f"### {rule.title} {{ #{rule.name} }}",
            f"{rule.advice} {marks}".rstrip(),
            *notes,
            *blocks,
        )
    )


def _is_example(case: FixtureCase) -> bool:
    return not case.is_bad and not any(_NO_EXAMPLE.search(line) for line in case.lines)


def _case(title: str, case: FixtureCase, rule: str) -> str:
    """Return the Dockerfile of a case, with other files that it is about."""
    parts = [block(escape(_shown(case.lines)), f"{title}: Dockerfile", "transcript")]
    for name, text in fixture_files(case.project).items():
        if case.is_bad and f"# finds {rule}" in text:
            lines = [
                line.replace(f"# finds {rule}", "# Bad:") if f"# finds {rule}" in line else line
                for line in text.splitlines()
                if "# finds" not in line or f"# finds {rule}" in line
            ]
            parts.append(block(escape("\n".join(lines)), f"{title}: {name}", "transcript"))
    return str(join(parts, "\n"))


def _shown(lines: list[str]) -> str:
    """Return the lines of a case with comments for readers."""
    shown = []
    for line in lines:
        kind, text = match.groups() if (match := COMMENT.match(line)) else ("", "")
        if kind in _WORDS:
            shown.append(f"# {_WORDS[kind]}: {text}")
        elif not kind:
            shown.append(line)
    return "\n".join(shown).strip()

"""The chooser: six questions, and the recommended Dockerfile with the reasons for it.

The page contains every option as HTML that is readable without a script. pattern-chooser.js reads
the rules from the HTML, and hides the options that the answers rule out.
"""

import itertools
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from guide import Problem
from guide.content import claims
from guide.content.examples import example as find_example
from guide.pages.builds import build_seconds
from guide.pages.images import stage_megabytes
from guide.pages.markup import code, inline_code, join, listed, proof_link, substitute
from guide.pages.registry import macro

CHOOSER_FILE = Path(__file__).with_name("chooser.toml")

# The macros that texts in chooser.toml can call.
_MACROS = {
    "seconds": build_seconds,
    "stage_megabytes": stage_megabytes,
}
_TEMPLATES = Environment(
    variable_start_string="[[[", variable_end_string="]]]", undefined=StrictUndefined
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Model):
    """One answer. `because` is its label in a reason, which is shown without the question.

    The name appears in the URL unless this is the question's default (first) answer.
    """

    name: str
    label: str
    because: str


class Question(_Model):
    """A question. The first answer is the default."""

    name: str
    text: str
    answers: tuple[Answer, ...]


class Reason(_Model):
    """A reason for an option, or a warning if `watch` is true.

    Without a rule in `when`, it always applies.
    """

    text: str
    when: str = ""
    claims: tuple[str, ...] = ()
    watch: bool = False


class Option(_Model):
    """A recommendation: a pattern, or an addition to a pattern.

    `files` lists files in `example`.
    """

    name: str
    short: str
    title: str
    when: str
    text: str
    page: str
    proofs: str
    reasons: tuple[Reason, ...]
    example: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_pattern(self) -> bool:
        """True for a pattern, False for an addition."""
        return len(self.name) == 1


class Chooser(_Model):
    """The questions, and all options: first the patterns, then the additions."""

    questions: Annotated[tuple[Question, ...], Field(max_length=6)]
    options: tuple[Option, ...]

    def complete(self, names: set[str]) -> set[str]:
        """Return the named answers, and the default answers of the other questions."""
        answers: set[str] = set()
        for question in self.questions:
            choices = [answer.name for answer in question.answers]
            answers |= names & {*choices} or {choices[0]}
        return answers

    def recommend(self, answers: set[str]) -> list[Option]:
        """Return the recommended options. `answers` contains one answer for each question."""
        return [option for option in self.options if rule_matches(option.when, answers)]

    def label(self, name: str) -> str:
        """Return the label with which reasons name an answer."""
        answers = (answer for question in self.questions for answer in question.answers)
        return next(answer.because for answer in answers if answer.name == name)

    def condition(self, rule: str) -> str:
        """Return a rule in words, such as "if your answers include “A”, but not “B”"."""
        alternatives = [terms.split() for terms in rule.split(",")]
        groups = factors(alternatives)
        if len(groups) > 1:
            words = self._in_words(groups)
        else:
            separator = " or " if groups else "; or "
            words = separator.join(
                self._in_words([[term] for term in terms]) for terms in alternatives
            )
        return f"if your answers include {words}"

    def _in_words(self, groups: list[list[str]]) -> str:
        """Return groups of terms in words. One term of each group has to match."""
        singles = [group[0] for group in groups if len(group) == 1]
        chosen = [self._quoted(term) for term in singles if term[0] != "!"]
        ruled_out = [self._quoted(term[1:]) for term in singles if term[0] == "!"]
        choices = [
            " or ".join(self._quoted(term) for term in group) for group in groups if len(group) > 1
        ]
        included = ", and also ".join(filter(None, (listed(chosen), *choices)))
        return ", but ".join(filter(None, (included, none_of(ruled_out))))

    def _quoted(self, name: str) -> str:
        return f"“{self.label(name)}”"


def read_chooser() -> Chooser:
    """Read chooser.toml. Raises Problem if a key is missing or unknown."""
    try:
        return Chooser.model_validate(tomllib.loads(CHOOSER_FILE.read_text()))
    except ValueError as error:
        raise Problem(f"{CHOOSER_FILE.name} is not valid: {' '.join(str(error).split())}") from None


def rule_matches(rule: str, answers: set[str]) -> bool:
    """Return whether a rule matches the answers."""
    return any(
        all(
            (term[1:] not in answers) if term[0] == "!" else (term in answers)
            for term in alternative.split()
        )
        for alternative in rule.split(",")
    )


def factors(alternatives: list[list[str]]) -> list[list[str]]:
    """Return groups of terms whose combinations are the alternatives.

    Each combination has one term from each group. Returns an empty list if there are no such
    groups, or if a term in a group of several begins with "!".
    """
    groups: dict[frozenset[str], list[str]] = {}
    for term in dict.fromkeys(itertools.chain(*alternatives)):
        together = itertools.chain(*(terms for terms in alternatives if term in terms))
        groups.setdefault(frozenset(together) - {term}, []).append(term)
    combinations = {frozenset(terms) for terms in itertools.product(*groups.values())}
    if combinations != {frozenset(terms) for terms in alternatives}:
        return []
    if any(term[0] == "!" for group in groups.values() if len(group) > 1 for term in group):
        return []
    return [*groups.values()]


def none_of(labels: list[str]) -> str:
    """Return labels as a negative list in a sentence, such as "none of A, B or C"."""
    *others, last = labels or [""]
    if not others:
        return last and f"not {last}"
    if len(others) == 1:
        return f"neither {others[0]} nor {last}"
    return f"none of {', '.join(others)} or {last}"


def sentence(shorts: list[str]) -> str:
    """Return the recommendation as a phrase. `shorts` has the short titles of the options."""
    first, *others = shorts
    if not others:
        return first
    *some, last = others
    return f"{first} with {', '.join(some)}{' and ' if some else ''}{last}"


@macro
def pattern_chooser() -> Markup:
    """Return the questions and all options, from which the script selects."""
    chooser = read_chooser()
    html = _Html(chooser, chooser.complete(set()))
    recommended = sentence([option.short for option in chooser.recommend(html.answers)])
    return Markup(
        '<div><pattern-chooser><form autocomplete="off">{}'
        '<p class="tools"><button type="reset">Start over</button>'
        '<button type="button" name="copy">Copy link to this answer</button></p></form>'
        '<p class="answer"><output>{}</output>'
        '<a href="../kit/">Get these files with your names</a>'
        '<button type="button" name="why">See why</button></p>'
        '<div class="options">{}</div></pattern-chooser></div>'
    ).format(
        join(_question(question) for question in chooser.questions),
        recommended,
        join(html.option(option) for option in chooser.options),
    )


class _Html:
    """Render the options as HTML. Options that the answers rule out are turned off."""

    def __init__(self, chooser: Chooser, answers: set[str]) -> None:
        self.chooser = chooser
        self.answers = answers

    def option(self, option: Option) -> Markup:
        """Return an option with its reasons, warnings, files and links."""
        verb = "Use" if option.is_pattern else "Add"
        return Markup(
            '<section class="{}" data-option="{}" data-short="{}"{}><h2><small>{}</small> {}</h2>'
            '<p>{}</p><p class="when">{} this {}.</p><ul>{}</ul>{}</section>'
        ).format(
            _kind(option),
            option.name,
            option.short,
            self._rule(option.when),
            verb,
            option.title,
            _inline(option.text),
            verb,
            self.chooser.condition(option.when),
            join(self._reason(reason) for reason in option.reasons),
            files_and_links(option),
        )

    def _reason(self, reason: Reason) -> Markup:
        return Markup("<li{}{}>{}{}{}{}</li>").format(
            Markup(' class="watch"') if reason.watch else "",
            self._rule(reason.when),
            Markup("<i>Note</i> ") if reason.watch else "",
            self._because(reason.when),
            _inline(reason.text),
            join(Markup(" {}").format(_proof(name)) for name in reason.claims),
        )

    def _rule(self, rule: str) -> Markup:
        """Return the attributes with a rule, which hide the element if the rule does not match."""
        if not rule:
            return Markup()
        hidden = "" if rule_matches(rule, self.answers) else " data-off"
        return Markup(' data-when="{}"{}').format(rule, hidden)

    def _because(self, rule: str) -> Markup:
        """Return the first answer in a rule in bold, as the cause of a reason."""
        names = [term for term in re.findall("[^ ,]+", rule) if term[0] != "!"]
        return Markup("<b>{}:</b> ").format(self.chooser.label(names[0])) if names else Markup()


def _question(question: Question) -> Markup:
    first = question.answers[0]
    answers = (
        Markup('<label><input type="radio" name="{}" value="{}"{}><span>{}</span></label>').format(
            question.name, answer.name, " checked" if answer is first else "", answer.label
        )
        for answer in question.answers
    )
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(question.text, join(answers))


def _kind(option: Option) -> Literal["pattern", "replaces", "adds"]:
    """Return whether an option is a pattern, replaces its Dockerfile, or adds to it."""
    if option.is_pattern:
        return "pattern"
    return "replaces" if option.files and option.files[0].endswith("Dockerfile") else "adds"


# The text of the link to the page of an option.
_LINKS = {
    "pattern": "Open the Dockerfile",
    "replaces": "Open this Dockerfile",
    "adds": "See how",
}


def files_and_links(option: Option) -> Markup:
    """Return the files to copy, and links to their explanation, tests and download."""
    explained = _LINKS[_kind(option)]
    links = [
        Markup('<a class="md-button" href="{}">{}</a>').format(_address(option.page), explained),
        Markup('<a href="{}">How it is tested</a>').format(_address(option.proofs)),
    ]
    names = Markup()
    if option.files:
        links.insert(
            1,
            Markup('<a href="{}" download>Download the example</a>').format(_download(option)),
        )
        names = Markup('<p class="files">{}: {}</p>').format(
            "Use this Dockerfile instead" if _kind(option) == "replaces" else "Files to copy",
            join(map(code, option.files), " "),
        )
    return Markup('{}<p class="more">{}</p>').format(names, join(links, " "))


def _download(option: Option) -> str:
    """Return the URL of the zip with the files. Raises Problem if the zip lacks one of them."""
    example = find_example(option.example)
    missing = {*option.files} - {path.as_posix() for path in example.files}
    if missing:
        raise Problem(
            f"{CHOOSER_FILE.name} names files that {example.name} does not have: "
            f"{', '.join(sorted(missing))}."
        )
    return _address(f"downloads/{example.folder.name}.zip")


def _proof(name: str) -> Markup:
    claims.claim_recording(name)
    return proof_link(name, claims.claim(name).sentence, _address("reference/tested-statements/"))


def _inline(text: str) -> Markup:
    """Return Markdown with macros as HTML. Supports code and links."""
    with_figures = _TEMPLATES.from_string(text).render(_MACROS)
    link = rf'<a href="{_address("")}\2">\1</a>'
    return substitute(r"\[([^]]+)\]\(([^)]+)\)", link, inline_code(with_figures))


def _address(path: str) -> str:
    """Return a path relative to the pages that show the chooser or its options."""
    return f"../{path}"

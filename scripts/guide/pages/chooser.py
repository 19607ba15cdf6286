"""The chooser: six questions, the Dockerfile that follows from the answers, and why.

The page shows all of it as HTML, which can be read without a script. pattern-chooser.js takes the
rules from there, and hides what does not follow from the answers.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field

from guide import Problem
from guide.content import claims
from guide.content.examples import example as find_example
from guide.pages.benchmarks import median_seconds
from guide.pages.builds import build_seconds
from guide.pages.images import stage_megabytes
from guide.pages.markup import code, inline_code, join, proof_link, substitute
from guide.pages.registry import macro

CHOOSER_FILE = Path(__file__).with_name("chooser.toml")

# The macros that texts can call.
_MACROS = {
    "seconds": build_seconds,
    "stage_megabytes": stage_megabytes,
    "timed": median_seconds,
}
_TEMPLATES = Environment(
    variable_start_string="[[[", variable_end_string="]]]", undefined=StrictUndefined
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Model):
    """One answer. `because` is its label in a reason, where the question is out of sight.

    The name is in the URL unless the answer is the first of its question.
    """

    name: str
    label: str
    because: str


class Question(_Model):
    """A question. Its first answer is taken unless another one is given."""

    name: str
    text: str
    answers: tuple[Answer, ...]


class Point(_Model):
    """A reason, or a warning. Without a rule in `when`, it always applies."""

    text: str
    when: str = ""
    claims: tuple[str, ...] = ()
    watch: bool = False


class Option(_Model):
    """Something to take: a pattern, or an addition to one. `example` has the `files`."""

    name: str
    short: str
    title: str
    when: str
    text: str
    page: str
    proofs: str
    points: tuple[Point, ...]
    example: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_pattern(self) -> bool:
        """Whether it is a pattern and not an addition."""
        return len(self.name) == 1


class Chooser(_Model):
    """The questions, and everything that can be recommended: patterns first, then additions."""

    questions: Annotated[tuple[Question, ...], Field(max_length=6)]
    options: tuple[Option, ...]

    def complete(self, names: set[str]) -> set[str]:
        """Return the named answers, and the first one of each question that has none of them."""
        answers: set[str] = set()
        for question in self.questions:
            own = [answer.name for answer in question.answers]
            answers |= names & {*own} or {own[0]}
        return answers

    def recommend(self, answers: set[str]) -> list[Option]:
        """Return the options to take. `answers` has one for each question."""
        return [option for option in self.options if holds(option.when, answers)]

    def label(self, name: str) -> str:
        """Return the label of an answer in a reason."""
        answers = (answer for question in self.questions for answer in question.answers)
        return next(answer.because for answer in answers if answer.name == name)


def read_chooser() -> Chooser:
    """Read chooser.toml. Raises Problem if something in it is missing or unknown."""
    try:
        return Chooser.model_validate(tomllib.loads(CHOOSER_FILE.read_text()))
    except ValueError as error:
        raise Problem(f"{CHOOSER_FILE.name} is not valid: {' '.join(str(error).split())}") from None


def holds(rule: str, answers: set[str]) -> bool:
    """Return whether a rule holds for the answers."""
    return any(
        all(
            (term[1:] not in answers) if term[0] == "!" else (term in answers)
            for term in alternative.split()
        )
        for alternative in rule.split(",")
    )


def sentence(shorts: list[str]) -> str:
    """Return the recommendation on one line."""
    first, *others = shorts
    if not others:
        return first
    *some, last = others
    return f"{first} with {', '.join(some)}{' and ' if some else ''}{last}"


@macro
def pattern_chooser() -> Markup:
    """Return the questions, and everything that can be recommended, for the script to narrow."""
    chooser = read_chooser()
    html = _Html(chooser, chooser.complete(set()))
    recommended = sentence([option.short for option in chooser.recommend(html.answers)])
    return Markup(
        '<div><pattern-chooser><form autocomplete="off">{}'
        '<p class="tools"><button type="reset">Start over</button>'
        '<button type="button" name="copy">Copy link to this answer</button></p></form>'
        '<p class="answer"><output>{}</output>'
        '<button type="button" name="why">See why</button></p>'
        '<div class="options">{}</div></pattern-chooser></div>'
    ).format(
        join(_question(question) for question in chooser.questions),
        recommended,
        join(html.option(option) for option in chooser.options),
    )


class _Html:
    """The options as HTML, of which those are switched off that do not follow from the answers."""

    def __init__(self, chooser: Chooser, answers: set[str]) -> None:
        self.chooser = chooser
        self.answers = answers

    def option(self, option: Option) -> Markup:
        """Return an option with its reasons, warnings, files and links."""
        return Markup(
            '<section data-option="{}" data-short="{}"{}><h2><small>{}</small> {}</h2>'
            '<p>{}</p><p class="when">When: {}.</p><ul>{}</ul>{}</section>'
        ).format(
            option.name,
            option.short,
            self._rule(option.when),
            "Take" if option.is_pattern else "Add",
            option.title,
            _inline(option.text),
            self._in_words(option.when),
            join(self._point(point) for point in option.points),
            _files_and_links(option),
        )

    def _point(self, point: Point) -> Markup:
        return Markup("<li{}{}>{}{}{}{}</li>").format(
            Markup(' class="watch"') if point.watch else "",
            self._rule(point.when),
            Markup("<i>Watch</i> ") if point.watch else "",
            self._because(point.when),
            _inline(point.text),
            join(Markup(" {}").format(_proof(name)) for name in point.claims),
        )

    def _rule(self, rule: str) -> Markup:
        """Return the attributes with a rule, and whether it is off while nothing is answered."""
        if not rule:
            return Markup()
        off = "" if holds(rule, self.answers) else " data-off"
        return Markup(' data-when="{}"{}').format(rule, off)

    def _because(self, rule: str) -> Markup:
        """Return the first answer in a rule, in bold: the cause of a reason."""
        names = [term for term in re.findall("[^ ,]+", rule) if term[0] != "!"]
        return Markup("<b>{}:</b> ").format(self.chooser.label(names[0])) if names else Markup()

    def _in_words(self, rule: str) -> str:
        """Return a rule in words, for readers without a script."""
        alternatives = []
        for alternative in rule.split(","):
            terms = sorted(alternative.split(), key=lambda term: term[0] == "!")
            alternatives.append(", ".join(self._term_in_words(term) for term in terms))
        return "; or ".join(alternatives)

    def _term_in_words(self, term: str) -> str:
        prefix = "not " if term[0] == "!" else ""
        return f"{prefix}“{self.chooser.label(term.removeprefix('!'))}”"


def _question(question: Question) -> Markup:
    first = question.answers[0]
    answers = (
        Markup('<label><input type="radio" name="{}" value="{}"{}><span>{}</span></label>').format(
            question.name, answer.name, " checked" if answer is first else "", answer.label
        )
        for answer in question.answers
    )
    return Markup("<fieldset><legend>{}</legend>{}</fieldset>").format(question.text, join(answers))


def _files_and_links(option: Option) -> Markup:
    """Return the files to take, and where they are explained, proven and downloaded."""
    explained = "Open the Dockerfile" if option.is_pattern else "How it is done"
    links = [
        Markup('<a class="md-button" href="{}">{}</a>').format(_address(option.page), explained),
        Markup('<a href="{}">Proofs</a>').format(_address(option.proofs)),
    ]
    names = Markup()
    if option.files:
        links.insert(
            1,
            Markup('<a href="{}" download>Download the example</a>').format(_download(option)),
        )
        replaces = not option.is_pattern and option.files[0].endswith("Dockerfile")
        names = Markup('<p class="files">{}: {}</p>').format(
            "The Dockerfile to take instead" if replaces else "Files to take",
            join(map(code, option.files), " "),
        )
    return Markup('{}<p class="more">{}</p>').format(names, join(links, " "))


def _download(option: Option) -> str:
    """Return the address of the zip with the files. Raises Problem if one is not in it."""
    example = find_example(option.example)
    missing = {*option.files} - {path.as_posix() for path in example.files}
    if missing:
        raise Problem(f"{example.name} has no {', '.join(sorted(missing))}.")
    return _address(f"downloads/{example.folder.name}.zip")


def _proof(name: str) -> Markup:
    claims.claim_recording(name)
    return proof_link(name, claims.claim(name).sentence, _address("reference/claims/"))


def _inline(text: str) -> Markup:
    """Return a text as HTML, with figures, code and links."""
    with_figures = _TEMPLATES.from_string(text).render(_MACROS)
    link = rf'<a href="{_address("")}\2">\1</a>'
    return substitute(r"\[([^]]+)\]\(([^)]+)\)", link, inline_code(with_figures))


def _address(path: str) -> str:
    """Return a path relative to the page of the chooser, the only page that has it."""
    return f"../{path}"

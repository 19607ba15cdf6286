"""A figure or chart shows what the sentence or heading around it says.

The words nearest to a figure that name a change, such as "after you edit a view", have to name the
change of the figure. The same is true for what was timed, such as a job on a fresh CI runner, and
for the service.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from guide.content.contenders import contender
from guide.content.edits import CODE_FIRST
from guide.pages.goals import find_goal
from page_sources import FENCE, PAGES, Call, calls_in, marked

# The words for a change and for what was timed. No words are needed for ordinary builds.
CHANGES = {
    "view": r"edit(ed|ing)? (a|one|the) view|code (edit|change)|same edit",
    "template": r"edit(ed|ing)? a template|edit a page",
    "dependency": r"add(ed|ing)? (a|another|one|a single) (package|dependency)",
    "other-dependency": r"add(ed|ing)? a package to (one|another) service",
    "shared": r"edit(ed|ing)? the shared package",
    "version": r"bump|project's version",
    "cold": r"first build|without a cache|nothing cached",
    "ruff": r"linter setting",
    "uv": r"version of uv|uv version",
    "touch": r"`touch`",
    "readme": r"edit the README",
    "start": r"first page|start-up time",
    "command": r"lint job|linter in a CI job|nothing to install|already installed",
}
KINDS = {
    "runner": r"runner",
    "line": r"slow network",
    "start": r"first page|start-up time",
    "lint": r"lint job|linter in a CI job",
    "sync": r"nothing to install|already installed",
}
# The words for a build without any of these, in a sentence that also names one.
FAST_NETWORK = "fast network that we used for the other builds"
SERVICES = {"shop": r"\bshop\b", "status": r"status page|pattern A\b"}


@dataclass(frozen=True)
class Figure:
    """What a figure or chart shows: the change before a build, what was timed, and the service."""

    change: str
    kind: str
    service: str


def timed(name: str, change: str, of: str = "builds") -> Figure:
    has_service = name and of not in {"lint", "sync"}
    return Figure(change, of, contender(name).service if has_service else "")


def chart(change: str, *names: str, against: str = "", of: str = "builds") -> Figure:
    return timed(names[0] if names else against, change, of)


def build(_example: str, edit: str) -> Figure:
    return Figure("view" if edit == CODE_FIRST else edit, "builds", "")


FIGURES = {
    "chart": chart,
    "timed": timed,
    "outside_steps": timed,
    **dict.fromkeys(("seconds", "step_count", "prepared", "steps"), build),
    "order_or_tool": lambda change: Figure(change, "builds", "shop"),
    "line_rate": lambda: "slow",
    "missed": lambda name: find_goal(name).text,
}


@dataclass(frozen=True)
class Context:
    """A sentence, or a row of a table, with the texts before it. The nearest text is the first.

    `before` are the sentences before it in the same paragraph, and the paragraphs under the same
    heading.
    """

    sentence: str
    before: list[str]
    headings: list[str]

    @property
    def nearest_first(self) -> list[str]:
        return [self.sentence, *self.before, *self.headings]


def contexts(text: str) -> Iterator[tuple[list[Call], Context]]:
    """Yield the figures of each sentence and row of a page, with their contexts."""
    marks, calls = marked(FENCE.sub("", text), FIGURES)
    headings: list[str] = []
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) )", marks):
        words = re.sub(r"\]\([^)]*\)|\{ #.*?\}", "", " ".join(block.split()))
        if heading := re.match(r"#+ ", words):
            above = [each for each in headings if each.index(" ") < heading.end() - 1]
            headings, paragraphs = [words, *above], []
        elif words.startswith("|"):
            yield calls_in(words, calls), Context(words, [], headings)
        else:
            sentences = re.split(r"(?<=[.!?])[\"*)\]]*\s+", words)
            for number, sentence in enumerate(sentences):
                before = [*reversed(sentences[:number]), *paragraphs]
                yield calls_in(sentence, calls), Context(sentence, before, headings)
            paragraphs = [words, *paragraphs]


def named(texts: list[str], patterns: dict[str, str]) -> set[str]:
    """Return the keys of the patterns that match in the first text in which any of them does."""
    for text in texts:
        if keys := {key for key, each in patterns.items() if re.search(each, text, re.IGNORECASE)}:
            return keys
    return set()


def wrong_figures(text: str) -> list[str]:
    """Return the figures of a page that show something else than the words around them say."""
    wrong = []
    for calls, context in contexts(text):
        changes, services, kinds = (
            named(context.nearest_first, words) for words in (CHANGES, SERVICES, KINDS)
        )
        not_builds = named([context.sentence, *context.headings], KINDS)
        if FAST_NETWORK in context.sentence:
            not_builds = set()
        for call in calls:
            figure = call.result
            if figure.change not in changes:
                wrong.append(f"{call}: the words around it name {changes or 'no change'}")
            if figure.service and services and figure.service not in services:
                wrong.append(f"{call}: the words around it name {services}")
            if figure.kind in KINDS and figure.kind not in kinds:
                wrong.append(f"{call}: the words around it name {kinds or 'only builds'}")
            if figure.kind not in KINDS and not_builds:
                wrong.append(f"{call}: the words around it name {not_builds}")
    return wrong


@pytest.mark.parametrize("page", PAGES)
def test_a_figure_shows_what_the_words_around_it_say(page):
    wrong = wrong_figures(PAGES[page])
    assert not wrong, "\n".join(f"docs/{page}: {each}" for each in wrong)


VIEW, COLD = '[[[ timed("pattern-a", "view") ]]]', '[[[ timed("pattern-a", "cold") ]]]'
SHOP = '[[[ timed("shop-poetry", "view") ]]]'
RUNNER = '[[[ timed("pattern-a", "view", of="runner") ]]]'
CHART = '[[[ chart("view", "pattern-a") ]]]'
CHART_OF_RUNNER = '[[[ chart("view", "pattern-a", of="runner") ]]]'


@pytest.mark.parametrize(
    "text",
    [
        f"# Builds\n\nThis takes {VIEW}.",
        f"After you edit a view, this takes {COLD}.",
        f"The first build is slow. It takes {VIEW}.",
        f"## The first build\n\n{CHART}",
        f"## On a fresh CI runner\n\nAfter you edit a view:\n\n{CHART}",
        f"## After you edit a view\n\n{CHART_OF_RUNNER}",
        f"After you edit a view, a fresh CI runner builds in {VIEW}.",
        f"After you edit a view, a fresh runner builds Pattern A in {VIEW} or {RUNNER}.",
        f"After you edit a view, the status page builds in {SHOP}.",
        f"| The first build | {VIEW} |",
    ],
)
def test_a_figure_that_shows_something_else_is_noticed(text):
    assert len(wrong_figures(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"After you edit a view, a fresh runner builds Pattern A in {RUNNER}.",
        f"After you edit a view: {RUNNER} on a runner, and {VIEW} on the {FAST_NETWORK}",
        f"The first build takes {COLD}. After you edit a view, a build takes {VIEW}.",
        f"## On a fresh CI runner\n\nAfter you edit a view:\n\n{CHART_OF_RUNNER}",
        f"| After you edit a view | {VIEW} |\n| The first build | {COLD} |",
    ],
)
def test_a_figure_that_shows_what_the_words_say_is_right(text):
    assert wrong_figures(text) == []

"""Each section of a page names the recordings of the figures that it prints, and no others."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from assertions import nonempty
from guide.content import recordings
from guide.content.recording_types import Recording
from guide.pages import downloads
from guide.pages.registry import MACROS
from page_sources import INTRODUCTION, PAGES, calls_in, marked, sections

# Macros that read a recording without printing a figure from it, with the reasons.
NOT_FIGURES = {
    "command": "prints a command of a README, which the page also links to",
    "command_count": "counts the rows of a page that the sentence links to",
    "since": "is about a claim that the same section shows, as a test below makes sure",
    "line_has_delay": "decides whether a sentence is shown",
    "if_stand_in": "decides whether a text is shown",
    "recorded": "names recordings",
    "provenance_list": "lists every recording",
    "hosted_comparison": "links each figure to its recording",
}
# Claims and answers name their own recordings, and link to the page with the releases of uv.
CLAIMS = {"claim", "mark", "all_claims", "error_answers"}
# Macros that read more recordings than those of their figures. The functions return the latter.
FIGURES_OF: dict[str, Callable[..., set[str]]] = {
    # It also names and labels the other builds, which a reader can choose.
    "layer_explorer": lambda example, _edit, *against: {
        f"layers/{name}" for name in (example, *against)
    },
    # It also reads the commands of the CI jobs, for the buttons of its form.
    "what_installs": lambda example, *_packages: {f"sets/{example}"},
}
LINK = re.compile(r"/data/((?!claims/)[\w/-]+)\.json")
Macros = dict[str, Callable[..., object]]


@dataclass(frozen=True)
class Shown:
    """The recordings that a macro reads, those that it prints figures of, and those it names."""

    read: frozenset[str]
    printed: frozenset[str]
    named: frozenset[str]


@pytest.fixture(scope="module")
def macros() -> Iterator[Macros]:
    """The macros of pages, which return what they show of recordings.

    A recording is read only once, and no zip has to exist.
    """
    read: set[str] = set()
    contents: dict[str, Recording] = {}
    original = recordings.read

    def spy(name: str, kind: type) -> Recording:
        if not name.startswith("claims/"):
            read.add(name)
        if name not in contents:
            contents[name] = original(name, kind)
        return contents[name]

    def shown(name: str, *arguments: object, **options: object) -> Shown:
        read.clear()
        named = frozenset(LINK.findall(str(MACROS[name](*arguments, **options))))
        printed = FIGURES_OF[name](*arguments, **options) if name in FIGURES_OF else read
        return Shown(frozenset(read), frozenset(() if name in NOT_FIGURES else printed), named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recordings, "read", spy)
        patch.setattr(downloads, "path", lambda _example: recordings.DATA / "site.json")
        yield {name: partial(shown, name) for name in MACROS if name not in CLAIMS}


def mistakes(text: str, macros: Macros) -> list[str]:
    """Return the recordings that sections print figures of but do not name, and the reverse.

    A section without a line of its own may print figures of the recordings that the introduction
    of the page names.
    """
    marks, calls = marked(text, macros)
    wrong = []
    for_the_page: set[str] = set()
    covered: set[str] = set()
    for heading, section in sections(marks):
        here = calls_in(section, calls)
        named = {name for call in here for name in call.result.named}
        if heading == INTRODUCTION:
            for_the_page = named
        has_line = named and heading != INTRODUCTION
        for call in here:
            wrong += [
                f"{heading}: {call} prints a figure of {name!r}, but not recorded({name!r})"
                for name in sorted(call.result.printed - (named if has_line else for_the_page))
            ]
        # `recorded` itself reads what it names.
        read = {name for call in here if call.macro != "recorded" for name in call.result.read}
        if has_line:
            wrong += [not_printed(heading, name) for name in sorted(named - read)]
        else:
            covered |= read
    return wrong + [not_printed(INTRODUCTION, name) for name in sorted(for_the_page - covered)]


def not_printed(heading: str, name: str) -> str:
    return f"{heading}: recorded({name!r}) names a recording of which no figure is printed"


@pytest.mark.parametrize("page", PAGES)
def test_a_section_names_the_recordings_of_its_figures(page, macros):
    wrong = mistakes(PAGES[page], macros)
    assert not wrong, "\n".join(f"docs/{page}: {each}" for each in wrong)


A, B = '[[[ seconds("pattern-a-single-stage", "view") ]]]', '[[[ seconds("lock-stage", "view") ]]]'
LINE_A = '[[[ recorded("layers/pattern-a-single-stage") ]]]'
LINE_B = '[[[ recorded("layers/lock-stage") ]]]'
BUILDS = '[[[ chart("view", "pattern-a") ]]]'


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (f"# A\n\n{A}", "introduction: seconds('pattern-a-single-stage', 'view') prints"),
        (f"# A\n\n## B\n\n{A}\n\n## C\n\n{A}\n\n{LINE_A}", "B: seconds("),
        (f"# A\n\n## B\n\n{A} {B}\n\n{LINE_A}", "B: seconds('lock-stage', 'view') prints"),
        (f"# A\n\n{LINE_A}\n\n## B\n\n{A} {B}", "B: seconds('lock-stage', 'view') prints"),
        (f"# A\n\n{A}\n\n{LINE_A}\n\n## B\n\n{A} {B}\n\n{LINE_B}", "B: seconds('pattern-a-single"),
        (f"# A\n\n## B\n\n{A}\n\n{LINE_A} {LINE_B}", "B: recorded('layers/lock-stage') names"),
        (f"# A\n\n{LINE_A}\n\nText.", "introduction: recorded('layers/pattern-a-single-stage')"),
        (f'## B\n\n{BUILDS}\n\n[[[ recorded("bench-runner") ]]]', "B: chart('view', 'pattern-a')"),
        ('## B\n\n[[[ download("lock-stage") ]]]' + B, "B: seconds('lock-stage', 'view') prints"),
    ],
)
def test_a_section_that_names_another_recording_is_noticed(text, wrong, macros):
    first, *_ = nonempty(mistakes(text, macros))
    assert first.startswith(wrong)


def test_the_first_release_of_a_claim_stands_beside_the_claim():
    names = dict.fromkeys(("since", "mark", "claim"), lambda *names: {*names})
    for page, text in PAGES.items():
        marks, calls = marked(text, names)
        for heading, section in sections(marks):
            here = calls_in(section, calls)
            since, claims = (
                {
                    name
                    for call in here
                    if (call.macro == "since") is is_since
                    for name in call.result
                }
                for is_since in (True, False)
            )
            assert since <= claims, f"docs/{page}, {heading}: show the claims {since - claims}"

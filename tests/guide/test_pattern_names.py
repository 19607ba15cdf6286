"""A figure that carries a pattern's name was measured on the Dockerfile that its page shows."""

import re
import tomllib
from dataclasses import dataclass

import pytest

from assertions import nonempty
from guide.content import recordings
from guide.content.contenders import contender, contenders, dockerfile_digest
from guide.content.edits import CODE_FIRST, code_first
from guide.content.examples import EXAMPLES, example
from guide.content.recording_types import BENCH_FILES
from guide.pages.chooser import CHOOSER_FILE
from guide.pages.titles import EXAMPLE_TITLES
from guide.site.hooks import MACROS
from page_sources import DOCS, PAGES, marked, strings

NAME = re.compile(r"\bPatterns? (?:([ABC])(?: (?:to|and|or) ([ABC]))?)\b")


def published() -> dict[str, str]:
    """Return the text of the Dockerfile that the page of each pattern shows, keyed by letter."""
    texts = {}
    for page in (DOCS / "patterns").glob("pattern-?.md"):
        (file,) = re.findall(r'--8<-- "([\w-]+/Dockerfile)"', page.read_text())
        texts[page.stem[-1].upper()] = (EXAMPLES / file).read_text()
    return texts


PUBLISHED = published()


def named_patterns(text: str) -> set[str]:
    return {letter for match in NAME.finditer(text) for letter in match.groups() if letter}


# --- the titles of rows and columns ---


def recorded_rows() -> list[dict]:
    files = [recordings.bench(name) for name in ("bench", *sorted(BENCH_FILES))]
    lists = [rows for file in files for rows in file.values() if isinstance(rows, list)]
    return [row for rows in lists for row in rows if "dockerfile" in row]


def misnamed(titles: list[tuple[str, str]]) -> list[str]:
    """Return the titles that name a pattern whose page shows another Dockerfile."""
    digests = {letter: dockerfile_digest(text) for letter, text in PUBLISHED.items()}
    return [
        title
        for title, digest in nonempty(titles)
        if any(digests[letter] != digest for letter in named_patterns(title))
    ]


def test_a_recorded_title_names_the_pattern_whose_page_shows_the_dockerfile():
    rows = recorded_rows()
    assert misnamed([(row["title"], row["dockerfile"]) for row in rows]) == []
    # The rows of charts and tables have the recorded titles.
    assert any(named_patterns(row["title"]) for row in rows)


def test_a_contender_or_example_is_named_after_the_pattern_whose_page_shows_it():
    titles = [(each.title, each.digest) for each in contenders()]
    titles += [
        (title, dockerfile_digest(example(name).dockerfile_text))
        for name, title in EXAMPLE_TITLES.items()
    ]
    assert misnamed(titles) == []


def test_another_dockerfile_under_the_name_of_a_pattern_is_noticed():
    shop = contender("shop-single-stage").digest
    titles = ["Pattern A", "Pattern A, not compiling", "Patterns A and B", "uv, single stage"]
    assert misnamed([(title, shop) for title in titles]) == titles[:3]
    assert misnamed([("Pattern A", contender("pattern-a").digest)]) == []


# --- sentences ---


@dataclass(frozen=True)
class Figure:
    """A figure on a page: its macro call, its Dockerfile, and words that name that Dockerfile."""

    call: str
    text: str
    words: str


# Words that name the Dockerfile of an example or contender that no pattern page shows.
WORDS = {
    "poetry": "Poetry",
    "pip": r"\bpip\b",
    "lock-stage": "lock stage|export stage",
    "kept": "kept|keeps|venv",
    "shop": "shop",
    "floor": "[Cc]opying the code",
    "--apt": "library",
    "groups": "booking|[Dd]ependency groups",
    "after-uv": "shop",
    CODE_FIRST: r"code[\w ]* (first|before)|copy(ing)? the code (first|before)|swapped",
}


def words_for(name: str) -> str:
    return "|".join(words for part, words in WORDS.items() if part in name) or r"(?!)"


def of_contender(name: str, change: str, of: str = "builds") -> Figure | None:
    if of in {"lint", "sync"}:
        return None
    return Figure(f"{name} {change}", contender(name).text, words_for(name))


def of_example(name: str, edit: str = "") -> Figure:
    text = example(name).dockerfile_text
    if edit == CODE_FIRST:
        return Figure(f"{name} {edit}", code_first(text), words_for(edit))
    return Figure(f"{name} {edit}", text, words_for(name))


# The macros that print a figure of one contender or example.
FIGURES = {
    "timed": of_contender,
    "outside_steps": of_contender,
    "seconds": of_example,
    "how_timed": lambda name: of_example(name, "cold"),
    "step_count": of_example,
    "prepared": of_example,
    "added_megabytes": of_example,
    "stage_megabytes": lambda name, _stage: of_example(name),
    "stage_adds_megabytes": lambda name, _stage: of_example(name),
    "uv_megabytes": of_example,
    "pushed": of_example,
}


def with_marks(text: str) -> tuple[str, list[Figure]]:
    """Return the text of a page with a mark for each figure, such as ⟦0⟧, and the figures."""
    marks, calls = marked(text, FIGURES)
    return marks, [call.result for call in calls]


def sentences(text: str) -> list[str]:
    """Return the sentences of a page. A heading, a list item and a row of a table end at a line."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\.) )", text)
    return [
        " ".join(sentence.split())
        for block in blocks
        for sentence in re.split(r'(?<=[.!?])["*)\]]*\s+', block)
    ]


def wrong_figures(text: str, page: str = "") -> list[str]:
    """Return the sentences that name a pattern beside a figure of another Dockerfile.

    On the page of a pattern, that pattern is meant in every sentence. A figure of another
    Dockerfile is right if the sentence names that Dockerfile, and does not name a pattern without
    a figure of its own.
    """
    marked, figures = with_marks(text)
    wrong = []
    for sentence in sentences(marked):
        here = [figures[int(number)] for number in re.findall(r"⟦(\d+)⟧", sentence)]
        names = named_patterns(sentence)
        meant = {PUBLISHED[letter] for letter in names or {*page}}
        if not here or not meant:
            continue
        is_named = all(each.text in meant or re.search(each.words, sentence) for each in here)
        own = {each.text for each in here}
        if not is_named or any(PUBLISHED[letter] not in own for letter in names):
            wrong.append(f"{sentence} [{', '.join(each.call for each in here)}]")
    return wrong


def pattern_of(page: str) -> str:
    match = re.fullmatch(r"patterns/pattern-([abc])\.md", page)
    return match[1].upper() if match else ""


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_names_a_pattern_beside_a_figure_of_another_file(page):
    assert wrong_figures(PAGES[page], pattern_of(page)) == []


def test_the_chooser_names_no_pattern_beside_a_figure_of_another_file():
    for option in nonempty(tomllib.loads(CHOOSER_FILE.read_text())["options"]):
        letters = named_patterns(option["short"])
        assert len(letters) <= 1
        for text in strings(option):
            assert wrong_figures(text, "".join(letters)) == []


A, SHOP = '[[[ timed("pattern-a", "view") ]]]', '[[[ timed("shop-single-stage", "view") ]]]'
POETRY = '[[[ timed("shop-poetry", "view") ]]]'
EXAMPLE_A = '[[[ seconds("pattern-a-single-stage", "view") ]]]'
CODE_FIRST_A = '[[[ seconds("pattern-a-single-stage", "view-code-first") ]]]'


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (f"Pattern A: {SHOP}", ""),
        (f"After you edit a view, [Pattern A](a.md) takes {SHOP}.", ""),
        (f"On the shop, Pattern A takes {SHOP}.", ""),
        (f"Pattern A takes {SHOP} and not {POETRY} with Poetry.", ""),
        (f"Pattern B takes {A}.", ""),
        (f"# Pattern A\n\nPattern A rebuilds\nin {CODE_FIRST_A}.", ""),
        (f"The image rebuilds in {SHOP}.", "A"),
        (f"| Pattern A | {SHOP} |\n| Poetry | {POETRY} |", ""),
    ],
)
def test_a_figure_of_another_file_is_noticed(text, page):
    assert len(wrong_figures(text, page)) == 1


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (f"Pattern A: {A}", ""),
        (f"Pattern A is fast. The shop takes {SHOP}.", ""),
        (f"Pattern A takes {A} instead of {POETRY} with Poetry.", ""),
        (f"The image rebuilds in {EXAMPLE_A}. With the code copied first: {CODE_FIRST_A}.", "A"),
        (f"- Pattern A\n- The shop: {SHOP}", ""),
    ],
)
def test_a_figure_of_the_same_file_is_right(text, page):
    assert wrong_figures(text, page) == []


def test_every_macro_that_prints_a_figure_of_a_dockerfile_is_known():
    """The other macros print no figure, or tables whose columns have the titles of examples."""
    others = {"chart", "steps", "layer_explorer", "changes", "download", "part"}
    others |= {"transcript", "command", "trap_output", "package_names", "package_count", "has"}
    others |= {"installs", "what_installs", "installed_after", "set_count"}
    others |= {"dockerfile_without_comments", "bench_rounds", "without_it"}
    modules = {"guide.pages.benchmarks", "guide.pages.builds", "guide.pages.images"}
    figures = {
        name
        for name, function in MACROS.items()
        if "example" in (names := function.__code__.co_varnames[: function.__code__.co_argcount])
        or ("name" in names and function.__module__ in modules)
    }
    assert figures - others == FIGURES.keys()

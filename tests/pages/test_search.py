"""The search finds the right pages in the browser."""

import gzip

import pytest

from assertions import nonempty
from guide import ROOT
from guide.machine import node
from search_queries import QUERIES

NOTHING = "No matching documents"
# Material replaces the whole list at once, so the results are complete when this marker is gone.
MARK = """() => document.querySelector(".md-search-result__list")
    .replaceChildren(Object.assign(document.createElement("li"), { id: "before" }))"""
FOUND = """() => document.querySelector("#before") ? null
    : [...document.querySelectorAll(".md-search-result__item")]
        .map(page => new URL(page.querySelector("a").href).pathname)"""


@pytest.fixture
def search(open_page):
    """A function that types a query into the search field and returns the paths of the results."""
    page = open_page("/")
    field = page.get_by_role("textbox", name="Search")

    def search(words: str) -> list[str]:
        page.evaluate(MARK)
        field.select_text()
        # Material searches when a key is released, so only the last character is typed as a key.
        page.keyboard.insert_text(words[:-1])
        page.keyboard.type(words[-1])
        return page.wait_for_function(FOUND).json_value()

    field.click()
    # Material also shows results for an empty field, but only once the index is loaded.
    page.keyboard.type("qqqqqq")
    page.get_by_text(NOTHING).wait_for()
    search.page = page
    return search


def test_what_people_type_finds_its_page_among_the_first_three(search, pages):
    missed = {}
    for words, wanted in QUERIES.items():
        assert wanted in pages
        results = search(words)[:3]
        if wanted not in results:
            missed[words] = results
    assert missed == {}
    assert search.page.errors == []


def test_words_that_are_nowhere_find_nothing(search):
    assert search("zzzzzz") == []
    assert search.page.locator(".md-search-result__meta").inner_text() == NOTHING


def test_results_are_text_and_no_marks(search):
    search("--locked")
    for excerpt in nonempty(search.page.locator(".md-search-result__article").all_inner_texts()):
        assert "tested" not in excerpt
        assert "Tested on" not in excerpt


def test_the_index_is_small(built):
    index = (built / "search/search_index.json").read_bytes()
    assert len(gzip.compress(index)) < 180_000


def queries(*typed: str) -> list[str]:
    """Return the queries that the search runs for the typed texts."""
    module = ROOT / "docs/assets/js/search.js"
    return node.call(module, "(typed) => typed.map(module.asQuery)", typed)


def test_a_query_is_the_words_that_were_typed():
    assert queries("--no-dev", "uv.lock", "UV_NO_DEV", "by", "") == [
        "dev^3 dev",
        "uv.lock^3 uv.lock uv.lock~1",
        "uv_no_dev^3 uv_no_dev uv_no_dev~1",
        "by^3 by",
        "",
    ]
    [query] = queries('error: "x" of `y` ~1 ^2 +a -b *')
    assert query == "error^3 error x^3 x y^3 y 1^3 1 2^3 2 b^3 b"

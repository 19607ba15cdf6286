"""Read built pages, and test the Python-Markdown extensions that change them."""

import markdown
import pytest
from bs4 import BeautifulSoup

from guide import Problem
from guide.site import parsing


def html(text: str) -> str:
    extensions = ["tables", "attr_list", "guide.site.tables", "guide.site.whole_words"]
    return markdown.markdown(text, extensions=extensions)


def test_a_table_gets_a_box_that_scrolls() -> None:
    soup = BeautifulSoup(html("| a | b |\n|---|---|\n| c | d |\n\nText."), "html.parser")
    table = parsing.element(soup, "div.scroll > table.plain")
    assert table.get_text().split() == ["a", "b", "c", "d"]
    assert parsing.classes(table) == {"plain"}


def test_a_table_of_the_reference_stacks_on_a_phone() -> None:
    soup = BeautifulSoup(html("| a | b |\n|---|---|\n| c | d { .since } |\n"), "html.parser")
    assert parsing.classes(parsing.element(soup, "table")) == {"plain", "stacked"}


def test_a_table_of_recommendations_stacks_on_a_phone() -> None:
    soup = BeautifulSoup(
        html("| Setting | Recommendation |\n|---|---|\n| c | d |\n"), "html.parser"
    )
    assert parsing.classes(parsing.element(soup, "table")) == {"plain", "stacked", "advice"}


def test_words_of_code_do_not_break() -> None:
    assert html("`uv sync --no-dev`") == "<p><code>uv <i>sync</i> <i>--no-dev</i></code></p>"
    too_long = "x" * 37
    assert html(f"`{too_long}`") == f"<p><code>{too_long}</code></p>"
    assert "<i>" not in html("    uv sync --no-dev")


def test_the_contents_leave_out_marked_headings() -> None:
    md = markdown.Markdown(extensions=["attr_list", "toc", "guide.site.contents"])
    text = md.convert("# A\n\n## B { #b data-toc-exclude=1 }\n\n## C\n")
    assert text == '<h1 id="a">A</h1>\n<h2 id="b">B</h2>\n<h2 id="c">C</h2>'
    (first,) = md.toc_tokens  # type: ignore[attr-defined]
    assert first["id"] == "a"
    assert [each["id"] for each in first["children"]] == ["c"]


def test_a_missing_element_is_a_problem(tmp_path) -> None:
    path = tmp_path / "index.html"
    path.write_text('<meta name="x"><nav>no</nav><article class="a b">yes</article>')
    page = parsing.read_page(path)
    assert page.get_text() == "yes"
    assert parsing.classes(parsing.element(page, "article")) == {"a", "b"}
    assert parsing.classes(parsing.element(page, "meta")) == set()
    with pytest.raises(Problem, match="no element 'nav'"):
        parsing.element(page, "nav")

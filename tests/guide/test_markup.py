"""The HTML elements that pages share."""

import markdown
from markupsafe import Markup

from guide.pages import markup
from guide.pages.markup import Cell, TerminalEntry


def test_text_in_a_table_is_escaped_and_markup_is_not() -> None:
    rows = [markup.row("a & b", 3, Markup("<b>x</b>"), Cell("<", "no", "why")), markup.row("c")]
    assert markup.table(rows, ("", "One"), "facts sets", is_searched=True) == (
        '<div class="scroll"><table class="facts sets">'
        '<thead><tr><td></td><th scope="col">One</th></tr></thead>'
        '<tbody><tr><th scope="row">a &amp; b</th><td>3</td><td><b>x</b></td>'
        '<td class="no" title="why">&lt;</td></tr><tr><th scope="row">c</th></tr></tbody>'
        "</table></div>"
    )


def test_a_table_without_heads_is_not_searched_unless_it_should_be() -> None:
    assert markup.table([]) == (
        '<div class="scroll"><table class="facts" data-search-exclude="1">'
        "<tbody></tbody></table></div>"
    )


def test_code() -> None:
    assert markup.code_lines(["a<b", "c"]) == "<code>a&lt;b</code><br><code>c</code>"
    assert markup.inline_code("`uv <x>` & so") == "<code>uv &lt;x&gt;</code> &amp; so"
    assert markup.inline_code("one ` alone") == "one ` alone"


def test_a_block_holds_nothing_that_markdown_would_read() -> None:
    text = Markup("<b>*x*</b>\n\n- item\n1. item\n# &lt;[a](b)\tc")
    block = markup.block(text, "a_b.py")
    assert block.endswith(
        "<pre><code><b>&#42;x&#42;</b>\n&#8203;\n&#45; item\n&#49;. item\n"
        "&#35; &lt;&#91;a&#93;(b)&#9;c</code></pre></div>"
    )
    assert '<span class="filename">a&#95;b.py</span>' in block
    assert "\n\n" not in block


def test_only_text_of_a_terminal_is_searched() -> None:
    hidden = "data-search-exclude"
    assert hidden not in markup.block(Markup("x"))
    assert hidden in markup.block(Markup("x"), "file")
    assert hidden in markup.block(Markup("x"), is_searched=False)


def test_a_session_leaves_only_messages_to_the_search() -> None:
    entries = [
        TerminalEntry("uv sync", "Resolved 3 packages", 0),
        TerminalEntry("uv run <x>", "error: it's gone", 2),
        TerminalEntry("true", "", 0),
    ]
    hidden = '<samp data-search-exclude="1">'
    assert markup.session(entries) == (
        f'{hidden}<span class="gp">$ uv sync</span>\nResolved 3 packages</samp>'
        f'{hidden}\n</samp><span class="gp">$ uv run &lt;x&gt;</span>\nerror: it&#39;s gone\n'
        '<span class="gr">exit code 2</span>'
        f'{hidden}\n<span class="gp">$ true</span></samp>'
    )


def test_a_difference_has_a_line_of_context() -> None:
    assert markup.difference(["a", "b", "c", "d"], ["a", "b", "<x>", "d"]) == (
        '<span class=""> b</span>\n<span class="gd">-c</span>\n'
        '<span class="gi">+&lt;x&gt;</span>\n<span class=""> d</span>'
    )


def test_markdown_leaves_the_underscores_in_a_proof_mark() -> None:
    mark = markup.proof_mark("a-b", "Copy `__init__.py`.")
    html = markdown.markdown(mark, extensions=["attr_list"])
    assert 'title="Copy &#95;&#95;init&#95;&#95;.py."' in html


def test_a_proof_mark_has_the_sentence_without_backticks() -> None:
    assert markup.proof_mark("a-b", 'With `x` "y".') == (
        '[tested](/reference/tested-statements.md#a-b){ .proof title="With x &#34;y&#34;." '
        "data-search-exclude=1 }"
    )
    assert markup.proof_link("a-b", "With `x`.", "../claims/") == (
        '<a class="proof" href="../claims/#a-b" title="With x.">tested</a>'
    )


def test_words_are_listed_as_in_a_sentence() -> None:
    lists = [markup.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])]
    assert lists == ["", "a", "a and b", "a, b and c"]

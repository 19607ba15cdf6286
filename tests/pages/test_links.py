"""Every link and anchor inside the site leads somewhere."""

import pytest
from bs4 import BeautifulSoup

from served import broken_links, misleading_links


def test_links_and_anchors_resolve(built, pages):
    assert broken_links(built, pages) == []


def test_a_link_that_names_a_page_leads_to_it(pages):
    misleading = [*misleading_links(pages)]
    assert not misleading, misleading[0]


@pytest.mark.parametrize(
    ("link", "is_misleading"),
    [
        ('<a href="/a/">Pattern A</a>', False),
        ('<a href="/b/">Pattern A</a>', True),
        ('<a href="/b/">the six steps of <br>pattern A</a>', True),
        ('<a href="/b/">Numbers</a>', True),
        ('<a href="/b/">the numbers of steps</a>', False),
        ('<a href="/b/#line">one line in Pattern A</a>', False),
        ('<a href="/b/#other">one line in Pattern A</a>', True),
        ('<a href="https://example.com/">Pattern A</a>', False),
    ],
)
def test_a_misleading_link_is_found(link, is_misleading):
    titles = {"/": "Home", "/a/": "Pattern A: one stage", "/b/": "Pattern B", "/c/": "The numbers"}
    nav = "".join(f'<a class="md-nav__link" href="{address}">Page</a>' for address in titles)
    sections = '<h2 id="line">A line for Pattern A</h2><h2 id="other">Another line</h2>'
    pages = {
        address: BeautifulSoup(
            f'<title>{title} - Guide</title><nav class="md-nav--primary">{nav}</nav>'
            f"<article><h1>{title}</h1>{sections}{link if address == '/' else ''}</article>",
            "html.parser",
        )
        for address, title in titles.items()
    }
    assert bool([*misleading_links(pages)]) is is_misleading


def test_every_page_has_a_title_and_a_description(pages):
    titles = {address: page.title.get_text() for address, page in pages.items()}
    assert len(set(titles.values())) == len(titles)
    # A page without a description of its own has that of the site.
    site = pages["/404.html"].find("meta", attrs={"name": "description"})["content"]
    for address in pages.keys() - {"/404.html"}:
        description = pages[address].find("meta", attrs={"name": "description"})["content"]
        assert description not in {"", site}, address

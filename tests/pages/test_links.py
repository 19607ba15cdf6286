"""Every link and anchor inside the site leads somewhere."""

from served import broken_links


def test_links_and_anchors_resolve(built, pages):
    assert broken_links(built, pages) == []


def test_every_page_has_a_title_and_a_description(pages):
    titles = {address: page.title.get_text() for address, page in pages.items()}
    assert len(set(titles.values())) == len(titles)
    for address, page in pages.items():
        assert page.find("meta", attrs={"name": "description"})["content"], address

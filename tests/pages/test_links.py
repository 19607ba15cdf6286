"""Every link and anchor inside the site leads somewhere."""

from urllib.parse import urljoin, urlsplit

from served import ORIGIN


def broken_links(built, pages) -> list[str]:
    """The links inside a site that lead to no file of it, or to no anchor."""
    broken = []
    anchors = {
        address: {each["id"] for each in page.find_all(id=True)} for address, page in pages.items()
    }
    for address, page in pages.items():
        for element in page.select("[href], [src]"):
            target = element.get("href") or element.get("src")
            url = urlsplit(urljoin(ORIGIN + address, target))
            if f"{url.scheme}://{url.netloc}" != ORIGIN:
                continue
            path = url.path + "index.html" if url.path.endswith("/") else url.path
            if not (built / path.lstrip("/")).is_file() or (
                url.fragment and url.fragment not in anchors.get(url.path, {url.fragment})
            ):
                broken.append(f"{address}: {target}")
    return broken


def test_links_and_anchors_resolve(built, pages):
    assert broken_links(built, pages) == []


def test_every_page_has_a_title_and_a_description(pages):
    titles = {address: page.title.get_text() for address, page in pages.items()}
    assert len(set(titles.values())) == len(titles)
    for address, page in pages.items():
        assert page.find("meta", attrs={"name": "description"})["content"], address

"""The Markdown, feed, card and icons that are published with the pages, and the print view."""

import json
import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from mkdocs.config import load_config
from PIL import Image

from assertions import nonempty
from guide import ROOT, Problem
from guide.machine import browser
from guide.record import card
from guide.site import feed, markdown_pages, verified
from guide.site.parsing import code_text
from served import ORIGIN, serve

ATOM = {"": feed.ATOM}


@pytest.fixture(scope="session")
def articles(pages):
    """The article of every page, keyed by URL path."""
    return {
        address: page.find("article") for address, page in pages.items() if address != "/404.html"
    }


@pytest.fixture(scope="session")
def texts(built, articles):
    """The Markdown of every page, keyed by URL path."""
    return {address: (built / f"{address[1:]}index.md").read_text() for address in articles}


def blocks(text) -> list[str]:
    """Return the fenced blocks of a Markdown text."""
    return [match[2] for match in re.findall(r"(?ms)^( *)(`{3,})[\w-]*\n(.*?)\n\1\2$", text)]


def unfenced(text) -> str:
    """Return a Markdown text without its code blocks."""
    return re.sub(r"(?ms)^(`{3,})[\w-]*\n.*?\n\1$\n*", "", text)


def prose(text) -> str:
    """Return a Markdown text without its code blocks and inline code."""
    return re.sub(r"`[^`\n]+`", "", unfenced(text))


def test_each_page_leads_to_its_markdown(pages, texts):
    for address in texts:
        links = "link[rel~=alternate][type='text/markdown'], .page-links a"
        for link in nonempty(pages[address].select(links)):
            assert link["href"] == f"{ORIGIN}{address}index.md"
        assert len(pages[address].select(f"[href='{ORIGIN}{address}index.md']")) == 2
    assert len(texts) == len(pages) - 1


def test_each_page_with_recordings_says_with_what_it_was_verified(built, articles, texts):
    published = json.loads((built / verified.FILE).read_text())
    for address, article in articles.items():
        lines = [str(line) for line in article.select(".page-links .verified")]
        page = published["pages"].get(address)
        assert lines == ([verified.line(page)] if page else []), address
        # The Markdown has only the lines of the sections, and not that of the page.
        assert "Last verified on" not in texts[address]
        if article.select_one(".recorded"):
            assert page["recordings"], address
    assert published["date"] == min(page["date"] for page in published["pages"].values())


def test_the_markdown_has_every_block_of_its_page_as_it_is(articles, texts):
    for address, article in articles.items():
        shown = [code_text(block).replace("\u200b", "") for block in article.select("pre")]
        assert blocks(texts[address]) == [each.rstrip("\n") for each in shown], address


def test_every_file_that_is_shown_is_in_the_markdown_under_its_name(texts, example):
    for path in example.shown:
        wanted = (example.folder / path).read_text().rstrip("\n")
        pattern = rf"\*\*{re.escape(str(path))}\*\*\n\n(`+)[\w-]*\n{re.escape(wanted)}\n\1\n"
        assert any(re.search(pattern, text) for text in texts.values()), path


def test_blocks_have_the_language_of_their_file(texts):
    text = texts["/patterns/pattern-a/"]
    for name, language in {
        "Dockerfile": "dockerfile",
        "pyproject.toml": "toml",
        "healthcheck.py": "python",
        "compose.yaml": "yaml",
        "README.md": "markdown",
    }.items():
        assert re.search(rf"\*\*{name}\*\*\n\n`{{3,}}{language}\n", text), name
    assert "```console\n$ docker compose up" in text


def test_the_markdown_has_no_html_and_no_relative_link(texts):
    for address, text in texts.items():
        assert re.findall(r"(?<!\\)<[a-zA-Z/!][^>\n]*>", prose(text)) == [], address
        assert "\n\n\n" not in unfenced(text), address
    targets = [
        (address, target)
        for address, text in texts.items()
        for target in re.findall(r"(?<!\\)\]\((\S+)", prose(text))
    ]
    for address, target in nonempty(targets):
        assert urlsplit(target).scheme, f"{address}: {target}"


def test_the_markdown_has_every_heading_table_and_fold(articles, texts):
    for address, article in articles.items():
        text = texts[address]
        headings = [f"{'#' * int(each.name[1])} " for each in article.find_all(re.compile("^h.$"))]
        assert re.findall(r"(?m)^#+ ", prose(text)) == headings, address
        rows = len(article.select("tr")) + len(article.select("table:not(:has(thead))"))
        lines = re.findall(r"(?m)^\| (?!---)", unfenced(text))
        assert len(lines) == rows, address
        titles = [re.findall(r"\w+", each) for each in re.findall(r"(?m)^\*\*(.+)\*\*$", text)]
        folds = [re.findall(r"\w+", fold.get_text()) for fold in shown_folds(article)]
        assert [fold for fold in folds if fold not in titles] == [], address
    assert any(shown_folds(article) for article in articles.values())


def shown_folds(article):
    # Releases of Python differ in whether they find the folds inside a template.
    return [fold for fold in article.select("summary") if not fold.find_parent("template")]


def to_markdown(html, address=f"{ORIGIN}/a/") -> str:
    article = BeautifulSoup(f"<article>{html}</article>", "html.parser").find("article")
    return markdown_pages.to_markdown(article, address).partition("\n\n---")[0]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &lt;b&gt; *c* snake_case _d</p>", r"a \<b> \*c\* snake_case \_d"),
        ('<p><a href="../b/#c">d</a></p>', f"[d]({ORIGIN}/b/#c)"),
        ('<h2>a<a class="headerlink" href="#a">¶</a></h2>', "## a"),
        ("<table><tr><td>a|b<br>c</td></tr></table>", "|  |\n| --- |\n| a\\|b, c |"),
        ("<details><summary>a</summary><p>b</p></details>", "**a**\n\nb"),
        ('<div class="highlight"><pre><code>```\nb</code></pre></div>', "````\n```\nb\n````"),
        ("<x-part><template><b>a</b></template><p>b</p><button>c</button></x-part>", "b"),
    ],
    ids=["words", "link", "heading", "table", "fold", "fence", "controls"],
)
def test_html_becomes_markdown(html, text):
    assert to_markdown(html) == text


def test_tabs_become_titles():
    html = """<div class="tabbed-set"><input type="radio"><input type="radio">
    <div class="tabbed-labels"><label>One</label><label>Two</label></div>
    <div class="tabbed-content"><div class="tabbed-block"><p>a</p></div>
    <div class="tabbed-block"><p>b</p></div></div></div>"""
    assert to_markdown(html) == "**One**\n\na\n\n**Two**\n\nb"


def test_llms_txt_lists_every_page_of_the_navigation_under_its_section(built, pages):
    config = load_config(str(ROOT / "mkdocs.yml"))
    text = (built / "llms.txt").read_text()
    assert text.startswith(f"# {config.site_name}\n\n> {config.site_description}\n\n")
    sections = [title for each in config.nav for title, to in each.items() if isinstance(to, list)]
    assert re.findall(r"(?m)^## (.+)", text) == ["Pages", *sections]
    matches = re.findall(r"(?m)^- \[(.+)\]\((.+)index\.md\): (.+)", text)
    assert len(matches) == len(re.findall(r"(?m)^- ", text))
    assert {address for _, address, _ in matches} == {
        f"{ORIGIN}{address}" for address in pages if address != "/404.html"
    }
    for _, address, description in matches:
        page = pages[urlsplit(address).path]
        assert page.find("meta", attrs={"name": "description"})["content"] == description
    for title in nonempty(re.findall(r"\[(.+?)\]\(", text)):
        assert title in {a.get_text().strip() for a in pages["/"].select(".md-nav__link")}


def test_the_feed_has_an_entry_for_each_heading(built, pages):
    root = ElementTree.parse(built / "feed.xml").getroot()
    assert root.tag == f"{{{feed.ATOM}}}feed"
    entries = root.findall("entry", ATOM)
    for each in (root, *entries):
        for name in ("id", "title", "updated"):
            assert each.find(name, ATOM).text, name
    assert root.find("author/name", ATOM).text
    assert root.find("link[@rel='self']", ATOM).get("href") == f"{ORIGIN}/feed.xml"
    assert len({each.find("id", ATOM).text for each in entries}) == len(entries)
    dates = [datetime.fromisoformat(each.find("updated", ATOM).text) for each in entries]
    assert dates == sorted(dates, reverse=True)
    assert datetime.fromisoformat(root.find("updated", ATOM).text) == dates[0]
    links = [each.find("link", ATOM).get("href") for each in entries]
    headings = pages["/changes/"].select("article h2")
    assert links == [f"{ORIGIN}/changes/#{each['id']}" for each in headings]
    contents = [
        BeautifulSoup(each.find("content", ATOM).text, "html.parser") for each in nonempty(entries)
    ]
    assert all(content.find("li") for content in contents)
    for link in nonempty(link for content in contents for link in content.find_all("a")):
        assert link["href"].startswith("https://"), link


def test_pages_lead_to_the_feed(pages):
    for address, page in pages.items():
        link = page.find("link", rel="alternate", type="application/atom+xml")
        assert link["href"] == f"{ORIGIN}/feed.xml", address
    assert pages["/changes/"].select("article a[href='https://guide.test/feed.xml']")


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (["A new page"], "must be a date"),
        (["2026-11-22 Old", "2026-11-23 New"], "newer entries"),
    ],
)
def test_an_invalid_page_of_changes_fails_the_build(headings, message):
    html = "".join(f'<h2 id="x{at}">{text}</h2>' for at, text in enumerate(headings))
    article = BeautifulSoup(f"<article><h1>What</h1>{html}</article>", "html.parser")
    with pytest.raises(Problem, match=message):
        feed.atom(article, "Guide", f"{ORIGIN}/")


def test_the_404_page_offers_search_and_links(chromium, built):
    page = chromium.new_page()
    serve(page, built)
    browser.open_page(page, f"{ORIGIN}/no/such/page")
    assert page.get_by_role("heading", level=1).inner_text() == "Page not found"
    page.get_by_role("searchbox", name="Search this guide").fill("stale lockfile")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(f"{ORIGIN}/?q=stale+lockfile")
    page.wait_for_selector(".md-search-result__item")
    page.go_back()
    for link in nonempty(page.locator("article a").all()):
        path = urlsplit(link.evaluate("link => link.href")).path
        assert (built / path[1:] / "index.html").is_file(), path
    page.close()


def test_the_print_view_shows_everything_without_controls(chromium, built):
    page = chromium.new_page(viewport={"width": 400, "height": 900}, color_scheme="dark")
    serve(page, built)
    browser.open_page(page, f"{ORIGIN}/dependency-groups/")
    # It folds its table when its data has arrived.
    page.wait_for_selector("what-installs.installs")
    page.emulate_media(media="print")
    parts = page.locator(".md-header, .md-sidebar, .md-footer, .page-links, button")
    for each in nonempty(parts.all()):
        assert not each.is_visible()
    folds = page.locator("article details")
    assert folds.count() > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open])").count() == 0
    cut = """() => [...document.querySelectorAll("article pre > code, .annotated .code")]
        .filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"""
    assert page.evaluate(cut) == []
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article details[open]").count() == 0
    after = "link => getComputedStyle(link, '::after').content"
    links = page.locator("article p a[href^='https://docs.']")
    assert "https://docs." in links.first.evaluate(after)
    inside = page.locator("article p a:not([href^='https://docs.'], .proof)")
    assert inside.first.evaluate(after) == "none"
    colours = page.evaluate("""() => [document.body, document.querySelector("article")]
        .map(each => getComputedStyle(each)).map(style => [style.backgroundColor, style.color])""")
    assert colours[0][0] == "rgb(255, 255, 255)"
    assert colours[1][1] == "rgb(0, 0, 0)"
    page.close()


def test_each_page_has_a_card_and_icons(built, pages):
    for address, page in pages.items():
        meta = {
            each.get("property") or each.get("name"): each["content"]
            for each in page.select("meta[property], meta[name]")
        }
        assert meta["og:image"] == f"{ORIGIN}/assets/card.png"
        assert meta["twitter:card"] == "summary_large_image"
        assert meta["og:title"]
        assert meta["og:description"] == meta["description"]
        if address != "/404.html":
            assert meta["og:url"] == page.find("link", rel="canonical")["href"]
            assert meta["og:url"] == f"{ORIGIN}{address}"
        assert {link["href"].rpartition("/")[2] for link in page.select("link[rel*=icon]")} == {
            "logo.svg",
            *card.ICONS,
        }


def test_the_card_and_the_icons_are_small_and_of_their_size(built):
    sizes = {"card.png": card.CARD} | {name: (each[0],) * 2 for name, each in card.ICONS.items()}
    for name, size in sizes.items():
        path = built / "assets" / name
        assert path.stat().st_size < 40_000
        with Image.open(path) as image:
            assert (image.format, image.size) == ("PNG", size)


def test_the_card_has_the_name_of_the_site():
    name = BeautifulSoup(card.SOURCE.read_text(), "html.parser").find("h1").get_text(" ")
    assert name == load_config(str(ROOT / "mkdocs.yml")).site_name

"""The pages say what happens without each line of their files."""

import pytest
from playwright.sync_api import expect

from assertions import nonempty
from guide import Problem
from guide.content import recordings
from guide.pages.lines import without_it

ADDRESS = "/patterns/pattern-a/"
EXAMPLE = "pattern-a-single-stage"


@pytest.mark.parametrize("name", recordings.names("lines"))
def test_every_recorded_line_is_on_a_page(pages, name):
    entries = [
        entry.dt.get_text().partition(" replaced by ")[0]
        for page in pages.values()
        for part in page.select(f"without-it:has(a[href$='/data/lines/{name}.json'])")
        for entry in part.select("dl > div")
    ]
    recorded = [line["item"].partition(" → ")[0] for line in recordings.lines(name)["lines"]]
    assert sorted(entries) == sorted(recorded)


def test_a_file_without_a_recorded_line_is_reported():
    with pytest.raises(Problem, match=r"No line of README\.md in .* is recorded"):
        without_it(EXAMPLE, "README.md")


def test_each_row_shows_what_happens_without_its_lines(open_page):
    page = open_page(ADDRESS)
    note = page.locator(".annotated .note", has_text="Write log lines immediately").first
    link = note.get_by_role("link", name="Without it")
    expect(link).to_have_attribute("aria-expanded", "false")
    link.press("Enter")
    expect(link).to_have_attribute("aria-expanded", "true")
    panel = page.locator(".without-panel")
    expect(panel).to_contain_text("ENV PYTHONUNBUFFERED")
    expect(panel.locator("dl > div")).to_have_count(1)
    link.press("Enter")
    expect(panel).to_have_count(0)
    assert "#" not in page.url


def test_every_entry_of_an_annotated_file_is_beside_a_row(open_page):
    page = open_page(ADDRESS)
    page.locator(".without-it[aria-expanded]").first.wait_for()
    for link in page.locator(".without-it").all():
        link.press("Enter")
    shown = page.locator(".without-panel dl > div").count()
    assert shown == page.locator(".annotated + div > without-it dl > div").count()


def test_without_a_script_a_link_leads_to_the_entry_in_the_list(pages):
    links = [
        (page, link) for page in pages.values() for link in page.select(".annotated .without-it")
    ]
    for page, link in nonempty(links):
        assert page.select_one(f'without-it [id="{link["href"].removeprefix("#")}"]')

"""The pages say what happens without each line of their files."""

import pytest
from playwright.sync_api import expect

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
        for entry in part.select("[data-line]")
    ]
    recorded = [line["item"].partition(" → ")[0] for line in recordings.lines(name)["lines"]]
    assert sorted(entries) == sorted(recorded)


def test_a_file_without_a_recorded_line_is_reported():
    with pytest.raises(Problem, match=r"No line of README\.md in .* is recorded"):
        without_it(EXAMPLE, "README.md")


def test_each_row_shows_what_happens_without_its_lines(open_page):
    page = open_page(ADDRESS)
    note = page.locator(".annotated .note", has_text="Write log lines immediately").first
    button = note.get_by_role("button", name="Without it")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    panel = page.locator(".without-panel")
    expect(panel).to_contain_text("ENV PYTHONUNBUFFERED")
    expect(panel.locator("[data-line]")).to_have_count(1)
    button.press("Enter")
    expect(panel).to_be_hidden()


def test_every_entry_of_an_annotated_file_is_beside_a_row(open_page):
    page = open_page(ADDRESS)
    page.locator("button.without-it").first.wait_for()
    for button in page.locator("button.without-it").all():
        button.press("Enter")
    shown = page.locator(".without-panel [data-line]").count()
    assert shown == page.locator(".annotated + div > without-it [data-line]").count()

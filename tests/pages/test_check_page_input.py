"""The page that checks a Dockerfile keeps what a reader gives it, and explains faulty input."""

import pytest
from playwright.sync_api import expect

from check_page import BAD, FIELD, findings, opened, paste, status


def test_a_reader_can_follow_a_link_and_come_back(checker):
    page = checker()
    paste(page, BAD)
    apply = opened(page, "frozen-install").get_by_role("button", name="Apply this fix")
    apply.click()
    details = opened(page, "runs-as-root").locator("details")
    details.locator("summary").click()
    details.get_by_role("link", name="A bad and a good example").click()
    page.wait_for_url("**/check-rules/#runs-as-root")
    page.go_back()
    fixed = BAD.replace("--frozen", "--locked")
    expect(page.locator(FIELD)).to_have_value(fixed)
    expect(findings(page, "runs-as-root")).to_have_count(1)
    page.reload()
    expect(page.locator(FIELD)).to_have_value(fixed)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(FIELD)).to_have_value(BAD)
    page.get_by_role("button", name="Clear files").click()
    page.reload()
    page.wait_for_selector("check-dockerfile.ready")
    expect(page.locator(FIELD)).to_have_value("")
    assert page.errors == []


def test_files_that_are_too_large_to_keep_are_checked(checker):
    page = checker(begin="Storage.prototype.setItem = () => { throw new Error('full'); }")
    paste(page, BAD)
    findings(page, "frozen-install").wait_for()
    assert page.errors == []


def test_the_answers_are_few_words_until_a_reader_asks(checker):
    page = checker()
    paste(page, BAD)
    findings(page, "frozen-install").wait_for()
    words = page.locator(".answer.findings").inner_text().split()
    assert len(words) < 200
    # What a reader unfolds stays open while they type.
    opened(page, "frozen-install")
    paste(page, BAD + "\n")
    page.wait_for_timeout(500)
    expect(findings(page, "frozen-install").locator(".gi")).to_be_visible()
    expect(findings(page, "no-bytecode").locator(".gi")).to_be_hidden()


# --- faults of the input ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\0\1\2binary\0", "This is not a text file, so it cannot be a Dockerfile."),
        ("FROM", "Line 1 was not understood"),
        ("FROM a\nRUN " + "x" * 2_000_000, "more than"),
        ("hello\n" * 200_000, "Line 1 was not understood"),
        ("<html><body>", "Line 1 was not understood"),
    ],
    ids=["binary", "half a line", "2 MB in a line", "2 MB of lines", "HTML"],
)
def test_what_is_no_dockerfile_gives_one_line(checker, text, message):
    page = checker()
    # A field cannot hold some of these characters, but a dropped file can have them.
    page.locator("[name=one]").set_input_files(
        {"name": "Dockerfile", "mimeType": "text/plain", "buffer": text.encode()}
    )
    expect(status(page)).to_contain_text(message)
    assert "\n" not in status(page).inner_text()
    assert page.locator(".answer > *").count() == 0
    assert page.errors == []


def test_an_empty_field_gives_no_answer(checker):
    page = checker()
    paste(page, BAD)
    findings(page, "frozen-install").wait_for()
    page.get_by_role("button", name="Clear files").click()
    expect(page.locator(".answer > *")).to_have_count(0)
    expect(status(page)).to_have_text("")

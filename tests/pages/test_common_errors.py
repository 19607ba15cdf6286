"""The page with error messages lists and explains them, and finds the answer to a pasted log."""

import re

import pytest
from playwright.sync_api import expect

from assertions import nonempty
from guide import ROOT
from guide.content import error_answers
from guide.pages.traps import find_trap
from served import ORIGIN

ADDRESS = "/common-errors/"
FIELD = "find-error textarea"
MESSAGE = "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided."
LOG = f"#8 [4/5] RUN uv sync --locked\n#8 0.312 Resolved 9 packages in 4ms\n#8 0.345 {MESSAGE}\n"
# The sections that other pages have linked to since before the answers were data.
OLD_ANCHORS = [
    "out-of-date-lockfile",
    "a-stale-lockfile",
    "requires-python",
    "secret-not-found",
    "authentication-failed",
    "git-server-unreachable",
    "-require-hashes-with-a-package-from-git",
    "gunicorn-not-found",
    "frozen",
    "python-not-found",
    "port-in-use",
    "default-groups",
    "code-first",
    "the-notes-in-the-exported-file",
    "old-code-in-a-new-image",
]


@pytest.fixture(scope="module")
def article(pages):
    return pages[ADDRESS].find("article")


@pytest.fixture
def errors_page(open_page):
    """A function that opens the page and waits for its script. Takes the options of `open_page`."""

    def open_errors(**options):
        page = open_page(ADDRESS, **options)
        page.wait_for_selector("find-error.ready")
        return page

    return open_errors


def text(element) -> str:
    return element.get_text().replace("\u200b", "").rstrip("¶").strip()


def found(page):
    return page.locator("find-error .found section")


# --- the list and the sections ---


def test_the_list_links_to_every_answer_from_a_to_z(article):
    links = nonempty(article.select(".messages a"))
    names = [answer.name for answer in error_answers.answers()]
    assert [link["href"] for link in links] == [f"#{name}" for name in names]
    titles = [error_answers.sort_key(text(link)) for link in links]
    assert titles == sorted(titles)
    letters = [text(each) for each in article.select(".messages dt")]
    assert letters == sorted({*letters})


def test_each_answer_has_a_cause_and_a_fix_and_says_whether_it_was_tried(article):
    for answer in error_answers.answers():
        section = [article.find("h2", id=answer.name)]
        assert section[0], answer.name
        while (following := section[-1].find_next_sibling()) and following.name != "h2":
            section.append(following)
        paragraphs = [text(each) for each in section[1:]]
        assert any(each.startswith("Cause:") for each in paragraphs), answer.name
        assert any(each.startswith("Fix:") for each in paragraphs), answer.name
        not_tried = any("We have not tried this." in each for each in paragraphs)
        assert not_tried is not answer.proofs, answer.name


def test_old_anchors_still_exist(article):
    assert [name for name in OLD_ANCHORS if not article.find(id=name)] == []


def test_an_out_of_date_lockfile_has_the_same_message_in_each_pattern():
    """The page shows the message once."""
    patterns = ("pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts")
    assert len({find_trap(name, "stale-lock")["output"] for name in patterns}) == 1


# --- the box ---


def test_a_pasted_log_gets_its_answer_with_the_line(errors_page):
    page = errors_page()
    page.locator(FIELD).focus()
    page.keyboard.insert_text(LOG)
    expect(found(page)).to_have_count(1)
    expect(page.locator("find-error [role=status]")).to_have_text("1 answer")
    expect(found(page).locator("mark")).to_have_text(f"#8 0.345 {MESSAGE}")
    expect(found(page).locator(".line")).to_contain_text("Line 3")
    expect(found(page)).to_contain_text("Run uv lock on your machine")
    link = found(page).locator("h2 a")
    expect(link).to_have_attribute("href", "#out-of-date-lockfile")
    link.click()
    assert page.url.endswith("#out-of-date-lockfile")
    assert page.errors == []


def test_several_answers_are_ranked(errors_page):
    page = errors_page()
    page.locator(FIELD).fill(
        f"warning: Failed to hardlink files; falling back to full copy.\n{LOG}"
    )
    expect(found(page)).to_have_count(1)
    page.locator(FIELD).fill(f"{LOG}curl: not found\n")
    expect(found(page)).to_have_count(2)
    expect(found(page).first.locator("h2")).to_contain_text("curl: not found")
    expect(page.locator("find-error [role=status]")).to_contain_text("2 answers")


def test_unknown_text_gets_no_answer_and_can_be_cleared(errors_page):
    page = errors_page()
    page.locator(FIELD).fill("Everything works.")
    expect(page.locator("find-error [role=status]")).to_contain_text("We know none of these")
    expect(found(page)).to_have_count(0)
    page.locator("find-error [name=clear]").click()
    expect(page.locator(FIELD)).to_have_value("")
    expect(page.locator("find-error [role=status]")).to_have_text("")


def test_a_log_cannot_bring_html_into_the_page(errors_page):
    page = errors_page()
    page.locator(FIELD).fill(f"<img src=x onerror=alert(1)> {MESSAGE}")
    expect(found(page)).to_have_count(1)
    assert page.locator("find-error .found img").count() == 0


def test_the_button_leads_to_the_answer_with_the_keyboard_alone(errors_page):
    page = errors_page(width=360)
    page.locator(FIELD).focus()
    page.keyboard.insert_text(LOG)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    focused = "document.activeElement.getAttribute('role')"
    assert page.evaluate(focused) == "status"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#out-of-date-lockfile"


def test_without_a_script_the_list_is_there_and_the_box_is_not(open_page):
    page = open_page(ADDRESS, script=False)
    expect(page.locator("find-error")).to_be_hidden()
    expect(page.locator(".messages a").first).to_be_visible()


# --- nothing is sent ---


def test_nothing_is_requested_while_a_reader_pastes(errors_page):
    page = errors_page()
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator(FIELD).fill(LOG)
    expect(found(page)).to_have_count(1)
    assert requests == []
    assert page.foreign == []


@pytest.mark.parametrize(
    ("address", "label"),
    [("/", "An error message or a log"), ("/404.html", "Or paste an error message")],
)
def test_other_pages_hand_the_text_over_without_sending_it(open_page, address, label):
    page = open_page(address)
    page.wait_for_selector("paste-text:defined")
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.get_by_label(label).fill(LOG)
    page.get_by_role("button", name="Find the cause").click()
    page.wait_for_url(f"{ORIGIN}{ADDRESS}")
    expect(found(page)).to_have_count(1)
    expect(page.locator(FIELD)).to_have_value(LOG)
    assert all(each.method == "GET" and "?" not in each.url for each in nonempty(requests))
    # The text is taken over once.
    page.reload()
    page.wait_for_selector("find-error.ready")
    expect(page.locator(FIELD)).to_have_value("")


def test_only_this_page_loads_the_matcher(pages):
    with_box = [address for address, page in pages.items() if page.find("find-error")]
    assert with_box == [ADDRESS]
    script = (ROOT / "docs/assets/js/guide.js").read_text()
    assert re.search(r'const AT_ONCE = "[^"]*\bfind-error\b', script)

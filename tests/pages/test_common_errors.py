"""The page of common errors shows messages that were recorded."""

import pytest

from assertions import nonempty
from guide.content import recordings
from guide.pages.traps import find_trap

# Headings that describe a symptom, because no program prints a message.
SYMPTOMS = {
    "pytest and ruff are in the production image",
    "Every code change reinstalls all packages",
    "Renaming the project reinstalls all packages",
    "The new image contains old code",
}
# Messages of CI systems, which the page about CI takes from their documentation.
NOT_RECORDED = {
    "Cache export is not supported for the docker driver",
    "invalid reference format: repository name must be lowercase",
}


@pytest.fixture(scope="module")
def article(pages):
    return pages["/common-errors/"].find("article")


@pytest.fixture(scope="module")
def outputs() -> str:
    """Everything that the commands of traps and claims printed, without backticks."""
    traps = [
        trap["output"]
        for name in recordings.names("traps")
        for trap in recordings.traps(name)["traps"]
    ]
    commands = [
        entry["output"]
        for name in recordings.names("claims")
        for entry in recordings.claim(name)["transcript"]
        if "command" in entry
    ]
    return "\n".join([*traps, *commands]).replace("`", "")


def text(element) -> str:
    return element.get_text().replace("\u200b", "").rstrip("¶").strip()


def is_recorded(message, outputs) -> bool:
    """Return whether each part of a message was printed. An ellipsis separates the parts."""
    return all(part.strip() in outputs for part in message.split("…"))


def errors(article) -> dict[str, str]:
    """Return the headings of the errors, keyed by anchor."""
    return {each["id"]: text(each) for each in article.select("h2") if each["id"] != "elsewhere"}


def test_every_heading_is_a_recorded_message_or_a_symptom(article, outputs):
    assert set(errors(article).values()) >= SYMPTOMS
    for heading in errors(article).values():
        assert is_recorded(heading, outputs) is (heading not in SYMPTOMS), heading


def test_every_message_that_another_page_explains_is_recorded(article, outputs):
    tables = article.select("#elsewhere ~ div table")
    messages = {text(each) for each in nonempty(tables[0].select("td:first-child"))}
    assert messages >= NOT_RECORDED
    for message in messages - NOT_RECORDED:
        assert is_recorded(message, outputs), message


def test_the_first_table_links_to_every_error_in_order(article):
    links = article.select_one("table").select("td:first-child a")
    assert [each["href"].removeprefix("#") for each in links] == list(errors(article))


def test_an_out_of_date_lockfile_has_the_same_message_in_each_pattern():
    """The page shows the message once."""
    patterns = ("pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts")
    assert len({find_trap(name, "stale-lock")["output"] for name in patterns}) == 1

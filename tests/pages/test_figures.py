"""A recorded number is formatted the same way on every page."""

import re

import pytest

from assertions import nonempty
from guide.content import recordings
from guide.pages import numbers
from guide.pages.builds import find_build

NBSP = numbers.NBSP
# Maps the pattern of a number on a page to its formatter. Macros print a no-break space before a
# unit. Numbers of seconds that authors type have an ordinary space.
FORMATS = {
    rf"(?<![\d.])([\d.]+){NBSP}s\b": lambda value: numbers.seconds(value),
    rf"(?<![\d.])([\d.]+){NBSP}ms\b": lambda value: numbers.milliseconds(value),
    rf"(?<![\d.])([\d.]+){NBSP}kB\b": lambda value: numbers.size(value * 1e3),
    rf"(?<![\d.])([\d.]+){NBSP}MB\b": lambda value: numbers.size(value * 1e6),
    rf"(?<![\d.])([\d.]+)×(?={NBSP})": lambda value: numbers.ratio(value),
}


@pytest.fixture(scope="module")
def texts(pages) -> dict[str, str]:
    """The text of every article without code blocks, keyed by URL path."""
    texts = {}
    for address, page in pages.items():
        programs = {
            id(each) for block in page.select("pre") for each in block.find_all(string=True)
        }
        article = page.find("article")
        strings = article.find_all(string=True) if article else []
        texts[address] = "\n".join(each for each in strings if id(each) not in programs)
    return texts


@pytest.mark.parametrize("pattern", FORMATS, ids=["seconds", "milliseconds", "kB", "MB", "ratios"])
def test_every_figure_is_as_the_formatter_prints_it(texts, pattern):
    matches = [
        (address, match) for address, text in texts.items() for match in re.finditer(pattern, text)
    ]
    for address, match in nonempty(matches):
        assert match[0] == FORMATS[pattern](float(match[1])), address


@pytest.mark.parametrize("example", recordings.names("layers"))
def test_every_mention_of_a_cold_build_is_alike(texts, example):
    value = find_build(example, "cold")["seconds"]
    # Every number of digits that another formatter might print.
    roundings = {numbers.fixed_digits(value, digits) for digits in range(3)}
    mentions = {
        match[0]
        for text in texts.values()
        for match in re.finditer(rf"(?<![\d.])([\d.]+){NBSP}s\b", text)
        if match[1] in roundings
    }
    assert mentions == {numbers.seconds(value)}

"""A measured number on a page comes from a recording. Nobody types it."""

import re
import tomllib

import pytest

from guide import ROOT
from guide.content.agent_rules import for_any_project
from guide.content.claims import claims
from guide.content.examples import EXAMPLES
from guide.pages.chooser import CHOOSER_FILE
from page_sources import FENCE, PAGES, marked, strings

WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|"
    r"fifty|sixty|ninety|hundreds?(?: of)?|dozens? of|half an?|a couple of|a few|several"
)
UNITS = (
    r"(?:milli)?seconds?|minutes?|hours?|(?:kilo|mega|giga)?bytes?|[kmg]i?b|per ?cent|times|fold"
)
SPACE = r"(?:[\s\u00a0\u202f*_`-]|&nbsp;)*"
MEASURED = re.compile(
    rf"(?<![\w.])\d[\d.,]*{SPACE}(?:s|ms|sec|min|%|×|x|[kmg]bit/s|{UNITS})(?!\w)"
    rf"|\b(?:{WORDS}){SPACE}(?:{UNITS})\b"
    r"|\b(?:twice|half|double) (?:as|the)\b",
    re.IGNORECASE,
)
# Numbers with a unit that were not measured, with the reasons. The text around a number is part of
# it, so that the same number is noticed elsewhere.
NOT_MEASURED = {
    "To check within a few minutes that": "is about the options of scripts/bench",
    "with an example project in about ten minutes": "estimates the reader's time",
    "a timeout of one second": "is a default of Kubernetes",
    "Times also differ from one minute to the next": "is not a duration",
    "transfers more than 120 kB": "is the limit in tests/pages/test_weight.py",
    "the image becomes more than 30 MB larger": "is asserted by the claim beside it",
    "Copying uv into an image adds more than 30 MB": "is asserted by the claim's test",
    "12 hours, unless you ask for less": "is from the documentation of AWS",
    "12 hours, or less if you ask": "is from the documentation of AWS",
    "one hour, unless you set a": "is from the documentation of Google",
    "Pattern A rebuilds in 0.24 s after": "quotes a wrong figure that the guide corrected",
}
NOT_PROSE = re.compile(r"\]\([^)]*\)|<[^<>]*>|\{[^{}]*\}")


def typed_numbers(text: str) -> list[str]:
    """Return the numbers with a unit in a text that is not printed by macros."""
    text = NOT_PROSE.sub(" ", FENCE.sub("", marked(text, {})[0]))
    text = " ".join(text.split())
    for allowed in NOT_MEASURED:
        text = text.replace(allowed, "")
    return [text[max(0, m.start() - 40) : m.end() + 20] for m in MEASURED.finditer(text)]


CHOOSER = "\n".join(strings(tomllib.loads(CHOOSER_FILE.read_text())))
PROSE = {
    **{f"docs/{name}": text for name, text in PAGES.items()},
    **{
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in sorted(EXAMPLES.glob("**/README.md"))
        if ".venv" not in path.parts
    },
    "scripts/guide/pages/chooser.toml": CHOOSER,
    "scripts/guide/content/agent_rules.toml": for_any_project(),
    "tests/claims": "\n".join(each.sentence for each in claims().values()),
}


@pytest.mark.parametrize("source", PROSE)
def test_no_measured_number_is_typed(source):
    numbers = typed_numbers(PROSE[source])
    assert not numbers, f"{source}: print a recorded figure with a macro instead: {numbers}"


def test_every_exception_is_used():
    text = " ".join(" ".join(PROSE.values()).split())
    assert [each for each in NOT_MEASURED if each not in text] == []


@pytest.mark.parametrize(
    "text",
    [
        "It takes 0.4 s.",
        "It takes **0.4\u00a0s**.",
        "It takes 0.4&nbsp;s.",
        "It takes **0.4** s.",
        "It takes <b>0.4</b> s.",
        "Half a second faster.",
        "It takes\ntwo minutes.",
        "The image has 318 MB.",
        "It is 30% smaller.",
        "It is 30 percent smaller.",
        "A rebuild is 12× faster.",
        "A rebuild is three times faster.",
        "A rebuild is twice as fast.",
        "The job has a [10-second](x.md) limit.",
        "| Pattern A | 1.8 s |",
    ],
)
def test_a_typed_number_is_noticed(text):
    assert len(typed_numbers(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "uv 0.13.9 has accepted this since 0.5.",
        "The image contains every package twice.",
        "It answers with status 200 on port 8000.",
        "See [this](https://example.com/10s) at 24 places.",
        '[[[ timed("pattern-a", "view") ]]] of 5 rounds',
        "```\n10 s\n```",
    ],
)
def test_other_numbers_are_not(text):
    assert typed_numbers(text) == []

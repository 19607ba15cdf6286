"""Run the matcher of the page with error messages, as the page does."""

import json
import re
from functools import cache

from bs4 import BeautifulSoup

from guide import ROOT
from guide.content import error_answers, recordings
from guide.machine import node
from guide.pages.errors import find_error

MODULE = ROOT / "docs/assets/js/errors/matcher.js"
# What comes before the text of a failure, and what comes after it.
_STOPS = re.compile(r"(?:: | → )stops: ")
ANSWERS = {answer.name: answer for answer in error_answers.answers()}


@cache
def page_data() -> list[dict[str, object]]:
    """Return the messages that the page passes to the matcher."""
    element = BeautifulSoup(find_error(), "html.parser").find("find-error")
    return json.loads(element["data-messages"])


def matches_of(logs: dict[str, str]) -> dict[str, list[dict[str, object]]]:
    """Return the matches of each log, best first."""
    call = """({ data, logs }) => {
        const messages = module.compiled(data);
        return logs.map((log) => module.matches(log, messages));
    }"""
    found = node.call(MODULE, call, {"data": page_data(), "logs": [*logs.values()]})
    return dict(zip(logs, found, strict=True))


def answers_of(logs: dict[str, str]) -> dict[str, list[str]]:
    """Return the names of the answers to each log, best first."""
    return {name: [each["answer"] for each in found] for name, found in matches_of(logs).items()}


def messages_in(texts: dict[str, str]) -> dict[str, set[str]]:
    """Return every message of an answer that each text contains, also of vague answers."""
    call = """({ data, texts }) => {
        const single = data.flatMap(({ messages }) => messages)
          .map((message) => ({ name: message, messages: [message] }));
        const messages = module.compiled(single);
        return texts.map((text) => module.matches(text, messages).map(({ answer }) => answer));
    }"""
    found = node.call(MODULE, call, {"data": page_data(), "texts": [*texts.values()]})
    return {name: {*each} for name, each in zip(texts, found, strict=True)}


def failed_commands() -> dict[str, tuple[str, str]]:
    """Return the failed commands of claims with what they printed, keyed by a unique name."""
    return {
        f"{name}, command {number}": (entry["command"], entry["output"])
        for name in recordings.names("claims")
        for number, entry in enumerate(recordings.claim(name)["transcript"])
        if "command" in entry and entry["exit_code"] and entry["output"]
    }


def traps() -> dict[str, str]:
    """Return what the traps print, keyed by EXAMPLE/NAME."""
    return {
        f"{name}/{trap['name']}": trap["output"]
        for name in recordings.names("traps")
        for trap in recordings.traps(name)["traps"]
        if trap["output"]
    }


def failures_without_a_line() -> dict[str, str]:
    """Return what failures print after removing a line, keyed by EXAMPLE/FILE/ITEM, and a number.

    A difference is "FACT: BEFORE → AFTER". Some edits make a build stop as long as the line exists.
    """
    return {
        f"{name}/{line['file']}/{line['item']}, text {number}": text
        for name in recordings.names("lines")
        for line in recordings.lines(name)["lines"]
        for number, text in enumerate(_texts_of_failures(line["differences"]), 1)
    }


def _texts_of_failures(differences: list[str]) -> list[str]:
    return [text for each in differences for text in _STOPS.split(each)[1:]]

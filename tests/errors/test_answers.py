"""Recorded failures get the right answers, unrelated logs none, and each answer has a proof."""

import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import matcher
import pytest
from matcher import ANSWERS, answers_of

from assertions import nonempty
from guide.content import error_answers, recordings

FOLDER = Path(__file__).parent
# The answers to failures that were recorded while a line was left out, as patterns of names.
EXPECTED = tomllib.loads((FOLDER / "lines.toml").read_text())
# Programs that show the state of a project. That they fail is what the claim is about.
SHOWS_STATE = re.compile(r"(?:docker run .* shop )?(?:ls|diff|cat|grep)\b")
# A trap whose output is a file.
NO_MESSAGE = {"pattern-c-cache-mounts/old-code"}
SEPARATOR = "\n---\n"


def fixtures() -> dict[str, str]:
    """Return messages that no recording contains, keyed by their answer and a number."""
    return {
        f"{path.stem} {number}": text
        for path in sorted((FOLDER / "messages").glob("*.log"))
        for number, text in enumerate(path.read_text().split(SEPARATOR), 1)
    }


def unrelated() -> dict[str, str]:
    """Return logs of programs that work, or fail for other reasons, keyed by file."""
    return {path.name: path.read_text() for path in sorted((FOLDER / "unrelated").glob("*.log"))}


def test_each_failed_command_of_a_claim_gets_the_answer_that_names_the_claim():
    commands = {
        name: output
        for name, (command, output) in matcher.failed_commands().items()
        if not SHOWS_STATE.match(command)
    }
    wrong = [
        f"{name}: {found[:3]}"
        for name, found in answers_of(nonempty_dict(commands)).items()
        if not found or name.partition(",")[0] not in ANSWERS[found[0]].proofs_of("claim")
    ]
    assert wrong == [], "Add the claim to the proofs of the right answer, or correct its messages."


def test_each_trap_gets_the_answer_that_names_the_trap():
    traps = {name: text for name, text in matcher.traps().items() if name not in NO_MESSAGE}
    wrong = [
        f"{name}: {found[:3]}"
        for name, found in answers_of(nonempty_dict(traps)).items()
        if not found or name not in ANSWERS[found[0]].proofs_of("trap")
    ]
    assert wrong == []


def test_each_failure_without_a_line_gets_the_right_answer():
    failures = matcher.failures_without_a_line()
    for name, found in answers_of(nonempty_dict(failures)).items():
        expected = [
            answer
            for answer, patterns in EXPECTED.items()
            if any(fnmatchcase(name, pattern) for pattern in patterns)
        ]
        assert expected, f"{name}: name its answer in lines.toml. Found: {found}: {failures[name]}"
        assert (found[0] if found else "none") == expected[0], name


def test_each_message_of_a_fixture_gets_its_answer():
    wrong = [
        f"{name}: {found[:3]}"
        for name, found in answers_of(nonempty_dict(fixtures())).items()
        if found[:1] != [name.rpartition(" ")[0]]
    ]
    assert wrong == []


def test_unrelated_logs_get_no_answer():
    logs = unrelated()
    assert len(logs) >= 60
    found = {name: matches for name, matches in matcher.matches_of(logs).items() if matches}
    assert found == {}


def test_each_message_was_recorded_or_is_in_a_fixture():
    outputs = [
        entry["output"]
        for name in recordings.names("claims")
        for entry in recordings.claim(name)["transcript"]
        if "command" in entry
    ]
    differences = matcher.failures_without_a_line().values()
    text = "\n".join([*outputs, *matcher.traps().values(), *differences, *fixtures().values()])
    known = matcher.messages_in(text)
    missing = {
        answer.name: [each for each in answer.all_messages if each not in known]
        for answer in ANSWERS.values()
    }
    assert {name: each for name, each in missing.items() if each} == {}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_proof_exists_and_shows_a_message(name):
    """Without a line, a program may fail without a message."""
    answer = ANSWERS[name]
    for proof in answer.proofs:
        texts = error_answers.recorded_messages(proof)
        assert texts, proof
        if proof.kind != "line":
            shown = matcher.messages_in("\n".join(texts))
            assert shown & {*answer.all_messages}, f"{proof.kind} {proof.name}"


def test_names_titles_and_messages_are_unique():
    answers = error_answers.answers()
    assert len({answer.name for answer in answers}) == len(answers)
    assert len({answer.title for answer in answers}) == len(answers)
    messages = [message for answer in answers for message in answer.all_messages]
    assert len({*messages}) == len(messages)


def test_an_answer_without_a_proof_needs_a_thread():
    table = {"name": "a", "title": "A", "programs": ["uv"], "messages": [], "cause": "", "fix": ""}
    with pytest.raises(ValueError, match="a needs a proof or a thread"):
        error_answers.ErrorAnswer(**table)


def nonempty_dict(logs: dict[str, str]) -> dict[str, str]:
    """Return the logs. Fail if there are none."""
    assert nonempty(logs)
    return logs

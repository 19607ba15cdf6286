"""Recorded failures get the right answers, unrelated logs none, and each answer has a proof."""

import re
import tomllib
from pathlib import Path

import matcher
import pytest
from matcher import ANSWERS, answers_of

from assertions import nonempty
from guide.content import error_answers, recordings

FOLDER = Path(__file__).parent
# Parts of what was printed while a line was left out, keyed by their answer.
LISTED = tomllib.loads((FOLDER / "lines.toml").read_text())
# Programs that show the state of a project. That they fail is what the claim is about.
SHOWS_STATE = re.compile(r"(?:docker run .* shop )?(?:ls|diff|cat|grep)\b")
# A trap whose output is a file.
NO_MESSAGE = {"pattern-c-cache-mounts/old-code"}
# A claim whose own script prints why it ends, and one whose hook fails because it changed a file.
OWN_MESSAGE = {
    "without-set-e-a-start-script-goes-on-after-an-error",
    "the-uv-lock-hook-runs-its-own-uv",
}
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
        if not SHOWS_STATE.match(command) and name.partition(",")[0] not in OWN_MESSAGE
    }
    wrong = [
        f"{name}: {found[:3]}"
        for name, found in answers_of(nonempty_dict(commands)).items()
        if not found or name.partition(",")[0] not in ANSWERS[found[0]].proofs_of("claim")
    ]
    fail_if_any(wrong, "Add the claim to the proofs of the right answer, or correct its messages")


def test_the_messages_of_older_releases_get_an_answer():
    """The test of a claim that fails with an older release has often ended with a message of it."""
    errors = {
        name: match[0]
        for name, row in recordings.uv_versions()["claims"].items()
        if (match := re.search(r"error: .*", row["why_not"] or ""))
    }
    unknown = [name for name, found in answers_of(nonempty_dict(errors)).items() if not found]
    assert unknown == []


def test_each_trap_gets_the_answer_that_names_the_trap():
    traps = {name: text for name, text in matcher.traps().items() if name not in NO_MESSAGE}
    wrong = [
        f"{name}: {found[:3]}"
        for name, found in answers_of(nonempty_dict(traps)).items()
        if not found or name not in ANSWERS[found[0]].proofs_of("trap")
    ]
    assert wrong == []


def test_each_failure_without_a_line_gets_the_right_answer():
    """A text that lines.toml does not list has to get a single answer, from a specific message."""
    failures = nonempty_dict(matcher.failures_without_a_line())
    wrong, unknown = [], []
    for name, found in answers_of(failures).items():
        expected = listed_answer(failures[name])
        best = found[0] if found else "none"
        if expected and best != expected:
            wrong.append(f"{name}: {best} instead of {expected}")
        elif not expected and (len(found) != 1 or ANSWERS[best].vague):
            unknown.append(f"{name}: {found or 'no answer'} to {failures[name]!r}")
    fail_if_any(wrong, "Correct the messages of the answer, or tests/errors/lines.toml")
    fail_if_any(unknown, "Add a part of the text to the right answer in tests/errors/lines.toml")


def listed_answer(text: str) -> str | None:
    """Return the answer that lines.toml lists for a text, or None."""
    parts = [(part, name) for name, each in LISTED.items() for part in each if part in text]
    return max(parts, key=lambda pair: len(pair[0]))[1] if parts else None


def test_lines_toml_lists_only_what_was_printed():
    texts = [*matcher.failures_without_a_line().values(), *fixtures().values()]
    parts = nonempty([part for each in LISTED.values() for part in each])
    assert [part for part in parts if not any(part in text for text in texts)] == []


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
    transcripts = {
        f"claim {name}, {number}": entry["output"]
        for name in recordings.names("claims")
        for number, entry in enumerate(recordings.claim(name)["transcript"])
        if "command" in entry
    }
    texts = transcripts | matcher.traps() | matcher.failures_without_a_line() | fixtures()
    known = set.union(*matcher.messages_in(texts).values())
    missing = {
        answer.name: [each for each in answer.all_messages if each not in known]
        for answer in ANSWERS.values()
    }
    assert {name: each for name, each in missing.items() if each} == {}


def test_each_proof_exists_and_shows_a_message():
    """Without a line, a program may fail without a message."""
    proofs = {
        f"{answer.name}: {proof.kind} {proof.name}": (answer, proof)
        for answer in ANSWERS.values()
        for proof in answer.proofs
    }
    texts = {
        name: "\n".join(error_answers.recorded_messages(proof))
        for name, (_, proof) in proofs.items()
    }
    assert [name for name, text in nonempty_dict(texts).items() if not text] == []
    wrong = [
        name
        for name, shown in matcher.messages_in(texts).items()
        if proofs[name][1].kind != "line" and not shown & {*proofs[name][0].all_messages}
    ]
    assert wrong == []


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


def fail_if_any(wrong: list[str], advice: str) -> None:
    """Fail with a line for each name, and what to do about it."""
    if wrong:
        pytest.fail("\n".join(f"{advice}: {each}" for each in wrong), pytrace=False)

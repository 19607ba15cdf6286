"""Find what the test of a claim asserts, and show a sentence that changes without its test."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from guide.content.claim_assertions import assertions, functions_of
from guide.content.claims import Claim
from guide.record.claims import unproven_change

HELPERS = """
def checks(terminal, word):
    assert word in terminal.run("uv sync")

def compares(output):
    assert output == ""

def nothing(terminal):
    assert 1 + 1 == 2
    return terminal.run("uv sync")
"""


def asserted(body):
    module = ast.parse(f"{HELPERS}\ndef test(terminal):\n    {body}\n")
    functions = functions_of(module)
    return assertions(functions["test"], {"terminal"}, functions)


@pytest.mark.parametrize(
    "body",
    [
        'assert "a" in terminal.run("uv sync")',
        'output = terminal.run("uv sync"); assert output',
        'first, second = map(terminal.run, ("a", "b")); lines = second.split(); assert lines',
        'for line in terminal.run("uv sync").splitlines(): assert line',
        'assert [line for line in terminal.run("uv sync").splitlines()] == []',
        'assert (output := terminal.run("uv sync")) == output',
        'terminal.fails("uv sync")',
        'terminal.build_fails("--pull")',
        '(terminal.run if 1 else terminal.fails)("uv sync")',
        'checks(terminal, "a")',
        'compares(output=terminal.run("uv sync"))',
        "compares(nothing(terminal))",
    ],
)
def test_an_assertion_about_output_is_found(body):
    assert len(asserted(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        'terminal.run("uv sync")',
        'terminal.run("uv sync"); assert True',
        'output = terminal.run("uv sync"); assert "output"',
        "nothing(terminal)",
        'compares("")',
        'thread.fails("uv sync")',
    ],
)
def test_other_assertions_do_not_count(body):
    assert asserted(body) == []


CLAIM = Claim("a", "uv installs.", "Topic", Path("a.py"), "", False, ("assert output",))


def recorded(**content):
    return {"sentence": "uv installs.", "asserted": ["assert output"], "transcript": [], **content}


def test_a_sentence_that_changes_without_its_test_is_shown():
    now = replace(CLAIM, sentence="uv removes.")
    assert unproven_change(recorded(), now) == [
        "a: the sentence has changed, and its test has not. Read both:",
        "  before:  uv installs.",
        "  now:     uv removes.",
        "  asserts: assert output",
    ]
    assert unproven_change(recorded(), CLAIM) == []
    assert unproven_change(recorded(), replace(now, asserted=("assert not output",))) == []
    without = {"sentence": "uv installs.", "transcript": []}
    assert unproven_change(without, now) == []

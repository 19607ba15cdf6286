"""Read the catalogue of claims: statements about uv and Docker, each with its own test.

A claim is a test function under tests/claims/ that takes the fixture `terminal` or `docker`. Its
name is the claim's identifier and its docstring the claim's sentence.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guide import ROOT, Problem
from guide.content import recordings
from guide.content.claim_assertions import assertions, functions_of
from guide.content.recording_types import ClaimRecording

TESTS = ROOT / "tests/claims"


@dataclass(frozen=True)
class Claim:
    """A claim. `topic` is the first line of the docstring of the test's module.

    `asserted` is the code with which its test compares the output of its commands.
    """

    name: str
    sentence: str
    topic: str
    file: Path
    source: str
    needs_docker: bool
    asserted: tuple[str, ...] = ()

    @property
    def test(self) -> str:
        """The pytest node id of its test."""
        return f"{self.file}::test_{self.name.replace('-', '_')}"


@cache
def claims(folder: Path = TESTS) -> dict[str, Claim]:
    """Return the claims in a folder of tests by identifier, in the order of files and functions.

    Raises Problem if a claim has no sentence or if two claims have one identifier.
    """
    by_name: dict[str, Claim] = {}
    for file in sorted(folder.glob("test_*.py")):
        text = file.read_text()
        lines = text.split("\n")
        module = ast.parse(text)
        topic = (ast.get_docstring(module) or "").partition("\n")[0]
        for node in module.body:
            if isinstance(node, ast.FunctionDef) and (fixture := _terminal_fixture(node)):
                name = identifier(node.name)
                sentence = " ".join((ast.get_docstring(node) or "").split())
                if not sentence or name in by_name:
                    raise Problem(f"{file.name}: {node.name} needs a unique name and a docstring.")
                # ast.get_source_segment would split the whole file again for each function.
                source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                asserted = tuple(assertions(node, {fixture}, functions_of(module)))
                is_docker = fixture == "docker"
                by_name[name] = Claim(name, sentence, topic, file, source, is_docker, asserted)
    return by_name


def _terminal_fixture(function: ast.FunctionDef) -> str | None:
    """Return the terminal fixture that a claim's test takes, or None for any other function."""
    fixtures = {argument.arg for argument in function.args.args} & {"terminal", "docker"}
    return fixtures.pop() if fixtures and function.name.startswith("test_") else None


def claim(name: str) -> Claim:
    """Return the claim with the identifier `name`. Raises Problem if it does not exist."""
    try:
        return claims()[name]
    except KeyError:
        raise Problem(f"tests/claims has no claim {name!r}. Correct the name.") from None


def identifier(function: str) -> str:
    """Return the identifier of the claim that a test function states."""
    return function.removeprefix("test_").replace("_", "-")


def claim_recording(name: str) -> ClaimRecording:
    """Return the recorded transcript of a claim. Raises Problem if it does not exist."""
    return recordings.claim(claim(name).name)

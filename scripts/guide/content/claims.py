"""Read the catalogue of claims: the statements about uv and Docker that have a test.

A claim is a function under tests/claims/: its name is the identifier, its docstring the sentence.
It takes a `terminal`, or `docker`, and works on a small project that it writes itself.
"""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guide import ROOT, Problem
from guide.content import recordings

TESTS = ROOT / "tests/claims"


@dataclass(frozen=True)
class Claim:
    """One claim as its test states it. `topic` is the first line of the test's file."""

    name: str
    sentence: str
    topic: str
    file: Path
    source: str
    needs_docker: bool

    @property
    def test(self) -> str:
        """How pytest calls it."""
        return f"{self.file}::test_{self.name.replace('-', '_')}"


@cache
def claims(folder: Path = TESTS) -> dict[str, Claim]:
    """Return the claims in a folder of tests by identifier, in the order of files and functions.

    Raises Problem if a claim has no sentence or if two claims have one identifier.
    """
    found = {}
    for file in sorted(folder.glob("test_*.py")):
        text = file.read_text()
        module = ast.parse(text)
        topic = (ast.get_docstring(module) or "").partition("\n")[0]
        for node in module.body:
            if isinstance(node, ast.FunctionDef) and _terminal(node):
                name = identifier(node.name)
                sentence = " ".join((ast.get_docstring(node) or "").split())
                if not sentence or name in found:
                    raise Problem(f"{file.name}: {node.name} needs a name and a sentence.")
                source = ast.get_source_segment(text, node)
                docker = _terminal(node) == "docker"
                found[name] = Claim(name, sentence, topic, file, source, docker)
    return found


def _terminal(function: ast.FunctionDef) -> str | None:
    """Which of the two kinds of terminal a function asks for, if it is a test of a claim."""
    wanted = {each.arg for each in function.args.args} & {"terminal", "docker"}
    return wanted.pop() if wanted and function.name.startswith("test_") else None


def claim(name: str) -> Claim:
    """The claim of that identifier. Raises Problem when there is none."""
    try:
        return claims()[name]
    except KeyError:
        raise Problem(f"There is no claim {name!r} under tests/claims.") from None


def identifier(function: str) -> str:
    return function.removeprefix("test_").replace("_", "-")


def recording(name: str) -> dict:
    """What was recorded of a claim. Raises Problem if nothing was."""
    return recordings.claim(claim(name).name)

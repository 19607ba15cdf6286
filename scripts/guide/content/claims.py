"""Read the catalogue of claims: statements about uv and Docker, each with its own test.

A claim is a test function under tests/claims/ that takes the fixture `terminal` or `docker`. Its
name is the claim's identifier and its docstring the claim's sentence. A former statement is a claim
that newer releases of uv made untrue. Its test has the marker
`until("VERSION", replaced_by="NAME")`, and runs with that release, the last one with which the
statement was true.
"""

import ast
import hashlib
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

    `asserted` is the code with which its test compares the output of its commands. `fingerprint`
    changes if the test could have a different result. `until` and `replaced_by` are set for former
    statements: the last release of uv with which the statement was true, and the claim that
    replaced it.
    """

    name: str
    sentence: str
    topic: str
    file: Path
    source: str
    needs_docker: bool
    asserted: tuple[str, ...] = ()
    fingerprint: str = ""
    until: str | None = None
    replaced_by: str | None = None

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
    helpers = sorted(path for path in folder.glob("*.py") if not path.name.startswith("test_"))
    shared = "\n".join(ast.unparse(ast.parse(path.read_text())) for path in helpers)
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
                by_name[name] = Claim(
                    name,
                    sentence,
                    topic,
                    file,
                    source,
                    fixture == "docker",
                    asserted,
                    _fingerprint(node, module, shared),
                    *_former(node),
                )
    return by_name


def former_statements() -> list[Claim]:
    """Return the claims that newer releases of uv made untrue."""
    return [each for each in claims().values() if each.until]


def _fingerprint(function: ast.FunctionDef, module: ast.Module, shared: str) -> str:
    """Return a digest of the code that a claim's test runs.

    Comments, docstrings and imports are left out. `shared` is the code of the modules that every
    test of the folder can use.
    """
    others = [
        node
        for node in module.body
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
        and not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    code = "\n".join(_code(node) for node in (*others, function))
    return hashlib.sha256(f"{shared}\n{code}".encode()).hexdigest()[:16]


def _code(node: ast.stmt) -> str:
    """Return the code of a statement. A module's or a function's docstring is left out."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return ""
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
        body = "\n".join(ast.unparse(each) for each in node.body[1:])
        decorators = "\n".join(ast.unparse(each) for each in node.decorator_list)
        return f"{decorators}\n{node.name}({ast.unparse(node.args)})\n{body}"
    return ast.unparse(node)


def _former(function: ast.FunctionDef) -> tuple[str | None, str | None]:
    """Return the arguments of a test's marker `until`, or None for each.

    Raises Problem if the marker lacks one of them.
    """
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.until":
            values = [*decorator.args, *(each.value for each in decorator.keywords)]
            texts = [str(each.value) for each in values if isinstance(each, ast.Constant)]
            if len(texts) != 2 or [each.arg for each in decorator.keywords] != ["replaced_by"]:
                raise Problem(
                    f'{function.name} needs the marker until("VERSION", replaced_by="NAME").'
                )
            return texts[0], texts[1]
    return None, None


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

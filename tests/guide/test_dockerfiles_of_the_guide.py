"""Parse every Dockerfile and every recorded step of the guide with guide.content.dockerfile."""

import ast
import json
import re

import pytest

from guide import ROOT
from guide.content import recordings
from guide.content.contenders import contenders
from guide.content.dockerfile import Dockerfile
from guide.content.edits import ANOTHER_UV
from guide.content.examples import EXAMPLES, example
from guide.engine.stand_ins import BUILD_ARGUMENTS


@pytest.mark.parametrize("name", recordings.names("layers"))
def test_recorded_steps_are_the_normalised_instructions(name):
    built = example(name)
    recording = recordings.layers(name)
    arguments = {}
    if recording["recorded"]["base_images"] == "stand-ins":
        for image in built.parsed.base_images:
            arguments |= BUILD_ARGUMENTS.get(image, {})
    edited = built.dockerfile_text.replace(f"/uv:{built.uv_version}", f"/uv:{ANOTHER_UV}")
    known = {
        each.normalised
        for text in (built.dockerfile_text, edited)
        for each in Dockerfile.parse(text, arguments).instructions
    }
    steps = {step["instruction"] for build in recording["builds"] for step in build["steps"]}
    assert steps
    assert steps <= known


# --- the Dockerfiles of the guide ---


def test_every_line_of_the_guides_dockerfiles_is_read():
    paths = sorted(EXAMPLES.rglob("*Dockerfile"))
    assert len(paths) >= 13
    for text in [path.read_text() for path in paths] + [each.text for each in contenders()]:
        lines = (line.rstrip() for line in text.splitlines())
        code = [line for line in lines if line and not line.lstrip().startswith("#")]
        assert [*Dockerfile.parse(text).code] == code


def test_parsed_dockerfiles_are_comparable_and_immutable():
    """Parsed Dockerfiles are immutable, and parsing a text twice gives equal instructions."""
    one, other = (Dockerfile.parse(contenders()[0].text) for _ in range(2))
    assert one.instructions == other.instructions
    assert len({*one.instructions, *other.instructions}) == len(one.instructions)
    assert json.dumps(one.stages[0].environment | {})
    with pytest.raises(TypeError):
        one.stages[0].environment["A"] = "1"


# --- nothing else reads a Dockerfile ---

SEARCHES = {"compile", "findall", "finditer", "fullmatch", "match", "search", "sub", "subn"}
SEARCHES |= {"find", "index", "partition", "rpartition", "split", "startswith"}
INSTRUCTION = re.compile(r"\b(FROM|COPY|RUN|ENV|ARG|WORKDIR|CMD|ENTRYPOINT)\b|mount=|\bfrom=")


def searches_for_instructions(source):
    """Yield calls of search functions whose pattern contains an instruction or a mount."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") not in SEARCHES:
            continue
        if call.args and INSTRUCTION.search(ast.unparse(call.args[0])):
            yield ast.unparse(call)


def test_no_other_module_searches_a_dockerfile():
    assert [*searches_for_instructions('re.findall(rf"(?m)^ARG {name}", text)')]
    paths = sorted((ROOT / "scripts/guide").rglob("*.py"))
    calls = {str(path): [*searches_for_instructions(path.read_text())] for path in paths}
    assert {name: each for name, each in calls.items() if each} == {}

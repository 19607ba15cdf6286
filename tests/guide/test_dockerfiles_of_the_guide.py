"""Parse every Dockerfile and every recorded step of the guide with guide.content.dockerfile."""

import ast
import json
import re
from collections.abc import Callable, Iterator

import pytest

from guide import ROOT
from guide.content import recordings
from guide.content.build_facts import installs_packages
from guide.content.contenders import contenders
from guide.content.dockerfile import Dockerfile, Instruction
from guide.content.edits import ANOTHER_UV
from guide.content.examples import EXAMPLES, every_example, example
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
    assert steps_of_the_image(built.dockerfile_text, arguments) <= steps


def steps_of_the_image(text, arguments):
    """Return the steps of the last stage and of the stages that it needs."""
    stages = Dockerfile.parse(text, arguments).stages_for()
    return {
        each.normalised
        for stage in stages
        for each in stage.instructions
        if each.keyword in {"ADD", "COPY", "RUN", "WORKDIR"}
    }


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


# --- rules that every Dockerfile follows ---


def dockerfiles() -> Iterator[tuple[str, Dockerfile]]:
    """Yield the Dockerfiles of the examples, their private servers and the contenders by name."""
    for each in every_example():
        yield f"examples/{each.project}/{each.dockerfile}", each.parsed
        if each.private_server is not None:
            name = each.private_server.relative_to(ROOT).as_posix()
            yield name, Dockerfile.parse(each.private_server.read_text())
    yield from ((f"contender {each.name}", each.parsed) for each in contenders())


def unlocked(instruction: Instruction) -> Iterator[str]:
    """Yield why an instruction uses the lockfile without checking that it is up to date."""
    if any("UV_FROZEN" in line for line in instruction.code):
        yield "UV_FROZEN keeps uv from checking the lockfile"
    for command in instruction.commands:
        reads_lockfile = command.call[:2] in {("uv", "sync"), ("uv", "export"), ("uv", "run")}
        if reads_lockfile and "--locked" not in command.call:
            yield f"{command.text!r} lacks --locked"
        if command.call[:2] == ("uv", "lock"):
            yield f"{command.text!r} updates the lockfile during the build"


def unhashed(instruction: Instruction) -> Iterator[str]:
    """Yield why an instruction does not compare packages with the hashes in the lockfile."""
    for command in instruction.commands:
        # A package of the project itself, from a folder, has no hash.
        is_folder = "--no-deps" in command.call and command.call[-1].startswith("./")
        installs = "pip" in command.call and installs_packages(command) and not is_folder
        if installs and "--require-hashes" not in command.call:
            yield f"{command.text!r} lacks --require-hashes"
        if "--no-hashes" in command.call:
            yield f"{command.text!r} leaves out the hashes"


def optional_secrets(instruction: Instruction) -> Iterator[str]:
    """Yield the secrets without which an instruction starts and fails with a misleading error."""
    for mount in instruction.mounts:
        if mount.type == "secret" and mount.options.get("required") != "true":
            yield f"the mount of the secret {mount.options.get('id')!r} lacks required=true"


# The exported file names a package from Git by its commit, which has no hash.
PACKAGES_FROM_GIT = {"examples/pattern-c-cache-mounts/lock-stage.Dockerfile"}
# scripts/bench passes the secret to each build of these contenders. Readers do not copy them, and
# after a change, they would have to be timed again.
ONLY_TIMED = {
    "contender shop-bind-mounts",
    "contender shop-kept-venv",
    "contender shop-lock-stage",
    "contender shop-multi-stage",
    "contender shop-pip",
    "contender shop-uv-example",
}


@pytest.mark.parametrize(
    ("faults", "exceptions"),
    [(unlocked, set()), (unhashed, PACKAGES_FROM_GIT), (optional_secrets, ONLY_TIMED)],
    ids=["locked", "hashes", "secrets"],
)
def test_every_dockerfile_follows_the_rule(
    faults: Callable[[Instruction], Iterator[str]], exceptions: set[str]
) -> None:
    excepted = set()
    for name, dockerfile in dockerfiles():
        for instruction in dockerfile.instructions:
            for fault in faults(instruction):
                assert name in exceptions, f"{name}, line {instruction.line}: {fault}"
                excepted.add(name)
    unnecessary = exceptions - excepted
    assert not unnecessary, f"Remove the exceptions that are not necessary: {unnecessary}"


@pytest.mark.parametrize(
    ("faults", "text"),
    [
        (unlocked, "RUN uv sync --frozen --no-dev"),
        (unlocked, "RUN uv export --output-file requirements.txt"),
        (unlocked, "RUN UV_FROZEN=1 uv sync --locked"),
        (unlocked, "ENV UV_FROZEN=1"),
        (unlocked, "RUN uv lock && uv sync --locked"),
        (unhashed, "RUN uv export --locked --no-hashes"),
        (unhashed, "RUN uv venv && uv pip sync requirements.txt"),
        (unhashed, "RUN pip install --requirement requirements.txt"),
        (optional_secrets, "RUN --mount=type=secret,id=token uv sync --locked"),
        (optional_secrets, "RUN --mount=type=secret,id=token,required=false uv sync --locked"),
    ],
)
def test_a_fault_is_found(faults: Callable[[Instruction], Iterator[str]], text: str) -> None:
    assert len([*faults(Instruction.parse(text))]) == 1


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

"""The reader of Dockerfiles in JavaScript agrees with the one in Python, a port of BuildKit's."""

from pathlib import Path

import pytest

from guide import ROOT
from guide.content.contenders import contenders
from guide.content.dockerfile import Dockerfile, Instruction, Stage
from guide.content.examples import every_example
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/dockerfile.js"
READ = """(texts) => texts.map((text) => {
    const { stages, problems } = module.readDockerfile(text);
    return { problems, stages: stages.map(({ end, start, ...stage }) => stage) };
})"""
UNUSUAL = [
    path.read_bytes().decode() for path in sorted(Path(__file__).parent.glob("unusual/*Dockerfile"))
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """The Dockerfiles of the guide, and some with unusual syntax."""
    texts = [
        *(example.dockerfile_text for example in every_example()),
        *(contender.text for contender in contenders()),
        *UNUSUAL,
    ]
    return list(dict.fromkeys(texts))


def test_both_readers_agree(texts):
    for text, read in zip(texts, node.call(MODULE, READ, texts), strict=True):
        assert read["problems"] == []
        expected = [expected_stage(stage) for stage in Dockerfile.parse(text).stages]
        assert [actual_stage(stage) for stage in read["stages"]] == expected


def expected_stage(stage: Stage) -> dict[str, object]:
    return {
        "name": stage.name,
        "base": stage.base,
        "base_stage": stage.base_stage.number if stage.base_stage else None,
        "uses": {used.number for used in stage.uses},
        "platform": stage.platform or "",
        "instructions": [expected_instruction(each) for each in stage.instructions],
    }


def actual_stage(stage: dict) -> dict[str, object]:
    return {
        "name": stage["name"],
        "base": stage["base"],
        "base_stage": stage.get("baseStage"),
        "uses": {*stage["uses"]},
        "platform": stage["platform"],
        "instructions": [actual_instruction(each) for each in stage["instructions"]],
    }


def expected_instruction(instruction: Instruction) -> dict[str, object]:
    return {
        "keyword": instruction.keyword,
        "lines": (instruction.line, instruction.last_line),
        "flags": [*instruction.flags],
        "heredocs": [(each.name, each.content, each.expands) for each in instruction.heredocs],
        "mounts": [dict(each.options) for each in instruction.mounts],
        "arguments": arguments(instruction.keyword, [*instruction.arguments]),
        "assignments": sorted(instruction.assignments.items())
        if instruction.keyword in {"ARG", "ENV"}
        else [],
    }


def actual_instruction(instruction: dict) -> dict[str, object]:
    is_shell = instruction["keyword"] == "RUN" and not instruction["isExec"]
    words = [instruction["command"]] if is_shell else instruction["words"]
    return {
        "keyword": instruction["keyword"],
        "lines": (instruction["line"], instruction["lastLine"]),
        "flags": [tuple(flag) for flag in instruction["flags"]],
        "heredocs": [
            (each["name"], each["content"], each["expands"]) for each in instruction["heredocs"]
        ],
        "mounts": [mount["options"] for mount in instruction["mounts"]],
        "arguments": arguments(instruction["keyword"], words),
        # JSON has no undefined value.
        "assignments": sorted((name, value) for name, value in instruction["assignments"]),
    }


def arguments(keyword: str, words: list[str]) -> list[str]:
    """Return the arguments of the instructions of which the module uses them."""
    return words if keyword in {"ADD", "COPY", "RUN", "SHELL"} else []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "No FROM starts a stage"),
        ("FROM a\nINSTALL x\n", 2, "INSTALL is no instruction"),
        ("RUN x\nFROM a\n", 1, "RUN is above the first FROM"),
        ("FROM a AS\n", 1, "FROM takes an image, or an image and `AS name`"),
        ("FROM a\nCOPY --from=2 b c\n", 2, "no stage 2 ends above this line"),
        ("FROM a\nCOPY --from=b b c\nFROM a AS b\n", 2, "no stage b ends above this line"),
        ('FROM a\nENV A="b\n', 2, '"\\"b" has no closing "'),
        ("FROM a\nWORKDIR ${A\n", 2, '"${A" has no closing }'),
        ("FROM a\nRUN <<END\nx\n", 2, "END ends no line below"),
        ("\0\ufffd\n" * 5, 1, "No FROM starts a stage"),
    ],
)
def test_what_is_not_understood_is_named(text, line, reason):
    problems = node.call(MODULE, "(text) => module.readDockerfile(text).problems", text)
    assert {"line": line, "reason": reason} in problems


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("operator", "end"), [("#", ""), ("##", ""), ("%", ""), ("%%", ""), ("/", "/x"), ("//", "/x")]
)
def test_many_wildcards_in_a_variable_take_little_time(operator, end):
    """A regular expression would try every way to divide the value among the wildcards."""
    text = f"FROM a\nARG A={'a' * 120}\nWORKDIR /${{A{operator}{'*a' * 30}b{end}}}\n"
    function = "(text) => module.readDockerfile(text).stages[0].end.workdir"
    assert node.call(MODULE, function, text) == f"/{'a' * 120}"

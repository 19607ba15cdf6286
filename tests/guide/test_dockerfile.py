"""Parse Dockerfiles, both common ones and unusual ones that BuildKit's grammar allows."""

import pytest

from guide import Problem
from guide.content.dockerfile import Dockerfile, Instruction
from guide.content.shell import commands


def lines_of(dockerfile):
    return [(each.keyword, each.line, each.last_line) for each in dockerfile.instructions]


# --- lines, comments, directives ---


def test_comments_and_empty_lines_inside_a_continuation_belong_to_no_command():
    dockerfile = Dockerfile.parse(
        "# Why\n\nFROM python\n"
        "RUN one \\\n    # a comment\n\n    && two \\\n  # last\n    three\n\nUSER 1\n"
    )
    assert lines_of(dockerfile) == [("FROM", 3, 3), ("RUN", 4, 9), ("USER", 11, 11)]
    run = dockerfile.instructions[1]
    assert run.normalised == "RUN one && two three"
    assert run.code == ("RUN one \\", "    && two \\", "    three")
    assert [each.words for each in run.commands] == [("one",), ("two", "three")]


def test_only_the_last_backslash_on_a_line_continues_it():
    dockerfile = Dockerfile.parse("FROM a\nENV A=b\\ c \\\n D=e\nRUN x \\\\\nRUN y \\ \t\nz\n")
    assert [each.line for each in dockerfile.instructions] == [1, 2, 4, 5]
    assert dockerfile.instructions[1].assignments == {"A": "b c", "D": "e"}
    assert dockerfile.instructions[3].normalised == "RUN y z"


def test_windows_line_ends_and_a_last_line_without_one():
    dockerfile = Dockerfile.parse("FROM a\r\nRUN x \\\r\n  y\r\nUSER 1")
    assert lines_of(dockerfile) == [("FROM", 1, 1), ("RUN", 2, 3), ("USER", 4, 4)]
    assert dockerfile.instructions[1].normalised == "RUN x y"
    assert dockerfile.code == ("FROM a", "RUN x \\", "  y", "USER 1")


def test_escape_directive_replaces_the_backslash():
    dockerfile = Dockerfile.parse(
        "# syntax=x\n# escape=`\nFROM a\nRUN dir C:\\ `\n  && b\nUSER c:\\x\n"
    )
    assert lines_of(dockerfile) == [("FROM", 3, 3), ("RUN", 4, 5), ("USER", 6, 6)]
    assert dockerfile.instructions[1].normalised == "RUN dir C:\\ && b"
    assert dockerfile.instructions[2].arguments == ("c:\\x",)


@pytest.mark.parametrize("above", ["# A comment\n", "\n", "FROM b\n"])
def test_escape_directive_below_anything_else_is_a_comment(above):
    dockerfile = Dockerfile.parse(f"{above}# escape=`\nFROM a\nRUN x \\\n y\n")
    assert dockerfile.instructions[-1].normalised == "RUN x y"


def test_keywords_are_read_in_either_case():
    dockerfile = Dockerfile.parse(
        "from python as Build\nrun x\nfrom build\ncopy --from=BUILD /a /b\n"
    )
    assert [each.name for each in dockerfile.stages] == ["build", "stage-1"]
    assert dockerfile.stages[1].uses == (dockerfile.stages[0],)
    assert [each.normalised for each in dockerfile.instructions[1::2]] == [
        "RUN x",
        "COPY --from=BUILD /a /b",
    ]


# --- heredocs ---


def test_several_heredocs_in_one_instruction():
    dockerfile = Dockerfile.parse(
        "FROM a\nCOPY <<one.txt <<-'two' /x/\n"
        "FROM $b\n# not a comment\n\none.txt\n\ttabs\n\ttwo\nUSER 1\n"
    )
    assert lines_of(dockerfile) == [("FROM", 1, 1), ("COPY", 2, 8), ("USER", 9, 9)]
    copy = dockerfile.instructions[1]
    assert [(each.name, each.content, each.expands) for each in copy.heredocs] == [
        ("one.txt", "FROM $b\n# not a comment\n\n", True),
        ("two", "tabs\n", False),
    ]
    assert copy.code[1:4] == ("FROM $b", "# not a comment", "")
    assert len(dockerfile.stages) == 1


def test_heredoc_as_a_script_and_heredoc_as_input():
    script, piped = Dockerfile.parse(
        "FROM a\n"
        "RUN <<EOF\n# Twice\nuv venv\nuv pip sync \\\n  x.txt\nEOF\n"
        "RUN cat > f <<EOF && b\nuv sync\nEOF\n"
    ).instructions[1:]
    assert [each.text for each in script.commands] == ["uv venv", "uv pip sync x.txt"]
    assert script.normalised == "RUN <<EOF (# Twice...)"
    assert [each.text for each in piped.commands] == ["cat > f <<EOF", "b"]
    assert piped.normalised == "RUN cat > f <<EOF && b"


def test_here_string_and_quoted_angle_brackets_are_no_heredocs():
    dockerfile = Dockerfile.parse(
        'FROM a\nRUN cat <<<x\nRUN echo \'<<EOF\'\nRUN ["x", "<<EOF"]\nENV A=<<B\n'
    )
    assert not any(each.heredocs for each in dockerfile.instructions)


# --- flags and mounts ---


def test_flags_of_copy_from_and_run():
    first, copy, run = Dockerfile.parse(
        "FROM --platform=linux/amd64 a\n"
        "COPY --chown=1:2 --link --exclude=a --exclude=b x y --from=z\n"
        "RUN --network=none --security=insecure echo --mount=type=cache\n"
    ).instructions
    assert first.flag("platform") == "linux/amd64"
    assert copy.flags == (("chown", "1:2"), ("link", "true"), ("exclude", "a"), ("exclude", "b"))
    assert copy.flag("from") is None
    assert copy.arguments == ("x", "y", "--from=z")
    assert run.flag("network") == "none"
    assert run.mounts == ()
    assert run.commands[0].words == ("echo", "--mount=type=cache")


def test_mounts_have_their_options_by_their_long_names():
    run = Instruction.parse(
        "RUN --mount=type=cache,target=/root/.cache/uv,sharing=locked \\\n"
        "  --mount=src=uv.lock,dst=uv.lock,ro --mount=type=Secret,id=t,env=TOKEN,required=true \\\n"
        "  --mount=from=ghcr.io/astral-sh/uv:0.13.9,source=/uv,destination=/bin/uv uv sync"
    )
    assert [each.type for each in run.mounts] == ["cache", "bind", "secret", "bind"]
    assert [each.from_ for each in run.mounts] == [None, None, None, "ghcr.io/astral-sh/uv:0.13.9"]
    assert run.mounts[0].options["sharing"] == "locked"
    assert run.mounts[1].options == {"source": "uv.lock", "target": "uv.lock", "readonly": "true"}
    assert run.mounts[3].options["target"] == "/bin/uv"


def test_a_mount_is_expanded_with_the_variables_of_its_stage():
    dockerfile = Dockerfile.parse(
        "FROM a\nARG CACHE=/c\nENV HOME=/h\n"
        "RUN --mount=type=cache,target=$HOME$CACHE,id=$UNKNOWN x\n"
    )
    assert dockerfile.instructions[-1].mounts[0].options == {
        "type": "cache",
        "target": "/h/c",
        "id": "$UNKNOWN",
    }


# --- stages ---

DIAMOND = """\
ARG PYTHON=3.14
ARG BASE=python:${PYTHON}-slim
FROM ${BASE} AS base
FROM base AS fetch
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
FROM fetch AS lock
RUN --mount=from=node:24,target=/node uv export
FROM fetch AS packages
COPY --from=LOCK /requirements.txt ./
FROM base AS test
COPY --from=3 /venv /venv
FROM --platform=$BUILDPLATFORM scratch
COPY --from=busybox:1 /bin/sh /
FROM base
COPY --from=packages /venv /venv
RUN --mount=from=packages,source=/bin/uv,target=/bin/uv uv sync
"""


def test_stages_and_what_they_are_built_from():
    dockerfile = Dockerfile.parse(DIAMOND)
    names = ["base", "fetch", "lock", "packages", "test", "stage-5", "stage-6"]
    assert [each.name for each in dockerfile.stages] == names
    assert [each.is_named for each in dockerfile.stages] == [True] * 5 + [False] * 2
    uses = {each.name: [used.name for used in each.uses] for each in dockerfile.stages}
    assert uses == {
        "base": [],
        "fetch": ["base"],
        "lock": ["fetch"],
        "packages": ["fetch", "lock"],
        "test": ["base", "packages"],
        "stage-5": [],
        "stage-6": ["base", "packages"],
    }
    assert {each.base_image for each in dockerfile.stages} == {"python:3.14-slim", "scratch"}
    assert dockerfile.stages[5].platform == "$BUILDPLATFORM"


def test_what_a_target_needs():
    dockerfile = Dockerfile.parse(DIAMOND)
    needed = [each.name for each in dockerfile.stages_for()]
    assert needed == ["base", "fetch", "lock", "packages", "stage-6"]
    assert [each.name for each in dockerfile.stages_for("Lock")] == ["base", "fetch", "lock"]
    assert dockerfile.images_for("fetch") == ("python:3.14-slim", "ghcr.io/astral-sh/uv:0.13.9")
    assert dockerfile.images_for()[-1] == "node:24"
    with pytest.raises(Problem, match="no stage 'stage-6'"):
        dockerfile.stages_for("stage-6")


def test_images_are_those_that_are_no_stage():
    dockerfile = Dockerfile.parse(DIAMOND)
    assert dockerfile.base_images == ("python:3.14-slim",)
    assert dockerfile.external_images == (
        "python:3.14-slim",
        "ghcr.io/astral-sh/uv:0.13.9",
        "node:24",
        "busybox:1",
    )


def test_a_stage_may_have_the_name_of_the_image_that_it_starts_from():
    dockerfile = Dockerfile.parse("FROM python AS python\nFROM python\n")
    assert dockerfile.base_images == ("python",)
    assert dockerfile.stages[1].base_stage is dockerfile.stages[0]


def test_from_is_case_sensitive_and_copy_is_not():
    dockerfile = Dockerfile.parse("FROM a AS Build\nFROM Build\nCOPY --from=Build x y\n")
    assert dockerfile.stages[1].base_stage is None
    assert dockerfile.stages[1].uses == (dockerfile.stages[0],)


def test_of_two_stages_with_one_name_the_later_is_meant():
    dockerfile = Dockerfile.parse("FROM a AS x\nFROM b AS x\nFROM x\n")
    assert dockerfile.stages[2].base_image == "b"
    assert dockerfile.stage("x").number == 1


def test_a_number_is_a_stage_for_copy_and_an_image_for_a_mount():
    dockerfile = Dockerfile.parse(
        "FROM a\nFROM b\nCOPY --from=0 x y\nRUN --mount=from=0,target=/x z\n"
    )
    assert dockerfile.stages[1].uses == (dockerfile.stages[0],)
    assert dockerfile.stages[1].images == ("b", "0")


# --- variables ---


@pytest.mark.parametrize(
    ("reference", "image"),
    [
        ("python:$V", "python:3.14"),
        ("python:${V}-slim", "python:3.14-slim"),
        ("python:${V:-3.12}", "python:3.14"),
        ("python:${OTHER:-3.12}-slim", "python:3.12-slim"),
        ("python:${OTHER:-$V}", "python:3.14"),
        ("python:${V:+new}", "python:new"),
        ("python:${V%.*}", "python:3"),
        ('"python:$V"', "python:3.14"),
        ("python:${UNSET:-3.12}", "python:3.12"),
        ("python:${DECLARED:-3.12}", "python:3.12"),
        ("python$UNSET", "python"),
        ("$TARGETARCH/python", "$TARGETARCH/python"),
    ],
)
def test_global_arguments_are_substituted_in_from(reference, image):
    dockerfile = Dockerfile.parse(f"ARG V=3.14\nARG OTHER= DECLARED\nFROM {reference}\n")
    assert dockerfile.base_images == (image,)


def test_build_arguments_replace_defaults():
    text = "ARG V=3.13\nFROM python:$V\nARG V\nARG W=1 X\nRUN pip install a==$V b==$W c==$X\n"
    assert Dockerfile.parse(text).instructions[-1].normalised.endswith("a==3.13 b==1 c==$X")
    dockerfile = Dockerfile.parse(text, {"V": "3.14", "X": "y", "NEVER": "declared"})
    assert dockerfile.base_images == ("python:3.14",)
    assert dockerfile.instructions[-1].normalised.endswith("a==3.14 b==1 c==y")
    assert dockerfile.declared_arguments == {"V", "W", "X"}


def test_a_global_argument_is_not_in_a_stage_that_does_not_declare_it():
    dockerfile = Dockerfile.parse("ARG V=1\nFROM a\nRUN echo $V\nFROM a\nARG V\nRUN echo $V\n")
    assert [each.normalised for each in dockerfile.instructions if each.keyword == "RUN"] == [
        "RUN echo $V",
        "RUN echo 1",
    ]


def test_the_platform_is_not_known():
    dockerfile = Dockerfile.parse(
        "FROM --platform=$BUILDPLATFORM a\nARG TARGETARCH\nRUN echo $TARGETARCH\n"
    )
    assert dockerfile.stages[0].platform == "$BUILDPLATFORM"
    assert dockerfile.instructions[-1].normalised == "RUN echo $TARGETARCH"


def test_env_values_in_both_forms():
    dockerfile = Dockerfile.parse(
        "FROM a AS base\n"
        "ENV A=1 B=\"x y\" \\\n  # inner\n  C='$A' D=e\\ f E=\n"
        'ENV LEGACY one  two = "3"\n'
        "ENV PATH=/opt/bin:$PATH A=2 F=$A\n"
        "FROM base\n"
        'ARG G="g g"\n'
    )
    first, legacy, last = dockerfile.stages[0].instructions
    assert first.assignments == {"A": "1", "B": "x y", "C": "$A", "D": "e f", "E": ""}
    assert legacy.assignments == {"LEGACY": "one  two = 3"}
    # As in BuildKit, an instruction uses the variables of earlier instructions.
    assert last.assignments == {"PATH": "/opt/bin:$PATH", "A": "2", "F": "1"}
    assert dockerfile.stages[1].environment["A"] == "2"
    assert dockerfile.stages[1].environment["G"] == "g g"
    assert "G" not in dockerfile.stages[0].environment


def test_labels_set_no_variable():
    dockerfile = Dockerfile.parse('FROM a\nLABEL a.b="c d" e=f\nRUN echo $e\n')
    assert dockerfile.instructions[1].assignments == {"a.b": "c d", "e": "f"}
    assert dockerfile.instructions[2].normalised == "RUN echo $e"


def test_arguments_have_no_quotes_and_known_variables():
    copy, workdir, expose, volume = Dockerfile.parse(
        'FROM a\nENV D=/d\nCOPY "my file" $D/\nWORKDIR $D/x\n'
        'EXPOSE 80 81/udp\nVOLUME ["/a", "/b c"]\n'
    ).instructions[2:]
    assert copy.arguments == ("my file", "/d/")
    assert workdir.arguments == ("/d/x",)
    assert expose.arguments == ("80", "81/udp")
    assert volume.arguments == ("/a", "/b c")


# --- commands ---


def test_exec_form_shell_form_and_what_only_looks_like_json():
    execs, shell, broken = Dockerfile.parse(
        'FROM a\nCMD ["gunicorn", "a b"]\nCMD gunicorn "a b"\nCMD [\'gunicorn\']\n'
    ).instructions[1:]
    assert execs.is_exec
    assert execs.commands[0].words == ("gunicorn", "a b")
    assert not shell.is_exec
    assert shell.commands[0].words == ("gunicorn", '"a b"')
    assert not broken.is_exec


def test_healthcheck_commands():
    shell, execs, none = Dockerfile.parse(
        "FROM a\nHEALTHCHECK --interval=1s CMD curl x || exit 1\n"
        'HEALTHCHECK CMD ["a", "b"]\nHEALTHCHECK NONE\n'
    ).instructions[1:]
    assert [each.text for each in shell.commands] == ["curl x", "exit 1"]
    assert shell.flag("interval") == "1s"
    assert execs.commands[0].words == ("a", "b")
    assert none.commands == ()


@pytest.mark.parametrize(
    ("script", "texts"),
    [
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("A=1 B='x y' uv sync --locked", ["uv sync --locked"]),
        ("export A=1 && uv venv", ["export A=1", "uv venv"]),
        ("echo 'a && b' \"c; d\" e\\;f", ["echo 'a && b' \"c; d\" e\\;f"]),
        ('v="$(python -c \'f("a && b")\')" && uv pip sync "$v"', ["", 'uv pip sync "$v"']),
        (r"echo 'a\' && b", [r"echo 'a\'", "b"]),
        ("x 2>&1 >/dev/null && y", ["x 2>&1 >/dev/null", "y"]),
        ("(a && b) && c `d; e` ${F:-g; h}", ["(a && b)", "c `d; e` ${F:-g; h}"]),
        ("a\n\n# b && c\n  d \\\n  e\n", ["a", "d e"]),
        ("", []),
    ],
)
def test_a_script_is_split_where_a_command_ends(script, texts):
    assert [each.text for each in commands(script)] == texts


def test_assignments_in_front_of_a_command():
    (command,) = commands('A=1 B="x y" uv sync C=3')
    assert command.assignments == ("A=1", 'B="x y"')
    assert command.call == ("uv", "sync", "C=3")


# --- instructions in the form of the build progress ---


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("run  a   \\\n    && b", "RUN a && b"),
        ("RUN echo \"$A\" '$A' $B", "RUN echo \"1\" '$A' $B"),
        ("RUN echo 'unfinished", "RUN echo 'unfinished"),
        (
            "RUN --mount=type=secret,id=p,env=P curl u:$P@h",
            "RUN --mount=type=secret,id=p,env=P curl u:****@h",
        ),
        ('COPY "a $A" $A/', "COPY a 1 1/"),
        ("COPY a ${HOME:-/root}", "COPY a ${HOME:-/root}"),
        ('COPY ["a", "/b"]', "COPY [a, /b]"),
        ("CMD echo $A", "CMD echo $A"),
        ("RUN <<EOF\nx\nEOF", "RUN <<EOF (x)"),
    ],
)
def test_instructions_read_like_the_build_progress(text, normalised):
    dockerfile = Dockerfile.parse(f"FROM a\nENV A=1\n{text}\n")
    assert dockerfile.instructions[-1].normalised == normalised


def test_one_instruction_by_its_text():
    dockerfile = Dockerfile.parse("FROM a\n\n# Why\nCOPY  . .\nRUN x\nRUN x\n")
    copy = dockerfile.instruction("COPY . .")
    assert copy.line == 4
    assert dockerfile.text_before(copy) == "FROM a\n\n# Why\n"
    with pytest.raises(Problem, match="2 times"):
        dockerfile.instruction("RUN x")
    with pytest.raises(Problem, match="0 times"):
        dockerfile.instruction("RUN y")


# --- Dockerfiles that BuildKit rejects ---


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no FROM"),
        ("# only a comment\n", "no FROM"),
        ("ARG A\n", "no FROM"),
        ("RUN x\nFROM a\n", "line 1: RUN is above"),
        ("FROM a\nRUNS x\n", "line 2: unknown instruction"),
        ("FROM a b\n", "line 1: FROM takes"),
        ("FROM a AS b c\n", "line 1: FROM takes"),
        ("FROM a\nRUN <<EOF\nx\n", "line 2: unterminated heredoc"),
        ("FROM a\nENV A\n", "line 2"),
        ("FROM a\nENV A=1 B\n", "line 2"),
        ('FROM a\nENV A="1\n', "line 2"),
        ("FROM a\nCOPY --from=0 x y\n", "line 2: no stage 0"),
        ("FROM a\nCOPY --from=7 x y\n", "line 2: no stage 7"),
        ("FROM a AS b\nCOPY --from=b x y\n", "line 2: stage 'b' does not end"),
        ("FROM a\nCOPY --from=later x y\nFROM a AS later\n", "line 2: stage 'later'"),
        ("ARG I=x\nFROM a\nCOPY --from=$I x y\n", r"line 3: '\$I' has a variable"),
        ("ARG I=x\nFROM a\nARG I\nRUN --mount=from=$I,target=/x y\n", r"line 4: '\$I' has"),
        ("ARG I=\nFROM $I\n", "line 2: FROM names no image"),
        ("ARG I=\nFROM ${I:?missing}\n", "line 2.*missing"),
        ("# escape=x\nFROM a\n", "line 1"),
    ],
)
def test_errors_name_the_line(text, message):
    with pytest.raises(Problem, match=message):
        Dockerfile.parse(text)

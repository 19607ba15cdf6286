"""Read the steps of a build, their durations and its failure from BuildKit's progress.

A fake docker command prints the progress, so that the tests need no engine.
"""

import base64
import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.engine.build import NO_IMAGE, Build, BuildFailed, build
from guide.engine.docker import Engine

Report = dict[str, Any]


@dataclass
class FakeDocker:
    """A docker command that prints progress and records the arguments of its last build.

    `arguments` are added to each build.
    """

    folder: Path
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        folder = shlex.quote(str(self.folder))
        program = self.folder / "docker"
        program.write_text(
            "#!/bin/sh\n"
            '[ "$1" = context ] && echo default && exit\n'
            f'echo "$@" > {folder}/arguments\n'
            f"cat {folder}/progress >&2\n"
            f"exit $(cat {folder}/code)\n"
        )
        program.chmod(0o755)

    def build(
        self,
        reports: list[Report],
        dockerfile: str = "FROM scratch\n",
        code: int = 0,
        other: str = "",
    ) -> Build:
        """Build a Dockerfile. The command prints these reports and other lines to stderr."""
        project = self.folder / "project"
        project.mkdir(exist_ok=True)
        (project / "Dockerfile").write_text(dockerfile)
        lines = [*map(json.dumps, reports), other]
        (self.folder / "progress").write_text("\n".join(lines))
        (self.folder / "code").write_text(str(code))
        return build(self.engine, project, "image", *self.arguments)

    @property
    def engine(self) -> Engine:
        environ = {"PATH": f"{self.folder}:/usr/bin:/bin"}
        return Engine(environ, private=False, build_arguments={"BASE": "stand-in"})

    @property
    def last_arguments(self) -> list[str]:
        """The arguments of the last build."""
        return (self.folder / "arguments").read_text().split()


@pytest.fixture
def docker(tmp_path: Path) -> FakeDocker:
    return FakeDocker(tmp_path)


def moment(second: float) -> str:
    """Return a time in BuildKit's format, with nanoseconds."""
    return f"2026-11-28T10:00:{second:012.9f}Z"


def vertex(
    name: str,
    start: float = 0,
    end: float | None = None,
    inputs: tuple[str, ...] = (),
    **more: object,
) -> Report:
    """Return a report about one vertex. Its name is also its digest, for readable tests."""
    about: Report = {"digest": name, "name": name, "inputs": inputs, "started": moment(start)}
    if end is not None:
        about["completed"] = moment(end)
    return {"vertexes": [about | more]}


def log(name: str, text: str | bytes) -> Report:
    data = text.encode() if isinstance(text, str) else text
    return {"logs": [{"vertex": name, "stream": 1, "data": base64.b64encode(data).decode()}]}


FROM = "[1/3] FROM docker.io/library/python:3.14"
CONTEXT = "[internal] load build context"
COPY = "[2/3] COPY . ."
RUN = "[3/3] RUN uv sync"


def test_steps_are_the_instructions_of_the_dockerfile_without_from(docker: FakeDocker) -> None:
    done = docker.build(
        [
            vertex(CONTEXT, 0, 1),
            vertex(FROM, 0, 2, cached=True),
            vertex(RUN, 3, 4.25, inputs=(COPY,)),
            vertex(COPY, 2, 3, inputs=(FROM, CONTEXT), cached=True),
            vertex("exporting to image", 5, 6, inputs=(RUN,)),
        ]
    )
    assert [(step.instruction, step.cached) for step in done.steps] == [
        ("COPY . .", True),
        ("RUN uv sync", False),
    ]
    assert done.ran == ["RUN uv sync"]
    assert done.tag == "image"
    assert done.seconds > 0


def test_a_step_takes_the_time_between_its_start_and_its_end(docker: FakeDocker) -> None:
    done = docker.build(
        [vertex(CONTEXT, 1, 2), vertex(COPY, 2.5, 4.123456789), vertex(RUN, 5, 9, cached=True)]
    )
    assert [step.seconds for step in done.steps] == [1.623, 0]
    # Relative to the start of the first vertex.
    assert [step.started for step in done.steps] == [1.5, 4]


def test_inputs_of_a_step_are_found_through_other_vertices(docker: FakeDocker) -> None:
    done = docker.build(
        [
            vertex("[build 1/2] RUN a", 0, 1),
            vertex("[cache 1/1] COPY b", 0, 1),
            vertex("merge", 1, 2, inputs=("[build 1/2] RUN a", "[cache 1/1] COPY b")),
            vertex("[build 2/2] RUN c", 2, 3, inputs=("merge",)),
        ],
        "FROM x AS build\nFROM x AS cache\n",
    )
    assert [step.after for step in done.steps] == [(), (0, 2), ()]


def test_stages_are_in_the_order_of_the_dockerfile(docker: FakeDocker) -> None:
    """An unnamed stage has the name that BuildKit uses."""
    dockerfile = "FROM a AS zebra\nfrom --platform=linux/amd64 b as apple\nFROM apple\n"
    done = docker.build(
        [
            vertex("[apple 2/2] RUN b", 0, 1),
            vertex("[stage-2 1/1] RUN d", 2, 3),
            vertex("[zebra 2/2] RUN a", 0, 1),
            vertex("[apple  3/12] RUN c", 1, 2),
        ],
        dockerfile,
    )
    assert [(step.stage, step.instruction) for step in done.steps] == [
        ("zebra", "RUN a"),
        ("apple", "RUN b"),
        ("apple", "RUN c"),
        ("stage-2", "RUN d"),
    ]


def test_an_instruction_is_one_line(docker: FakeDocker) -> None:
    done = docker.build([vertex("[2/2] RUN <<END\n  a\n\n  b\nEND", 0, 1)])
    assert [step.instruction for step in done.steps] == ["RUN <<END a b END"]


REPORTS = [
    vertex(FROM, 0, 1, cached=True),
    vertex(COPY, 1, 2, inputs=(FROM,)),
    vertex(RUN, 2, 3, inputs=(COPY,)),
    log(RUN, "Prepared 3 packages in 5ms\n"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=st.permutations(REPORTS))
def test_the_order_of_the_reports_does_not_matter(
    docker: FakeDocker, reports: list[Report]
) -> None:
    wanted = docker.build(REPORTS)
    done = docker.build(reports)
    assert (done.steps, done.output) == (wanted.steps, wanted.output)


def test_a_later_report_adds_to_an_earlier_one(docker: FakeDocker) -> None:
    name = {"digest": RUN, "name": RUN}
    done = docker.build(
        [
            {"vertexes": [name]},
            {"vertexes": [name | {"started": moment(1)}]},
            {"vertexes": [name | {"completed": moment(3)}]},
        ]
    )
    assert [step.seconds for step in done.steps] == [2]


def test_output_is_that_of_all_steps(docker: FakeDocker) -> None:
    done = docker.build(
        [
            vertex(COPY, 0, 1),
            vertex(RUN, 0, 1),
            log(RUN, "Prepared 3 packages in 5ms\n"),
            log(COPY, "Prepared 1 package in 5ms\n"),
            log(RUN, "done\n"),
        ]
    )
    assert done.output.count("\n") == 3
    assert "5ms\ndone\n" in done.output
    assert done.prepared == 4


def test_a_character_may_come_in_two_parts(docker: FakeDocker) -> None:
    start, end = "…".encode()[:1], "…".encode()[1:]
    assert docker.build([vertex(RUN, 0, 1), log(RUN, start), log(RUN, end)]).output == "…"


def test_invalid_utf_8_in_the_output_is_replaced(docker: FakeDocker) -> None:
    assert (
        docker.build([vertex(RUN, 0, 1), log(RUN, b"\xff\n")]).output
        == "\N{REPLACEMENT CHARACTER}\n"
    )


@pytest.mark.parametrize("arguments", [(), ("--push",), (NO_IMAGE,)])
def test_the_image_is_loaded_unless_it_goes_elsewhere(
    docker: FakeDocker, arguments: tuple[str, ...]
) -> None:
    docker.arguments = arguments
    docker.build([])
    assert ("--load" in docker.last_arguments) == (not arguments)
    assert docker.last_arguments[:2] == ["buildx", "build"]


@pytest.mark.parametrize(
    ("dockerfile", "is_told"),
    [
        ("ARG BASE=x\nFROM $BASE\n", True),
        ("FROM x\nARG BASEMENT BASE\n", True),
        ("FROM x\nARG BASEMENT\n# ARG BASE\n", False),
    ],
)
def test_only_declared_build_arguments_are_passed(
    docker: FakeDocker, dockerfile: str, is_told: bool
) -> None:
    docker.build([], dockerfile)
    assert ("--build-arg=BASE=stand-in" in docker.last_arguments) is is_told


@pytest.fixture
def failing(docker: FakeDocker) -> Callable[..., BuildFailed]:
    """A function that builds with the given reports and returns the failure."""

    def fail(reports: list[Report], other: str = "") -> BuildFailed:
        with pytest.raises(BuildFailed) as caught:
            docker.build(reports, code=1, other=other)
        return caught.value

    return fail


def test_a_failure_names_the_step_and_its_last_line(failing: Callable[..., BuildFailed]) -> None:
    error = "process did not complete successfully: exit code: 1"
    failed = failing(
        [
            vertex("[2/3] RUN sleep 9", 0, 1, error="context canceled: x"),
            vertex(RUN, 0, 1, error=error),
            log(RUN, "Resolved 3 packages\nerror: it needs to be updated\n"),
            log("[2/3] RUN sleep 9", "still sleeping\n"),
        ],
        other="ERROR: failed to build\n",
    )
    assert str(failed) == "The build stopped at 'RUN uv sync': error: it needs to be updated"
    assert failed.error == error
    assert failed.output.startswith("Resolved 3 packages\n")


def test_a_step_that_prints_nothing_fails_with_the_error_of_buildkit(
    failing: Callable[..., BuildFailed],
) -> None:
    failed = failing([vertex("[2/2] COPY no .", 0, 1, error='"/no": not found')])
    assert str(failed) == "The build stopped at 'COPY no .': \"/no\": not found"


def test_a_full_disk_is_the_reason(failing: Callable[..., BuildFailed]) -> None:
    error = "write /x: no space left on device"
    failed = failing([vertex(RUN, 0, 1, error=error), log(RUN, "some last line\n")])
    assert "the disk is full" in str(failed)


def test_a_build_that_does_not_start_is_reported_with_its_reason(
    failing: Callable[..., BuildFailed],
) -> None:
    failed = failing([], other="ERROR: no builder 'x' found")
    assert str(failed) == "The build stopped: ERROR: no builder 'x' found"
    assert "no builder 'x' found" in str(failed)
    assert failed.output == "ERROR: no builder 'x' found"

"""Read BuildKit's raw JSON progress into the steps of a build, their output and its failure."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired, TypedDict

from guide.machine.commands import is_disk_full, reason


class Vertex(TypedDict):
    """A vertex of the build graph as BuildKit reports it. Times are in ISO 8601."""

    digest: str
    name: str
    # The digests of the vertices whose results this one uses.
    inputs: NotRequired[list[str]]
    cached: NotRequired[bool]
    started: NotRequired[str]
    completed: NotRequired[str]
    error: NotRequired[str]


@dataclass(frozen=True)
class Progress:
    """Everything that BuildKit reported about one build, keyed by the digest of the vertex.

    `other` is what buildx printed besides reports, such as its own errors.
    """

    vertices: dict[str, Vertex]
    logs: dict[str, str]
    other: str

    @property
    def output(self) -> str:
        """The output of all steps."""
        return "".join(self.logs.values())


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile that BuildKit ran or took from the cache.

    `seconds` is its duration, and `started` is the number of seconds from the start of the build
    until it started. `after` lists the steps whose results it uses, as indexes in the list of
    steps.
    """

    stage: str
    instruction: str
    cached: bool
    seconds: float
    started: float = 0.0
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Failure:
    """Why a build failed: the name of the vertex that failed, its output and BuildKit's error.

    If the build failed before its first step, the name and the error are empty, and the output is
    what buildx printed.
    """

    name: str
    output: str
    error: str
    reason: str


def read_progress(text: str) -> Progress:
    """Read the output of `docker buildx build --progress=rawjson`.

    BuildKit reports a vertex several times. Later reports complete the earlier ones.
    """
    vertices: dict[str, Vertex] = {}
    logs: dict[str, bytes] = {}
    other = []
    for line in text.splitlines():
        if not line.startswith("{"):
            other.append(line)
            continue
        report = json.loads(line)
        for vertex in report.get("vertexes", []):
            vertices.setdefault(vertex["digest"], vertex).update(vertex)
        for log in report.get("logs", []):
            printed = base64.b64decode(log["data"])
            logs[log["vertex"]] = logs.get(log["vertex"], b"") + printed
    # Decoded as a whole, because a character may be split between two reports.
    texts = {digest: printed.decode(errors="replace") for digest, printed in logs.items()}
    return Progress(vertices, texts, "\n".join(other))


def failure(progress: Progress) -> Failure:
    """Describe why a build failed.

    The reason comes from the output of the failed step, because BuildKit's error only repeats the
    step's command and exit code. A full disk may be reported in any of them, or by buildx.
    """
    failed = [vertex for vertex in progress.vertices.values() if vertex.get("error")]
    # BuildKit cancels the other steps that are running, and reports them as failed as well.
    failed.sort(key=lambda vertex: "context canceled" in vertex["error"])
    name, error, output = "", "", ""
    if failed:
        name, error = failed[0]["name"], failed[0]["error"]
        output = progress.logs.get(failed[0]["digest"], "")
    everything = f"{progress.other}\n{error}\n{output}"
    why = reason(output if output and not is_disk_full(everything) else everything)
    return Failure(name, output or progress.other, error, why)


# "[stage-0 3/8] COPY …", or "[builder 2/5] RUN …". A single unnamed stage may have no name.
_NAME = re.compile(r"\[(?:(?P<stage>\S+) +)?(?P<number>\d+)/\d+\] (?P<instruction>.*)", re.DOTALL)


@dataclass(frozen=True)
class _Name:
    """The parts of a vertex's name: its stage, its number in the stage, and its instruction."""

    stage: str
    number: int
    instruction: str

    @property
    def keyword(self) -> str:
        return self.instruction.partition(" ")[0]


def _parse_name(name: str) -> _Name | None:
    """Parse the name of a vertex. Return None if it does not name a Dockerfile instruction."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return _Name(match["stage"] or "", int(match["number"]), " ".join(match["instruction"].split()))


def instruction(vertex_name: str) -> str:
    """Return the instruction in the name of a vertex, or the whole name."""
    name = _parse_name(vertex_name)
    return name.instruction if name else vertex_name


def steps(progress: Progress, stages: list[str]) -> list[Step]:
    """Return the steps of a finished build in file order, without FROM.

    `stages` are the names of the Dockerfile's stages, in order. FROM is left out because the cache
    state of a base image depends on the machine and not on the Dockerfile. BuildKit reports
    `COPY --link` as two vertices if the image store can merge layers: the copy, and a merge that
    is called LINK, which is left out.
    """
    named = [
        (name, vertex)
        for vertex in progress.vertices.values()
        if (name := _parse_name(vertex["name"])) and name.keyword not in {"FROM", "LINK"}
    ]
    order = {stage: number for number, stage in enumerate(stages)}
    named.sort(key=lambda pair: (order.get(pair[0].stage, len(order)), pair[0].number))
    indexes = {vertex["digest"]: index for index, (_, vertex) in enumerate(named)}
    times = [_time(each["started"]) for each in progress.vertices.values() if each.get("started")]
    return [
        Step(
            name.stage,
            name.instruction,
            bool(vertex.get("cached")),
            _seconds(vertex),
            round((_time(vertex["started"]) - min(times)).total_seconds(), 3),
            tuple(sorted(_inputs(progress.vertices, indexes, vertex["digest"]))),
        )
        for name, vertex in named
    ]


def _inputs(vertices: dict[str, Vertex], indexes: dict[str, int], digest: str) -> set[int]:
    """Return the indexes of the steps whose results a vertex uses, directly or indirectly."""
    inputs: set[int] = set()
    vertex = vertices.get(digest)
    for each in (vertex.get("inputs") or []) if vertex else []:
        inputs |= {indexes[each]} if each in indexes else _inputs(vertices, indexes, each)
    return inputs


def _seconds(vertex: Vertex) -> float:
    if vertex.get("cached") or not vertex.get("completed"):
        return 0.0
    duration = _time(vertex["completed"]) - _time(vertex["started"])
    return round(duration.total_seconds(), 3)


def _time(text: str) -> datetime:
    # BuildKit writes nanoseconds, and datetime reads microseconds.
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}.{(fraction or '0')[:6]:0<6}")

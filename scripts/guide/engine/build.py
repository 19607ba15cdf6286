"""Building an image, and the steps that BuildKit took for it."""

import base64
import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from guide import Problem
from guide.engine.docker import Engine
from guide.machine.commands import is_disk_full, reason, run


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile as BuildKit carried it out, or did not have to.

    `started` counts from the beginning of the build, in seconds as `seconds` does. `after` are the
    places, among the steps of the build, of those whose results go into this one.
    """

    stage: str
    instruction: str
    cached: bool
    seconds: float
    started: float = 0.0
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class Build:
    """A finished build. `seconds` is wall time of the command, `output` what the steps printed."""

    tag: str
    steps: list[Step]
    seconds: float
    output: str

    @property
    def ran(self) -> list[str]:
        """The instructions that were carried out again, in the order of the Dockerfile."""
        return [step.instruction for step in self.steps if not step.cached]

    @property
    def prepared(self) -> int:
        """How many packages uv had to download or to build because no cache had them."""
        return sum(int(count) for count in re.findall(r"Prepared (\d+) package", self.output))


class BuildFailed(Problem):
    """A build that failed. `output` is what the failing step printed, `error` BuildKit's word."""

    def __init__(self, message: str, output: str, error: str):
        super().__init__(message)
        self.output = output
        self.error = error


# The steps are carried out and kept in the cache, and no image is written.
NO_IMAGE = "--output=type=cacheonly"


def build(engine: Engine, folder: Path, tag: str, *arguments: str) -> Build:
    """Build the Dockerfile in `folder` into the image `tag` and return the steps it took.

    `arguments` go to `docker buildx build`; with `--push` the image is pushed and not kept.
    Raises BuildFailed, with the last line that the failing step printed; a full disk is named as
    such.
    """
    text = (folder / "Dockerfile").read_text()
    stand_in = [
        f"--build-arg={name}={value}"
        for name, value in engine.build_arguments.items()
        if re.search(rf"(?m)^ARG {name}\b", text)
    ]
    command = engine.command("buildx", "build", "--builder", engine.builder)
    if not {"--push", NO_IMAGE} & {*arguments}:
        command.append("--load")
    start = time.monotonic()
    done = run(
        *(*command, "--progress=rawjson", "--tag", tag, *stand_in, *arguments, folder),
        env=engine.environ,
        failing="docker buildx build failed",
        check=False,
    )
    seconds = time.monotonic() - start
    vertices, logs, other = _read_progress(done.stderr)
    if done.returncode != 0:
        # What else was going on is reported as cancelled.
        failed = [vertex for vertex in vertices.values() if vertex.get("error")]
        failed.sort(key=lambda vertex: "context canceled" in vertex["error"])
        output = "".join(logs.get(vertex["digest"], "") for vertex in failed)
        error = failed[0]["error"] if failed else ""
        why = _failure_reason(output, error, other)
        name = failed[0]["name"] if failed else str(folder)
        where = (_parsed(name) or ("", 0, name))[2]
        raise BuildFailed(f"The build stopped at {where[:60]!r}: {why}", output or other, error)
    return Build(tag, _steps(vertices, _stages(text)), seconds, "".join(logs.values()))


def _failure_reason(output: str, error: str, other: str) -> str:
    """Return why a build failed: from what its step printed, or else from BuildKit's error.

    Only the step knows the cause; BuildKit's error repeats its command and exit code. A full disk
    may show in any of the three.
    """
    everything = f"{other}\n{error}\n{output}"
    return reason(everything if is_disk_full(everything) else output or f"{other}\n{error}")


def _stages(text: str) -> list[str]:
    """The names of a Dockerfile's stages in their order, as BuildKit calls them."""
    names = re.findall(r"(?im)^FROM\s+(?:--\S+\s+)*\S+(?:\s+AS\s+(\S+))?", text)
    return [name or f"stage-{number}" for number, name in enumerate(names)]


def _read_progress(lines: str) -> tuple[dict[str, dict], dict[str, str], str]:
    """Vertices by digest, their output, and the lines that are not JSON.

    BuildKit reports a vertex several times; a later report adds to the earlier one.
    """
    vertices: dict[str, dict] = {}
    logs: dict[str, str] = {}
    other = []
    for line in lines.splitlines():
        if not line.startswith("{"):
            other.append(line)
            continue
        report = json.loads(line)
        for vertex in report.get("vertexes", []):
            vertices.setdefault(vertex["digest"], {}).update(vertex)
        for log in report.get("logs", []):
            text = base64.b64decode(log["data"]).decode(errors="replace")
            logs[log["vertex"]] = logs.get(log["vertex"], "") + text
    return vertices, logs, "\n".join(other)


# "[stage-0 3/8] COPY …", or "[builder 2/5] RUN …"; a lone unnamed stage may have no name.
_NAME = re.compile(r"\[(?:(?P<stage>\S+) +)?(?P<number>\d+)/\d+\] (?P<instruction>.*)", re.DOTALL)


def _parsed(name: str) -> tuple[str, int, str] | None:
    """Stage, number and instruction of a vertex; None for what is not in the Dockerfile."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    return match["stage"] or "", int(match["number"]), " ".join(match["instruction"].split())


def _steps(vertices: dict[str, dict], stages: list[str]) -> list[Step]:
    """The Dockerfile's steps in the order of stages and numbers, without FROM.

    Whether a base image is at hand says nothing about the Dockerfile.
    """
    numbered = []
    for digest, vertex in vertices.items():
        parsed = _parsed(vertex["name"])
        if parsed is None or parsed[2].startswith("FROM "):
            continue
        stage, number, instruction = parsed
        place = stages.index(stage) if stage in stages else len(stages)
        numbered.append((place, number, digest, stage, instruction))
    numbered.sort(key=lambda row: row[:2])
    places = {digest: place for place, (_, _, digest, *_) in enumerate(numbered)}
    times = [_time(vertex["started"]) for vertex in vertices.values() if vertex.get("started")]
    return [
        Step(
            stage,
            instruction,
            bool(vertices[digest].get("cached")),
            _seconds(vertices[digest]),
            round((_time(vertices[digest]["started"]) - min(times)).total_seconds(), 3),
            tuple(sorted(_after(vertices, places, digest))),
        )
        for _, _, digest, stage, instruction in numbered
    ]


def _after(vertices: dict[str, dict], places: dict[str, int], digest: str) -> set[int]:
    """The places of the steps that a vertex takes something from, through whatever is between."""
    found: set[int] = set()
    for each in vertices.get(digest, {}).get("inputs", []):
        found |= {places[each]} if each in places else _after(vertices, places, each)
    return found


def _seconds(vertex: dict) -> float:
    if vertex.get("cached") or not vertex.get("completed"):
        return 0.0
    started, completed = (_time(vertex[key]) for key in ("started", "completed"))
    return round((completed - started).total_seconds(), 3)


def _time(text: str) -> datetime:
    # BuildKit writes nanoseconds, one digit group more than datetime reads.
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction or '0')[:6]:0<6}")

"""Read the recordings: the JSON files under docs/data/, which scripts write and pages show."""

import json
from typing import TypeVar, cast

from guide import ROOT, Problem
from guide.content import recording_types as types

DATA = ROOT / "docs" / "data"

R = TypeVar("R", bound=types.Recording)


def layers(example: str) -> types.LayersRecording:
    """Return what each edit of an example rebuilds."""
    return _read(f"layers/{example}", types.LayersRecording)


def run(example: str) -> types.RunRecording:
    """Return the commands of an example's README as they ran, and its image."""
    return _read(f"runs/{example}", types.RunRecording)


def traps(example: str) -> types.TrapsRecording:
    """Return what goes wrong when one line of an example's Dockerfile is changed."""
    return _read(f"traps/{example}", types.TrapsRecording)


def sets(example: str) -> types.SetsRecording:
    """Return what the options of `uv sync` and `uv run` install in an example."""
    return _read(f"sets/{example}", types.SetsRecording)


def claim(name: str) -> types.ClaimRecording:
    """Return the transcript of a claim."""
    return _read(f"claims/{name}", types.ClaimRecording)


def uv_versions() -> types.UvVersionsRecording:
    """Return which claims hold with which release of uv."""
    return _read("uv-versions", types.UvVersionsRecording)


def bench(name: str = "bench") -> types.BenchRecording:
    """Return the contenders' timings: bench, bench-line, bench-runner or bench-steps."""
    return _read(name, types.BenchRecording)


def bench_pipelines() -> types.BenchPipelinesRecording:
    """Return the timings of the CI jobs."""
    return _read("bench-pipelines", types.BenchPipelinesRecording)


def migration() -> types.MigrationRecording:
    """Return the move from Poetry to uv, command by command."""
    return _read("migration", types.MigrationRecording)


def command_map() -> types.CommandMapRecording:
    """Return the table of Poetry commands and their uv equivalents."""
    return _read("command-map", types.CommandMapRecording)


def pipelines() -> types.PipelinesRecording:
    """Return the jobs of the CI pipelines as they ran."""
    return _read("pipelines", types.PipelinesRecording)


def renovate() -> types.RenovateRecording:
    """Return the dependencies that Renovate finds."""
    return _read("renovate", types.RenovateRecording)


def site() -> types.SiteRecording:
    """Return this site in Lighthouse, and the weight of its pages."""
    return _read("site", types.SiteRecording)


def provenance(name: str) -> types.Provenance:
    """Return the date, versions and machine of the recording `name`, such as "runs/pattern-b"."""
    recording: types.Recording = _read(name, types.Recording)
    return recording["recorded"]


def names(kind: str) -> list[str]:
    """Return what the recordings of a kind that has a folder are of: examples or claims."""
    return sorted(path.stem for path in (DATA / kind).glob("*.json"))


def _read(name: str, kind: type[R]) -> R:
    """Return the recording `name` as its type. Raises Problem when there is none."""
    path = DATA / f"{name}.json"
    if not path.exists():
        raise Problem(f"There is no recording {name!r}. Make it with scripts/record.")
    return cast(R, json.loads(path.read_text()))

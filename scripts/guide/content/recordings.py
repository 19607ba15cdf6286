"""Read the recordings, the JSON files under docs/data/ that scripts write and pages show."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from guide import ROOT, Problem
from guide.content import recording_types as types

DATA = ROOT / "docs" / "data"

R = TypeVar("R", bound=types.Recording)

_SCHEMAS = "schema/"

# The sets to which `read` adds the names of recordings.
_names_read: list[set[str]] = []


@contextmanager
def names_read() -> Iterator[set[str]]:
    """Yield a set that contains the names of the recordings that are read in the block."""
    names: set[str] = set()
    _names_read.append(names)
    try:
        yield names
    finally:
        _names_read.pop()


def layers(example: str) -> types.LayersRecording:
    """Return the recorded builds of an example, one for each edit."""
    return read(f"layers/{example}", types.LayersRecording)


def run(example: str) -> types.RunRecording:
    """Return the commands of an example's README with their output, and facts about its image."""
    return read(f"runs/{example}", types.RunRecording)


def traps(example: str) -> types.TrapsRecording:
    """Return the errors after changing one line of an example's Dockerfile."""
    return read(f"traps/{example}", types.TrapsRecording)


def lines(example: str) -> types.LinesRecording:
    """Return what happens without each line of an example's files."""
    return read(f"lines/{example}", types.LinesRecording)


def sets(example: str) -> types.SetsRecording:
    """Return the packages that each option of `uv sync` and `uv run` installs in an example."""
    return read(f"sets/{example}", types.SetsRecording)


def uv_options() -> types.UvOptionsRecording:
    """Return the options of the uv commands that install packages."""
    return read("uv-options", types.UvOptionsRecording)


def claim(name: str) -> types.ClaimRecording:
    """Return the transcript of a claim."""
    return read(f"claims/{name}", types.ClaimRecording)


def uv_versions() -> types.UvVersionsRecording:
    """Return the uv releases with which each claim holds."""
    return read("uv-versions", types.UvVersionsRecording)


def bench(name: str = "bench") -> types.BenchRecording:
    """Return the timings in bench, or in one of the files that BENCH_FILES lists."""
    return read(name, types.BenchRecording)


def bench_pipelines() -> types.BenchPipelinesRecording:
    """Return the timings of the CI jobs."""
    return read("bench-pipelines", types.BenchPipelinesRecording)


def migration() -> types.MigrationRecording:
    """Return the commands of the migration from Poetry to uv, with their output."""
    return read("migration", types.MigrationRecording)


def command_map() -> types.CommandMapRecording:
    """Return the table of Poetry commands and their uv equivalents."""
    return read("command-map", types.CommandMapRecording)


def pipelines() -> types.PipelinesRecording:
    """Return the recorded jobs of the CI pipelines."""
    return read("pipelines", types.PipelinesRecording)


def renovate() -> types.RenovateRecording:
    """Return the dependencies that Renovate finds."""
    return read("renovate", types.RenovateRecording)


def built_kits() -> types.KitsRecording:
    """Return the kits that were built."""
    return read("kits", types.KitsRecording)


def dev_loop() -> types.DevLoopRecording:
    """Return the times of the development loop."""
    return read("dev-loop", types.DevLoopRecording)


def site() -> types.SiteRecording:
    """Return the Lighthouse results of this site, and the transfer size of its pages."""
    return read("site", types.SiteRecording)


def planted_faults() -> types.MutationsRecording:
    """Return the faults that were planted in the guide, and whether the tests noticed them."""
    return read("mutations", types.MutationsRecording)


def provenance(name: str) -> types.Provenance:
    """Return the date, versions and machine of the recording `name`, such as "runs/pattern-b"."""
    recording: types.Recording = read(name, types.Recording)
    return recording["recorded"]


def every_name() -> list[str]:
    """Return the names of all recordings, apart from those of a hosted runner."""
    paths = (path.relative_to(DATA).with_suffix("").as_posix() for path in DATA.rglob("*.json"))
    return sorted(name for name in paths if not name.startswith((_SCHEMAS, types.HOSTED)))


def names(kind: str) -> list[str]:
    """Return the names of the examples or claims with a recording of this kind."""
    return sorted(path.stem for path in (DATA / kind).glob("*.json"))


def read(name: str, kind: type[R]) -> R:
    """Return the recording `name` as its type. Raises Problem if it does not exist."""
    path = DATA / f"{name}.json"
    if not path.exists():
        raise Problem(f"There is no recording {name!r}. Create it with scripts/record.")
    for names in _names_read:
        names.add(name)
    return cast(R, json.loads(path.read_text()))

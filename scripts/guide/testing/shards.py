"""Split the suite into shards of similar duration. Tests that share a fixture stay together.

pytest-split would move single tests, so that several shards would set up an expensive fixture.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from guide import ROOT

# Seconds keyed by group of tests, written by `scripts/test --store-durations`.
DURATIONS = ROOT / "tests/durations.json"


@dataclass(frozen=True)
class Shard:
    """One of `count` parts of the suite. `number` starts at 1."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Parse `K/N`. Raises ValueError unless K is between 1 and N."""
        number, _, count = text.partition("/")
        shard = cls(int(number), int(count))
        if not 1 <= shard.number <= shard.count:
            raise ValueError(text)
        return shard


def assign(groups: Iterable[str], durations: Mapping[str, float], count: int) -> dict[str, int]:
    """Return a dictionary that maps each group to the number of its shard.

    Groups are assigned from the longest to the shortest, each to the shard with the shortest total
    duration. A group without a recorded duration counts as average.
    """
    average = sum(durations.values()) / len(durations) if durations else 1.0
    seconds = {group: durations.get(group, average) for group in groups}
    load = dict.fromkeys(range(1, count + 1), 0.0)
    shards: dict[str, int] = {}
    for group in sorted(seconds, key=lambda group: (-seconds[group], group)):
        shards[group] = min(load, key=lambda number: (load[number], number))
        load[shards[group]] += seconds[group]
    return shards


def read_durations(file: Path = DURATIONS) -> dict[str, float]:
    """Return the recorded seconds of each group, or an empty dictionary without a recording."""
    durations: dict[str, float] = json.loads(file.read_text()) if file.exists() else {}
    return durations


def write_durations(durations: Mapping[str, float], file: Path) -> None:
    """Replace the recorded seconds of every group."""
    rounded = {group: round(seconds, 1) for group, seconds in sorted(durations.items())}
    file.write_text(json.dumps(rounded, indent=1) + "\n")

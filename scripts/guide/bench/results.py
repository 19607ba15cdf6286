"""The results of measurements, and their files, from which an interrupted run continues."""

import hashlib
import json
from typing import NotRequired, TypedDict

from guide.content.recording_types import RecordedStep
from guide.start.environment import cache_dir


class Timing(TypedDict):
    """The wall time in seconds of one run, and for a build its steps."""

    seconds: float
    steps: NotRequired[list[RecordedStep]]


class ImageSize(TypedDict):
    """The size of an image, and what building it without a cache downloads and uses, in bytes."""

    size: int
    layers: int
    downloaded: int
    peak_memory: int


class Result(TypedDict, total=False):
    """What one measurement yields: timings by their name, or the size of an image."""

    timings: dict[str, Timing]
    image: ImageSize


class ResultKey(TypedDict):
    """What a result is of: the round, the measurement, and a hash of what is measured."""

    round: int
    kind: str
    name: str
    fingerprint: str


def fingerprint(text: str) -> str:
    """A short hash that tells whether something has changed since it was measured."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class SavedResults:
    """The results of a run so far, in a file from which the next run continues.

    `subject` distinguishes runs. Results of a run of something else are not used.
    """

    def __init__(self, subject: str):
        self.path = cache_dir() / "bench" / f"{fingerprint(f'format 2: {subject}')}.jsonl"
        self._rows: list[tuple[ResultKey, Result]] = []
        if self.path.exists():
            lines = self.path.read_text().splitlines()
            self._rows = [(row["key"], row["result"]) for row in map(json.loads, lines)]

    def find(self, key: ResultKey) -> Result | None:
        """The result of an earlier measurement, None if there is none."""
        return next((result for saved, result in self._rows if saved == key), None)

    def all_rounds(self, key: ResultKey) -> list[Result]:
        """The results of a measurement in all rounds, in order."""
        rows = [(saved["round"], result) for saved, result in self._rows if _is_same(saved, key)]
        return [result for _, result in sorted(rows, key=lambda row: row[0])]

    def add(self, key: ResultKey, result: Result) -> None:
        """Save a result."""
        self._rows.append((key, result))
        lines = [json.dumps({"key": key, "result": result}) for key, result in self._rows]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text("\n".join(lines) + "\n")
        part.replace(self.path)

    def delete(self) -> None:
        """Delete the file of a run that is complete."""
        self.path.unlink(missing_ok=True)


def _is_same(saved: ResultKey, key: ResultKey) -> bool:
    """Whether two keys are of the same measurement, in whatever round."""
    return {**saved, "round": key["round"]} == key

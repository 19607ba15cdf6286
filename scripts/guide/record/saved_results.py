"""Save results to a file, so that an interrupted run resumes where it stopped."""

import hashlib
import json
from typing import Generic, TypedDict, TypeVar

from guide.start.environment import cache_dir

R = TypeVar("R")


class ResultKey(TypedDict):
    """The key of a saved result: its round, its measurement, and a hash of what is measured."""

    round: int
    kind: str
    name: str
    fingerprint: str


def fingerprint(text: str) -> str:
    """Return a short hash of a text that describes what is measured."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class SavedResults(Generic[R]):
    """The results of a run so far, in a file that the next run reads.

    `folder` is the folder of the file in the cache. `subject` describes the run. A run with another
    subject has another file.
    """

    def __init__(self, folder: str, subject: str):
        self.path = cache_dir() / folder / f"{fingerprint(f'format 2: {subject}')}.jsonl"
        self._rows: list[tuple[ResultKey, R]] = []
        if self.path.exists():
            lines = self.path.read_text().splitlines()
            self._rows = [(row["key"], row["result"]) for row in map(json.loads, lines)]

    def find(self, key: ResultKey) -> R | None:
        """Return the saved result for this key, or None."""
        return next((result for saved, result in self._rows if saved == key), None)

    def all_rounds(self, key: ResultKey) -> list[R]:
        """Return the results of a measurement in the order of the rounds."""
        rows = [(saved["round"], result) for saved, result in self._rows if _is_same(saved, key)]
        return [result for _, result in sorted(rows, key=lambda row: row[0])]

    def add(self, key: ResultKey, result: R) -> None:
        """Save a result."""
        self._rows.append((key, result))
        self._write()

    def discard(self, key: ResultKey) -> None:
        """Delete the results of a measurement in all rounds, so that the next run repeats it."""
        self._rows = [(saved, result) for saved, result in self._rows if not _is_same(saved, key)]
        self._write()

    def _write(self) -> None:
        lines = [json.dumps({"key": key, "result": result}) for key, result in self._rows]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        part.write_text("".join(f"{line}\n" for line in lines))
        part.replace(self.path)

    def delete(self) -> None:
        """Delete the file after a complete run."""
        self.path.unlink(missing_ok=True)


def _is_same(saved: ResultKey, key: ResultKey) -> bool:
    """Return whether two keys differ in nothing but the round."""
    return {**saved, "round": key["round"]} == key

"""The results of measurements."""

from typing import NotRequired, TypedDict

from guide.content.recording_types import RecordedStep


class Timing(TypedDict):
    """The wall-clock seconds of one run, and the steps if the run was a build."""

    seconds: float
    steps: NotRequired[list[RecordedStep]]


class ImageSize(TypedDict):
    """The size of an image, and the downloads and peak memory of its cold build, in bytes."""

    size: int
    layers: int
    downloaded: int
    peak_memory: int


class Result(TypedDict, total=False):
    """The result of one measurement: timings keyed by their names, or the size of an image."""

    timings: dict[str, Timing]
    image: ImageSize


# The folder of saved results in the cache.
SAVED = "bench"

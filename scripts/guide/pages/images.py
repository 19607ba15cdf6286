"""The production images of the examples, with sizes as the engine counts them."""

from guide.content import recordings
from guide.content.recording_types import RunRecording
from guide.pages import numbers
from guide.pages.registry import macro


@macro
def added_megabytes(example: str) -> str:
    """Return the size that the Dockerfile adds to its base image, in MB."""
    return numbers.megabytes(added_bytes(recordings.run(example)))


@macro
def stage_megabytes(example: str, stage: str) -> str:
    """Return the size of the image that ends with a stage, in MB."""
    return numbers.megabytes(recordings.run(example)["stage_sizes"][stage])


@macro
def uv_megabytes(example: str) -> str:
    """Return the size of the uv binary in the image, in MB."""
    return numbers.megabytes(recordings.run(example)["build_tools"]["uv"])


@macro
def pushed(example: str) -> str:
    """Return the size of the layers that are new after an edited view, in kB or MB."""
    return numbers.size(recordings.run(example)["view_edit_size"])


def added_bytes(run: RunRecording) -> int:
    """Return how many bytes a Dockerfile adds to its base image."""
    return run["image_size"] - run["base_image_size"]

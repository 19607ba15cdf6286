"""Show the sizes of the examples' production images, as the engine reports them."""

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
    """Return the size of a stage's image, in MB."""
    return numbers.megabytes(recordings.run(example)["stage_sizes"][stage])


@macro
def stage_adds_megabytes(example: str, stage: str) -> str:
    """Return the number of megabytes that a stage's image adds to its base image."""
    run = recordings.run(example)
    return numbers.megabytes(run["stage_sizes"][stage] - run["base_image_size"])


@macro
def uv_megabytes(example: str) -> str:
    """Return the size of the uv binary in the image, in MB."""
    return numbers.megabytes(recordings.run(example)["build_tools"]["uv"])


@macro("pushed")
def pushed_layer_size(example: str) -> str:
    """Return the size of the new layers after editing a view, in kB or MB."""
    return numbers.size(recordings.run(example)["view_edit_size"])


def added_bytes(run: RunRecording) -> int:
    """Return the number of bytes that a Dockerfile adds to its base image."""
    return run["image_size"] - run["base_image_size"]

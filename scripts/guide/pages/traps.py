"""Show traps: the errors that a wrong line in a Dockerfile causes."""

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import RecordedTrap
from guide.pages.markup import block, output_lines
from guide.pages.registry import macro


def find_trap(example: str, name: str) -> RecordedTrap:
    """Return a trap of an example. Raises Problem if it is not recorded."""
    for trap in recordings.traps(example)["traps"]:
        if trap["name"] == name:
            return trap
    raise Problem(f"No trap {name!r} of {example} is recorded. Run: scripts/record traps")


@macro
def trap_output(example: str, trap: str) -> Markup:
    """Return the output of the build or container that fails because of the wrong line."""
    return block(output_lines(find_trap(example, trap)["output"]))

"""Show the progress of long tasks, and add up the time of each kind of task."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)

# Seconds keyed by kind of task, for the summary at the end of a test run.
spent: dict[str, float] = defaultdict(float)


@contextmanager
def doing(kind: str, task: str) -> Iterator[None]:
    """Show `kind: task` while the block runs, then print it with its duration.

    A terminal shows a spinner while the block runs. Otherwise, only the final line is printed.
    """
    start = time.monotonic()
    try:
        if console.is_terminal:
            with console.status(f"{kind}: {task}"):
                yield
        else:
            yield
    finally:
        seconds = time.monotonic() - start
        spent[kind] += seconds
        console.print(f"{kind}: {task}  [dim]{seconds:.1f} s[/dim]", soft_wrap=True)


def time_left(start: float, count: int, total: int) -> str:
    """Return how long the rest of `total` tasks will take, of which `count` are done."""
    if count == 0:
        return ""
    left = (time.monotonic() - start) / count * (total - count)
    return f", about {left / 60:.0f} min left"

"""Says on the terminal what long work is doing, and remembers how long each kind took."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(stderr=True, highlight=False)

# Seconds by kind of work, for the summary at the end of a run.
spent: dict[str, float] = defaultdict(float)


@contextmanager
def doing(kind: str, what: str) -> Iterator[None]:
    """Show `kind: what` while the block runs, then print it with its seconds.

    On a terminal a running clock is shown; elsewhere one line is written when the work ends.
    """
    start = time.monotonic()
    try:
        if console.is_terminal:
            with console.status(f"{kind}: {what}"):
                yield
        else:
            yield
    finally:
        seconds = time.monotonic() - start
        spent[kind] += seconds
        console.print(f"{kind}: {what}  [dim]{seconds:.1f} s[/dim]", soft_wrap=True)

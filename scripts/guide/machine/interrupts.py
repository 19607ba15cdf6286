"""Delay Ctrl-C and other termination signals while this process cleans up."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType, TracebackType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_held: list[int] | None = None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay termination signals until the block, which cleans up, has finished.

    The first signal prints one line, and is delivered after the outermost of nested blocks. Outside
    the main thread, this does nothing, because other threads do not receive signals.
    """
    global _held
    if _held is not None or threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    _held = []
    for number, handler in handlers.items():
        # A signal that is ignored, as SIGHUP is under nohup, stays ignored.
        if handler not in (None, signal.SIG_IGN):
            signal.signal(number, _hold)
    try:
        yield
    finally:
        held, _held = _held, None
        for number, handler in handlers.items():
            if handler not in (None, signal.SIG_IGN):
                signal.signal(number, handler)
        if held:
            signal.raise_signal(held[0])


def _hold(number: int, _frame: FrameType | None) -> None:
    if _held is None:
        return
    if not _held:
        with contextlib.suppress(OSError):
            print("Cleaning up; this takes a few seconds.", file=sys.stderr, flush=True)
    _held.append(number)


class UninterruptedExit(ExitStack):
    """An ExitStack that cannot be interrupted while it exits its contexts."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> bool | None:
        with uninterrupted():
            return super().__exit__(kind, error, traceback)

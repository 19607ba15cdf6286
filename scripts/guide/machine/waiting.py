"""Wait until something is true, with a time limit."""

from collections.abc import Callable
from typing import TypeVar

from tenacity import (
    RetryError,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_delay,
    wait_fixed,
)

from guide import Problem

T = TypeVar("T")


def wait_until(
    check: Callable[[], T],
    *,
    timeout: float,
    failing: str | Callable[[], str],
    interval: float = 0.2,
    ignoring: type[Exception] | tuple[type[Exception], ...] = (),
) -> T:
    """Call `check` every `interval` seconds until it returns something true, and return that.

    An exception of a type in `ignoring` counts as not yet true. Raises Problem, "`failing` within
    `timeout` s", when time is up; a function is called for the text only then, to read a log.
    """
    attempts = Retrying(
        retry=retry_if_result(lambda answer: not answer) | retry_if_exception_type(ignoring),
        stop=stop_after_delay(timeout),
        wait=wait_fixed(interval),
    )
    try:
        return attempts(check)
    except RetryError as error:
        text = failing if isinstance(failing, str) else failing()
        raise Problem(f"{text} within {timeout:g} s") from error.last_attempt.exception()

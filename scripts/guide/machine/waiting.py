"""Wait for a condition, with a time limit."""

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
    """Call `check` every `interval` seconds until it returns a true value, and return that value.

    An exception of a type in `ignoring` counts as false. After `timeout` seconds, raises Problem
    with the message "`failing` within `timeout` s". If `failing` is a function, it is called only
    then, so that it can read a log.
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

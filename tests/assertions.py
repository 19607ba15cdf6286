"""Assertions that all kinds of tests share."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def nonempty(items: Iterable[T]) -> list[T]:
    """Return the items as a list, and fail if there are none.

    Use this in a loop of assertions over the result of a search. Otherwise, the loop passes if the
    search finds nothing.
    """
    every = list(items)
    assert every, "there is nothing to check"
    return every

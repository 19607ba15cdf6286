"""Assertions that tests of every kind share."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def nonempty(items: Iterable[T]) -> list[T]:
    """Return the items as a list, and fail if there are none.

    For a loop of assertions over the result of a search, which would otherwise pass when nothing is
    found.
    """
    every = list(items)
    assert every, "there is nothing to check"
    return every

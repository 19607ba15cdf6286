"""Register the macros that pages call.

A page asks with [[[ macro(…) ]]]. A macro returns Markdown or HTML made from recordings, and raises
Problem, which stops the build, when something was not recorded.
"""

from collections.abc import Callable
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

# Every macro, by the name that pages use.
MACROS: dict[str, Callable[..., object]] = {}


def macro(function: Function) -> Function:
    """Register a function under its own name. Raises ValueError if the name is taken."""
    name = function.__name__
    if name in MACROS:
        raise ValueError(f"There are two macros {name!r}.")
    MACROS[name] = function
    return function

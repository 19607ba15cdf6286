"""Register the macros that pages call.

A page asks with [[[ macro(…) ]]]. A macro returns Markdown or HTML made from recordings, and raises
Problem, which stops the build, when something was not recorded.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar, overload

Function = TypeVar("Function", bound=Callable[..., object])

# Every macro, by the name that pages use.
MACROS: dict[str, Callable[..., object]] = {}


@overload
def macro(target: Function) -> Function: ...
@overload
def macro(target: str) -> Callable[[Function], Function]: ...
def macro(target: Function | str) -> Function | Callable[[Function], Function]:
    """Register a function under its own name, or under the name given: `@macro("seconds")`.

    Raises ValueError if the name is taken.
    """
    if isinstance(target, str):
        return partial(_register, target)
    return _register(target.__name__, target)


def _register(name: str, function: Function) -> Function:
    if name in MACROS:
        raise ValueError(f"There are two macros {name!r}.")
    MACROS[name] = function
    return function

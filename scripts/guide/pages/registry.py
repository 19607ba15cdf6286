"""Register the macros that pages call.

A page calls a macro with [[[ macro(…) ]]]. A macro returns Markdown or HTML with recorded facts. If
a fact is not recorded, the macro raises Problem, which stops the build.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar, overload

Function = TypeVar("Function", bound=Callable[..., object])

# Maps the name that pages use to the macro.
MACROS: dict[str, Callable[..., object]] = {}


@overload
def macro(target: Function) -> Function: ...
@overload
def macro(target: str) -> Callable[[Function], Function]: ...
def macro(target: Function | str) -> Function | Callable[[Function], Function]:
    """Register a function as a macro, under its name or as in `@macro("seconds")`.

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

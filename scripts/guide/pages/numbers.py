"""Turn recorded numbers into the text that pages print.

No other module of pages formats a number, so one recorded figure reads the same on every page.
Halves are rounded up, as JavaScript's `toFixed` does, because scripts print the same figures.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\N{NO-BREAK SPACE}"


def seconds(value: float) -> str:
    """Return a duration such as "101.8 s", "0.24 s" or "0.011 s"."""
    return f"{_duration(value)}{NBSP}s"


def seconds_range(values: Iterable[float]) -> str:
    """Return the shortest and the longest duration, such as "0.24 to 1.1 s"."""
    return f"{spread(values)}{NBSP}s"


def spread(values: Iterable[float]) -> str:
    """Return the shortest and the longest duration without the unit, such as "0.24 to 1.1"."""
    ordered = sorted(values)
    return f"{_duration(ordered[0])} to {_duration(ordered[-1])}"


def milliseconds(value: float) -> str:
    """Return a duration that was recorded in milliseconds in that unit, such as "70 ms"."""
    return f"{fixed(value, 0)}{NBSP}ms"


def ratio(value: float) -> str:
    """Return a ratio such as "31×" or "1.3×"."""
    return f"{_quotient(value)}×"


def ratio_with_spread(value: float, values: Iterable[float]) -> str:
    """Return a ratio and its range, such as "2.6× (2.4 to 2.9)"."""
    ordered = sorted(values)
    return f"{ratio(value)}{NBSP}({_quotient(ordered[0])} to {_quotient(ordered[-1])})"


def megabytes(size: float) -> str:
    """Return a size in MB without the unit, such as "318" or "4.2". A MB has a million bytes."""
    return fixed(size / 1e6, 0 if size >= 9.5e6 else 1)


def kilobytes(size: float) -> str:
    """Return a size in kB without the unit, such as "71.3". A kB has a thousand bytes."""
    return fixed(size / 1e3, 1)


def size(value: float) -> str:
    """Return a size with its unit: whole kB up to a megabyte, MB from there on."""
    if value < 1e6:
        return f"{fixed(max(value, 1e3) / 1e3, 0)}{NBSP}kB"
    return f"{megabytes(value)}{NBSP}MB"


def fixed(value: float, digits: int) -> str:
    """Return a number with so many digits after the point."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:f}"


def short(value: float, digits: int) -> str:
    """Return a number with at most so many digits after the point, and no trailing zeros."""
    text = fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(iso: str) -> str:
    """Return a date such as "2026-11-26" as "26 November 2026"."""
    value = date.fromisoformat(iso)
    return f"{value.day} {value:%B %Y}"


def _duration(value: float) -> str:
    """Return one digit after the point from a second on, two below, three below a tenth.

    Most recordings have two digits, so the third is left out when it is a zero.
    """
    if value >= 0.995:
        return fixed(value, 1)
    return fixed(value, 2) if value >= 0.0995 else fixed(value, 3).removesuffix("0")


def _quotient(value: float) -> str:
    """Return one digit after the point below ten, and none from there on."""
    return fixed(value, 0 if value >= 9.5 else 1)

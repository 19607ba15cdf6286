"""Format recorded numbers for pages.

Only this module formats numbers, so that a recorded figure looks the same on every page. Halves are
rounded up, as in JavaScript's `toFixed`, because the scripts of the pages print the same figures.
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
    """Return a duration in milliseconds, such as "70 ms"."""
    return f"{fixed_digits(value, 0)}{NBSP}ms"


def ratio(value: float) -> str:
    """Return a ratio such as "31×" or "1.3×"."""
    return f"{_quotient(value)}×"


def ratio_with_spread(value: float, values: Iterable[float]) -> str:
    """Return a ratio and its range, such as "2.6× (2.4 to 2.9)"."""
    ordered = sorted(values)
    return f"{ratio(value)}{NBSP}({_quotient(ordered[0])} to {_quotient(ordered[-1])})"


def rounds(count: int) -> str:
    """Return a number of rounds, such as "1 round" or "5 rounds"."""
    return "1 round" if count == 1 else f"{count} rounds"


def percent(share: float) -> str:
    """Return a share of one as a percentage, such as "12%"."""
    return f"{fixed_digits(share * 100, 0)}%"


def megabytes(size: float) -> str:
    """Return a size in MB (a million bytes) without the unit, such as "318" or "4.2"."""
    return fixed_digits(size / 1e6, 0 if size >= 9.5e6 else 1)


def kilobytes(size: float) -> str:
    """Return a size in kB (a thousand bytes) without the unit, such as "71.3"."""
    return fixed_digits(size / 1e3, 1)


def size(value: float) -> str:
    """Return a size with its unit: in whole kB below one MB, otherwise in MB."""
    if value < 1e6:
        return f"{fixed_digits(max(value, 1e3) / 1e3, 0)}{NBSP}kB"
    return f"{megabytes(value)}{NBSP}MB"


def fixed_digits(value: float, digits: int) -> str:
    """Return a number with exactly `digits` decimal places."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:f}"


def trim_zeros(value: float, digits: int) -> str:
    """Return a number with at most `digits` decimal places, without trailing zeros."""
    text = fixed_digits(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_date(iso: str) -> str:
    """Return a date such as "2026-11-26" as "26 November 2026"."""
    value = date.fromisoformat(iso)
    return f"{value.day} {value:%B %Y}"


def _duration(value: float) -> str:
    """Return seconds with one decimal place, with two below 1 s, and with three below 0.1 s.

    A zero in the third decimal place is left out, because most recordings have only two places.
    """
    if value >= 0.995:
        return fixed_digits(value, 1)
    return fixed_digits(value, 2) if value >= 0.0995 else fixed_digits(value, 3).removesuffix("0")


def _quotient(value: float) -> str:
    """Return a number with one decimal place below 10, and otherwise without decimal places."""
    return fixed_digits(value, 0 if value >= 9.5 else 1)

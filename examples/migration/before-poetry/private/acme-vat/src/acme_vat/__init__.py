"""Value added tax of the countries that we sell to."""

from decimal import ROUND_HALF_UP, Decimal

# Per cent: the standard rate, and the reduced one for books.
RATES = {
    "AT": {"standard": 20, "reduced": 10},
    "DE": {"standard": 19, "reduced": 7},
    "FR": {"standard": 20, "reduced": Decimal("5.5")},
    "IT": {"standard": 22, "reduced": 4},
    "NL": {"standard": 21, "reduced": 9},
}


def countries() -> list[str]:
    """The codes of the countries that have rates."""
    return sorted(RATES)


def gross(net: Decimal, country: str, kind: str = "standard") -> Decimal:
    """The price with tax, in whole cents. Raises KeyError for a country without rates."""
    rate = Decimal(RATES[country][kind])
    cent = Decimal("0.01")
    return (net * (100 + rate) / 100).quantize(cent, rounding=ROUND_HALF_UP)

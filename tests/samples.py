"""Choose what a landing tries of the recordings that `scripts/test --all` tries whole."""

from datetime import date


def sample_of_today(values, size):
    """Return `size` of the values, in their order. Samples of successive days cover all values."""
    values = [*values]
    start = date.today().toordinal() * size
    chosen = {(start + index) % len(values) for index in range(min(size, len(values)))}
    return [values[index] for index in sorted(chosen)]

"""Choose what a landing tries of the recordings that `scripts/test --all` tries whole."""

import random
from datetime import date


def sample_of_today(values, size):
    """Return `size` of the values, in their order. On another day, they are others."""
    values = [*values]
    chosen = random.Random(date.today().toordinal()).sample(range(len(values)), size)
    return [values[index] for index in sorted(chosen)]

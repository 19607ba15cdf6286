"""Compare version numbers."""


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare it with others."""
    return tuple(int(part) for part in version.split("."))

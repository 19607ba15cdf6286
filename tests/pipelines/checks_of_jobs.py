"""Checks of the packages that a fast job installs, for the tests of both pipelines."""


def check_lint(installed):
    """The linter, and nothing else."""
    assert installed == ["ruff"]


def check_types(installed):
    """What mypy reads and imports; neither the server nor what is for a laptop."""
    assert {"mypy", "django", "pytest"} <= {*installed}
    assert not {"gunicorn", "ruff", "django-debug-toolbar"} & {*installed}


def check_test(installed):
    assert {"pytest", "django"} <= {*installed}
    assert not {"gunicorn", "mypy", "ruff", "django-debug-toolbar"} & {*installed}


CHECKS = {"lint": check_lint, "types": check_types, "test": check_test}

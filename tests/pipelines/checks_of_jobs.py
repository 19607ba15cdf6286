"""Checks of the packages that a fast job installs, for the tests of both pipelines."""


def check_lint(installed):
    """Check that the linter is the only package."""
    assert installed == ["ruff"]


def check_types(installed):
    """Check that mypy can import the code, without the server and the development tools."""
    assert {"mypy", "django", "pytest"} <= {*installed}
    assert not {"gunicorn", "ruff", "django-debug-toolbar"} & {*installed}


def check_test(installed):
    """Check that the tests can run, without the server and the other tools."""
    assert {"pytest", "django"} <= {*installed}
    assert not {"gunicorn", "mypy", "ruff", "django-debug-toolbar"} & {*installed}


CHECKS = {"lint": check_lint, "types": check_types, "test": check_test}

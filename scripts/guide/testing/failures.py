"""A pytest plugin that reports the failure of a fixture only once.

pytest raises the exception of a broken fixture again in every test that uses the fixture. The first
of these tests is reported in full, and the others refer to it. PYTEST_DONT_REWRITE: scripts/test
imports this package before pytest can rewrite its assertions.
"""

from collections.abc import Generator

import pytest

# Begins the reference to the first test.
REPORTED = "in a fixture, reported in full at"
# Maps each exception of a fixture to the first test in which it was raised.
FIRST_TESTS = pytest.StashKey[dict[BaseException, str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "setup" and report.failed and call.excinfo is not None:
        error = call.excinfo.value
        first = item.config.stash.setdefault(FIRST_TESTS, {}).setdefault(error, item.nodeid)
        if first != item.nodeid:
            report.longrepr = f"{type(error).__name__} {REPORTED} {first}"
    return report

"""The pytest plugin that reports one cause once.

pytest raises the exception of a broken fixture again in every test that uses the fixture. The first
of these tests is reported in full, and the others name the first. PYTEST_DONT_REWRITE: scripts/test
has imported this package before pytest could rewrite its assertions.
"""

from collections.abc import Generator

import pytest

# The test that each exception of a fixture was first raised in, by the exception itself.
FIRST = pytest.StashKey[dict[BaseException, str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "setup" and report.failed and call.excinfo is not None:
        error = call.excinfo.value
        first = item.config.stash.setdefault(FIRST, {}).setdefault(error, item.nodeid)
        if first != item.nodeid:
            report.longrepr = f"{type(error).__name__} in a fixture, reported in full at {first}"
    return report

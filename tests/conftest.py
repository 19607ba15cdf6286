import pytest

from guide.catalogue import examples
from guide.testing import ENGINE


@pytest.fixture(scope="session")
def engine(request):
    """The Docker engine that scripts/test found or started."""
    return request.config.stash[ENGINE]


def pytest_generate_tests(metafunc):
    """A test that asks for `example` runs once for each of them."""
    if "example" in metafunc.fixturenames:
        names = [pytest.param(each, id=each.name) for each in examples()]
        metafunc.parametrize("example", names, scope="session")

import pytest

from guide.catalogue import examples, variants
from guide.testing import ENGINE


@pytest.fixture(scope="session")
def engine(request):
    """The Docker engine that scripts/test found or started."""
    return request.config.stash[ENGINE]


def pytest_generate_tests(metafunc):
    """A test that asks for `example` runs once for each project that a reader copies; one that
    asks for `contender` runs for each Dockerfile in them that is timed."""
    for name, each in (("example", examples()), ("contender", [*examples(), *variants()])):
        if name in metafunc.fixturenames:
            values = [pytest.param(one, id=one.name) for one in each]
            metafunc.parametrize(name, values, scope="session")

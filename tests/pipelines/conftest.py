import pytest

from guide.ci import network as ci_network
from guide.ci import pipelines
from guide.content.examples import example as find_example


def pytest_base_images(item):
    """Return the images of the pipelines and of the services of a CI runner."""
    if "network" not in item.fixturenames:
        return None
    examples = [find_example(name) for name in (pipelines.TWO_SPEEDS, pipelines.PRIVATE)]
    named = [name for each in examples for name in (*each.images, *each.gitlab_images)]
    return [*ci_network.IMAGES, *named]


@pytest.fixture(scope="session")
def bookings():
    """The room bookings, the example with fast and full CI jobs."""
    return find_example(pipelines.TWO_SPEEDS)


@pytest.fixture(scope="session")
def network(engine, bookings):
    """The services of a CI runner, with the base images of two examples."""
    shop = find_example(pipelines.PRIVATE)
    images = [*bookings.parsed.external_images, *shop.parsed.external_images]
    with ci_network.running_network(engine, list(dict.fromkeys(images))) as running:
        yield running

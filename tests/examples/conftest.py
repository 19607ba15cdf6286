import pytest

from guide.engine import layers, transcripts
from guide.engine.build import NO_IMAGE
from particulars import PARTICULARS, tested_edits


@pytest.fixture(scope="session")
def special(example):
    return PARTICULARS[example.project]


@pytest.fixture(scope="session")
def bases(engine):
    """Gives base images of an example that no build has started from: the same to all who ask, so
    that what one test has built another need not build again."""
    made = {}

    def of(example):
        if example.name not in made:
            made[example.name] = layers.unseen_bases(engine, example)
        return made[example.name]

    return of


@pytest.fixture(scope="session")
def bench(engine, uv_example, bases):
    """A place with a cold cache to build the Dockerfile in. What is compiled once is kept."""
    with layers.bench(engine, uv_example, empty_mounts=False, bases=bases(uv_example)) as place:
        yield place


@pytest.fixture(scope="session")
def measured(bench):
    """The first builds in that place: cold, and after each edit. Only the first is an image."""
    return layers.measure(bench, tested_edits(bench.example), NO_IMAGE)


@pytest.fixture(scope="session")
def image(measured):
    """The tag of the image, built from the project as it is."""
    return measured["cold"].tag


@pytest.fixture(scope="session")
def place(engine, example, bases):
    """The example, running after the commands of its README."""
    with transcripts.workplace(engine, example, bases=bases(example)) as place:
        place.follow_readme()
        yield place


@pytest.fixture(scope="session")
def production(engine, example, bases, place):
    """The same, with the image and the limits of production."""
    if not (example.folder / transcripts.PRODUCTION).exists():
        yield place
        return
    with transcripts.workplace(engine, example, True, bases=bases(example)) as place:
        place.follow_readme()
        yield place

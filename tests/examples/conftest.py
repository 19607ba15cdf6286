import pytest
from particulars import PARTICULARS, tested_edits

from guide import layers, transcripts


@pytest.fixture(scope="session")
def special(example):
    return PARTICULARS[example.project]


@pytest.fixture(scope="session")
def bench(engine, contender):
    """A place with a cold cache to build the Dockerfile in. What is compiled once is kept."""
    with layers.bench(engine, contender, empty_mounts=False) as place:
        yield place


@pytest.fixture(scope="session")
def measured(bench):
    """The first builds in that place: cold, and after each edit."""
    return layers.measure(bench, tested_edits(bench.example))


@pytest.fixture(scope="session")
def image(measured):
    """The tag of the image, built from the project as it is."""
    return measured["cold"].tag


@pytest.fixture(scope="session")
def place(engine, example):
    """The example, running after the commands of its README."""
    with transcripts.workplace(engine, example) as place:
        place.follow_readme()
        yield place


@pytest.fixture(scope="session")
def production(engine, example, place):
    """The same, with the image and the limits of production."""
    if not (example.folder / transcripts.PRODUCTION).exists():
        yield place
        return
    with transcripts.workplace(engine, example, production=True) as place:
        place.follow_readme()
        yield place

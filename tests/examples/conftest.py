from pathlib import Path

import pytest

from guide.engine import transcripts
from guide.engine.build import NO_IMAGE
from guide.engine.isolated import fresh_base_images, isolated_builder
from guide.record import layers
from particulars import PARTICULARS, tested_edits

FOLDER = Path(__file__).parent


# Last, because pytest itself sorts the tests by their fixtures.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run the tests of this folder example by example, in the order that their files have.

    The first builds of an example expect every layer to be new. What builds the example later uses
    the same base images and finds those layers. The last tests of a service stop it.
    """
    indexes = [at for at, item in enumerate(items) if item.path.is_relative_to(FOLDER)]
    ordered = sorted((items[at] for at in indexes), key=position)
    for at, item in zip(indexes, ordered, strict=True):
        items[at] = item


def position(item):
    """Return the sort key of a test: its kind, its example, and its position in its file."""
    values = item.callspec.params if hasattr(item, "callspec") else {}
    if "edit_builds" in item.fixturenames:
        kind, name = 0, values["uv_example"].name
    elif "example" in values:
        kind, name = 1, values["example"].name
    else:
        kind, name = 2, ""
    return kind, name, str(item.path), item.location[1]


@pytest.fixture(scope="session")
def particulars(example):
    """What the tests cannot read from the files of the example."""
    return PARTICULARS[example.project]


@pytest.fixture(scope="session")
def base_images(engine):
    """A function that returns base images of an example that no earlier build has started from.

    Everything that builds the example in this session shares them, and with them its layers.
    """
    images = {}

    def base_images_of(example):
        if example.name not in images:
            images[example.name] = fresh_base_images(engine, example)
        return images[example.name]

    return base_images_of


@pytest.fixture(scope="session")
def builder(engine, uv_example, base_images):
    """A builder without a cache for the example. Cache mounts keep what other builds compiled."""
    with isolated_builder(engine, uv_example, False, base_images(uv_example)) as builder:
        yield builder


@pytest.fixture(scope="session")
def edit_builds(builder):
    """The first builds of the builder: without a cache, which makes an image, and after edits."""
    return layers.build_after_edits(builder, tested_edits(builder.example), NO_IMAGE)


@pytest.fixture(scope="session")
def image(edit_builds):
    """The tag of the image of the unchanged example."""
    return edit_builds["cold"].tag


@pytest.fixture(scope="session")
def service(engine, example, base_images):
    """The example, running after the commands of its README."""
    with transcripts.project_copy(engine, example, base_images=base_images(example)) as service:
        service.follow_readme()
        yield service


@pytest.fixture(scope="session")
def production(engine, example, base_images, service):
    """The example with the image and the limits of production, after the README's commands."""
    if not (example.folder / transcripts.PRODUCTION).exists():
        yield service
        return
    with transcripts.project_copy(
        engine, example, True, base_images=base_images(example)
    ) as production:
        production.follow_readme()
        yield production

from pathlib import Path

import pytest

from guide.engine import transcripts
from guide.engine.build import NO_IMAGE
from guide.engine.isolated import fresh_base_images, isolated_builder
from guide.record import layers
from particulars import PARTICULARS, tested_edits

FOLDER = Path(__file__).parent


# This runs last, because pytest itself sorts the tests by their fixtures.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run the tests of this folder example by example, in the order of their files.

    The first builds of an example require that no layer exists. Later builds use the same base
    images and therefore reuse the layers. The last tests of a service stop it.
    """
    indexes = [index for index, item in enumerate(items) if item.path.is_relative_to(FOLDER)]
    ordered = sorted((items[index] for index in indexes), key=position)
    for index, item in zip(indexes, ordered, strict=True):
        items[index] = item


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
    """The facts about the example that tests cannot read from its files."""
    return PARTICULARS[example.project]


@pytest.fixture(scope="session")
def base_images(engine):
    """A function that returns fresh base images of an example.

    All builds of the example in this session share these images, and therefore its layers.
    """
    images = {}

    def base_images_of(example):
        if example.name not in images:
            images[example.name] = fresh_base_images(engine, example)
        return images[example.name]

    return base_images_of


@pytest.fixture(scope="session")
def builder(engine, uv_example, base_images):
    """A builder without cached layers for the example. Cache mounts keep their content."""
    with isolated_builder(engine, uv_example, False, base_images(uv_example)) as builder:
        yield builder


@pytest.fixture(scope="session")
def edit_builds(builder):
    """The builder's first builds: a cold build that produces an image, then one build per edit."""
    return layers.build_after_edits(builder, tested_edits(builder.example), NO_IMAGE)


@pytest.fixture(scope="session")
def image(edit_builds):
    """The tag of the image of the unchanged example."""
    return edit_builds["cold"].tag


@pytest.fixture(scope="session")
def service(engine, example, base_images):
    """The running example, after the commands of its README."""
    with transcripts.project_copy(engine, example, base_images=base_images(example)) as service:
        service.follow_readme()
        yield service


@pytest.fixture(scope="session")
def production(engine, example, base_images, service):
    """The example with its production settings, after the commands of its README."""
    if not (example.folder / transcripts.PRODUCTION).exists():
        yield service
        return
    with transcripts.project_copy(
        engine, example, True, base_images=base_images(example)
    ) as production:
        production.follow_readme()
        yield production

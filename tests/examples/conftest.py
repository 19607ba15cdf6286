import pytest

from guide.engine import transcripts
from guide.engine.build import NO_IMAGE
from guide.engine.isolated import isolated_builder, unused_base_images
from guide.record import layers
from particulars import PARTICULARS, tested_edits


@pytest.fixture(scope="session")
def special(example):
    return PARTICULARS[example.project]


@pytest.fixture(scope="session")
def base_images(engine):
    """A function that returns base images of an example that no earlier build has started from.

    Everything that builds the example in this session shares them, and with them its layers.
    """
    images = {}

    def base_images_of(example):
        if example.name not in images:
            images[example.name] = unused_base_images(engine, example)
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

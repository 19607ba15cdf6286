from guide.content.examples import example as find_example
from guide.engine.uv import images_of

# The examples that have the base images of the kits for each landing, and the private servers.
EXAMPLES = (
    *("pattern-a-single-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts", "after-uv"),
)


def pytest_base_images(item):
    """Return the base images of the kits."""
    if "engine" not in item.fixturenames:
        return None
    names = (name for example in EXAMPLES for name in images_of(find_example(example)))
    return list(dict.fromkeys(names))

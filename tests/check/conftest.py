from guide.engine.uv import PYTHON_IMAGE


def pytest_base_images(item):
    """Return the base image of the generated Dockerfiles."""
    return [PYTHON_IMAGE] if "engine" in item.fixturenames else None

import pytest

from guide import catalogue
from guide.engine import PREFIX
from guide.layers import LOCKING


@pytest.fixture(scope="session")
def python_and_uv(engine):
    """The tag of an image with Python, pip and the uv that the examples pin, and nothing else."""
    uv = catalogue.examples()[0].uv_image
    engine.need_images([LOCKING, uv])
    tag = f"{PREFIX}/python-and-uv"
    text = (
        f"FROM {LOCKING}\nCOPY --from={uv} /uv /usr/local/bin/uv\nENV UV_PYTHON_DOWNLOADS=never\n"
    )
    engine.build_text(text, tag)
    return tag


@pytest.fixture
def shell(engine, python_and_uv):
    """Runs a script in a new container of that image; gives what it printed, line by line."""

    def run(script, check=True):
        done = engine.run(python_and_uv, "sh", "-euc", script, check=check)
        return (done.stdout if check else done.stdout + done.stderr).splitlines()

    return run

"""Standard library bytecode"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1", "sqlparse==0.5.5"]
"""
START = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
"""
STANDARD_LIBRARY = "find /usr/local/lib -name '*.pyc' | wc -l"
JSON = "find /usr/local/lib/python3*/json -name '*.pyc' | wc -l"
# uv runs Python to find out its version. That step imports json, but not email.
EMAIL = "find /usr/local/lib/python3*/email -name '*.pyc' | wc -l"
# Python prints the file that it read each module from: a .py file that it compiled, or a .pyc file.
COMPILED = "python -v -c 'import json' 2>&1 | grep -c 'code object from /.*[.]py$'"
AS_IN_PRODUCTION = "--read-only --user 10001"


def test_official_python_images_have_no_bytecode(docker):
    """The `python:3.14-slim-trixie` image contains no standard library bytecode."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n")
    docker.build()
    assert docker.start(f'sh -c "{STANDARD_LIBRARY}"') == "0"


def test_uv_does_not_compile_the_standard_library(docker):
    """With `UV_COMPILE_BYTECODE=1`, uv compiles packages to bytecode, but not the standard
    library."""
    docker.write("pyproject.toml", PROJECT)
    docker.run("uv lock")
    dockerfile = "COPY pyproject.toml uv.lock ./\nRUN UV_COMPILE_BYTECODE=1 uv sync --locked\n"
    docker.write("Dockerfile", START + dockerfile)
    docker.build()
    assert int(docker.start("sh -c \"find .venv -name '*.pyc' | wc -l\"")) > 20
    assert docker.start(f'sh -c "{EMAIL}"') == "0"


def test_each_start_compiles_the_standard_library_again(docker):
    """In a read-only, non-root container started from `python:3.14-slim-trixie`, every new Python
    process compiles the standard library modules that it imports."""
    docker.write("count.sh", f"{COMPILED}\n{COMPILED}\n")
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nCOPY count.sh /\n")
    docker.build()
    first, second = docker.start("sh /count.sh", AS_IN_PRODUCTION).split()
    assert int(first) == int(second) > 2


def test_a_build_step_keeps_bytecode_of_what_it_imports(docker):
    """If a build step runs Python as root, Python can save bytecode for the standard library
    modules that it imports, and that bytecode stays in the image."""
    docker.write("count.sh", f"{COMPILED}\n")
    docker.write(
        "Dockerfile", f"FROM {PYTHON_IMAGE}\nCOPY count.sh /\nRUN python -c 'import json'\n"
    )
    docker.build()
    assert int(docker.start(f'sh -c "{JSON}"')) > 2
    assert docker.start("sh -c 'sh /count.sh || true'", AS_IN_PRODUCTION) == "0"


def test_pythondontwritebytecode_keeps_a_build_step_from_leaving_bytecode(docker):
    """If `PYTHONDONTWRITEBYTECODE` is set, a build step that runs Python does not add standard
    library bytecode to the image."""
    docker.write(
        "Dockerfile",
        f"FROM {PYTHON_IMAGE}\nENV PYTHONDONTWRITEBYTECODE=1\nRUN python -c 'import json'\n",
    )
    docker.build()
    assert docker.start(f'sh -c "{STANDARD_LIBRARY}"') == "0"

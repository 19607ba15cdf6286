"""What a Dockerfile compiles, whether it has a cache mount, and the Dockerfiles derived from it."""

import pytest

from guide import Problem
from guide.content import build_facts, variants
from guide.content.dockerfile import Dockerfile

UV = """\
FROM python:3.14-slim-trixie
# UV_COMPILE_BYTECODE=1 in a comment is not a setting.
ENV UV_COMPILE_BYTECODE=1
ENV UV_LINK_MODE=copy
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \\
    uv sync --locked
RUN SECRET_KEY=x python manage.py collectstatic --noinput
COPY . .
RUN --network=none python -m compileall -q status
USER 10001
"""
POETRY = """\
FROM python:3.14-slim-trixie
RUN --mount=type=cache,target=/root/.cache/pip \\
    /opt/poetry/bin/pip install poetry==2.5.1
RUN --mount=type=cache,target=/root/.cache/pypoetry \\
    X=y \\
    poetry install --only main
USER 10001
"""


def parts(text: str) -> tuple[str, ...]:
    return build_facts.compiled_parts(Dockerfile.parse(text))


def has_cache_mount(text: str) -> bool:
    return build_facts.has_cache_mount(Dockerfile.parse(text))


def test_what_is_compiled() -> None:
    code, imported = "the service's code", "the modules that collectstatic imports"
    assert parts(UV) == ("packages", code, imported)
    assert parts(variants.without_package_bytecode(UV)) == (code, imported)
    assert parts(variants.without_standard_library(UV)) == ("packages", code)
    assert parts(variants.without_bytecode(UV)) == ()
    assert parts(variants.with_whole_standard_library(UV))[-1] == "the standard library"
    assert parts(POETRY) == ()
    assert parts(variants.compiling_packages(POETRY)) == ("packages",)


@pytest.mark.parametrize(
    ("command", "compiled"),
    [
        ("uv sync", False),
        ("uv sync --compile-bytecode", True),
        ("UV_COMPILE_BYTECODE=1 uv pip sync requirements.txt", True),
        ("uv pip sync requirements.txt", False),
        ("uv export --output-file requirements.txt", False),
        ("pip install --requirement requirements.txt", True),
        ("pip install --no-compile -r requirements.txt", False),
        ("pip install poetry", False),
        ("poetry install", False),
        ("poetry install --compile", True),
        ("python -m compileall -q -j 0 .venv/lib/python3.14/site-packages", True),
        ("python -m compileall -q -j 0 orders shop", False),
    ],
)
def test_an_installation_compiles_or_does_not(command: str, compiled: bool) -> None:
    assert ("packages" in parts(f"FROM a\nRUN {command}\n")) is compiled


def test_only_the_cache_mount_of_the_installation_counts() -> None:
    assert has_cache_mount(UV)
    assert has_cache_mount(POETRY)
    without_mount = POETRY.replace("--mount=type=cache,target=/root/.cache/pypoetry", "")
    assert not has_cache_mount(without_mount)


def test_without_a_cache_mount_no_cache_is_kept_in_the_layer() -> None:
    text = variants.without_cache_mount(UV)
    assert not has_cache_mount(text)
    assert Dockerfile.parse(text).stages[-1].environment["UV_NO_CACHE"] == "1"
    assert "RUN uv sync --locked" in [
        each.normalised for each in Dockerfile.parse(text).instructions
    ]


@pytest.mark.parametrize(
    "derive",
    [
        variants.compiling_packages,
        variants.without_package_bytecode,
        variants.without_bytecode,
        variants.without_standard_library,
        variants.with_whole_standard_library,
        variants.without_cache_mount,
    ],
)
def test_a_dockerfile_without_the_instruction_to_change_is_a_problem(derive) -> None:
    with pytest.raises(Problem):
        derive("FROM scratch\n")

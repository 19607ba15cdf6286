"""Find the recipe and the base images of stand-ins, and hash the recipes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from guide import ROOT, Problem
from guide.engine import stand_ins


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("python:3.13-slim-trixie", []),
        ("postgres:18", ["python:3.14-slim-trixie"]),
        ("docker:29-dind", ["docker:29-cli"]),
        ("node:24-trixie-slim", ["python:3.14-slim-trixie"]),
        ("valkey/valkey:9.1", ["python:3.14-slim-trixie"]),
        ("ghcr.io/astral-sh/uv:0.13.9", []),
        ("ghcr.io/astral-sh/uv:0.13.9-python3.12-trixie-slim", ["python:3.12-slim-trixie"]),
    ],
)
def test_base_images(name: str, bases: list[str]) -> None:
    assert stand_ins.starts_from(name) == bases


def test_an_image_without_a_recipe_is_a_problem() -> None:
    with pytest.raises(Problem, match=r"example/unknown:1 cannot be pulled, and .* has no recipe"):
        stand_ins.starts_from("example/unknown:1")


def test_every_recipe_is_used_and_has_a_dockerfile() -> None:
    folders = {path.name for path in stand_ins.RECIPES.iterdir()}
    assert folders == {recipe.folder for recipe in stand_ins.STAND_INS}
    assert all((stand_ins.RECIPES / folder / "Dockerfile").is_file() for folder in folders)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the recipes that a test can change."""
    folder = tmp_path / "recipes"
    shutil.copytree(stand_ins.RECIPES, folder)
    monkeypatch.setattr(stand_ins, "RECIPES", folder)
    hashes = (stand_ins.recipes_hash, stand_ins.recipe_hash)
    for each in hashes:
        each.cache_clear()
    yield folder
    for each in hashes:
        each.cache_clear()


def changed_by(path: Path) -> set[str]:
    """Return the images whose stand-ins are rebuilt after a change to a file."""
    images = {
        *("python:3.14-slim-trixie", "ubuntu:noble", "node:24-trixie-slim", "postgres:18"),
        *("docker:29-cli", "docker:29-dind", "ghcr.io/astral-sh/uv:0.13.9"),
    }
    before = {name: stand_ins.recipe_hash(name) for name in images}
    path.write_bytes(path.read_bytes() + b"\n")
    stand_ins.recipe_hash.cache_clear()
    return {name for name in images if stand_ins.recipe_hash(name) != before[name]}


def test_a_change_rebuilds_the_images_that_start_from_the_changed_one(copy: Path) -> None:
    assert changed_by(copy / "node/Dockerfile") == {"node:24-trixie-slim"}
    assert changed_by(copy / "docker-cli/docker-entrypoint.sh") == {
        *("docker:29-cli", "docker:29-dind")
    }
    assert changed_by(copy / "python/sitecustomize.py") == {
        *("python:3.14-slim-trixie", "node:24-trixie-slim", "postgres:18"),
        *("docker:29-cli", "docker:29-dind"),
    }


def test_a_recipe_names_the_functions_that_it_uses() -> None:
    """Without them, a change to such a function would not rebuild the stand-in."""
    functions = {name: each for name, each in vars(stand_ins).items() if name.endswith("_files")}
    for recipe in stand_ins.STAND_INS:
        used = recipe.prepare.__code__.co_names
        assert {functions[name] for name in used if name in functions} == {*recipe.helpers}


def test_the_hash_covers_every_file_of_the_recipes(copy: Path) -> None:
    hashes = {stand_ins.recipes_hash()}
    files = sorted(stand_ins.recipe_files(copy))
    for path in files:
        path.write_bytes(path.read_bytes() + b"\n")
        stand_ins.recipes_hash.cache_clear()
        hashes.add(stand_ins.recipes_hash())
    assert len(hashes) == len(files) + 1


def test_the_differences_of_each_stand_in_are_published() -> None:
    page = (ROOT / "docs/how-this-guide-is-tested.md").read_text()
    for recipe in stand_ins.STAND_INS:
        name = recipe.folder.partition("-")[0]
        assert f"| `{name}` |" in page

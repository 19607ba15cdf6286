"""Find the recipe and the base images of stand-ins, and hash the recipes."""

import shutil
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


def test_the_hash_covers_every_file_of_the_recipes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "recipes"
    shutil.copytree(stand_ins.RECIPES, copy)
    monkeypatch.setattr(stand_ins, "RECIPES", copy)
    stand_ins.recipes_hash.cache_clear()
    hashes = {stand_ins.recipes_hash()}
    files = sorted(stand_ins.recipe_files())
    for path in files:
        path.write_bytes(path.read_bytes() + b"\n")
        stand_ins.recipes_hash.cache_clear()
        hashes.add(stand_ins.recipes_hash())
    stand_ins.recipes_hash.cache_clear()
    assert len(hashes) == len(files) + 1


def test_the_differences_of_each_stand_in_are_published() -> None:
    page = (ROOT / "docs/how-this-guide-is-tested.md").read_text()
    for recipe in stand_ins.STAND_INS:
        name = recipe.folder.partition("-")[0]
        assert f"| `{name}` |" in page

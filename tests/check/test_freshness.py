"""The install predictor notices an out-of-date lockfile, and nothing else."""

import pytest

from guide import ROOT
from guide.content.examples import EXAMPLES
from predictor import FILES, names, predict

LOCKED = "but `--locked` was provided."


def changed(old, new):
    """Return the project with one change in pyproject.toml."""
    assert FILES["pyproject.toml"].count(old) == 1
    return FILES | {"pyproject.toml": FILES["pyproject.toml"].replace(old, new)}


def locked_folders():
    """Return the folders of this repository that have a lockfile."""
    return [ROOT, *(path.parent for path in sorted(EXAMPLES.rglob("uv.lock")))]


@pytest.mark.parametrize("folder", locked_folders(), ids=lambda path: path.name)
def test_a_lockfile_that_uv_wrote_is_up_to_date(folder):
    files = {name: (folder / name).read_text() for name in ("pyproject.toml", "uv.lock")}
    [[outcome]] = predict("uv sync --locked --no-default-groups", files=files)
    assert names(outcome)


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("[dependency-groups]", "[tool.black]\n[dependency-groups]", None),
        ('"django>=6.1,<6.2"', '"Django >=6.1, <6.2"', None),
        ('version = "1.0.0"', 'version = "v1.0"', None),
        ('version = "1.0.0"', 'version = "1.0.0-rc.1"', "it has version 1.0.0 of room-bookings"),
        ('version = "1.0.0"', 'version = "1.0.1"', "it has version 1.0.0 of room-bookings"),
        ('"room-bookings"', '"bookings"', "it calls the project room-bookings"),
        ('">=3.14"', '">=3.13"', "it is for Python >=3.14"),
        ('"django>=6.1,<6.2"', '"django>=6.0,<6.2"', "it has django>=6.1,<6.2"),
        (
            '"whitenoise>=6.12,<7",',
            '"whitenoise>=6.12,<7", "redis"',
            "it does not contain the requirement redis",
        ),
        ('    "whitenoise>=6.12,<7",\n', "", "it still contains the requirement whitenoise"),
        ('lint = ["ruff>=0.17,<0.18"]', 'lint = ["ruff>=0.16,<0.18"]', "it has ruff>=0.17,<0.18"),
        ("prod = [", 'docs = ["mkdocs"]\nprod = [', "it has no group docs"),
        (
            '    "django-debug-toolbar>=8,<9",\n',
            "",
            "it still contains the requirement django-debug-toolbar",
        ),
    ],
)
def test_a_change_in_pyproject_toml_is_noticed_if_it_concerns_the_lockfile(old, new, difference):
    commands = ("uv sync --locked", "uv sync", "uv sync --frozen", "UV_LOCKED=1 uv export")
    predicted = predict(*commands, files=changed(old, new))
    locked, plain, frozen, variable = (outcomes[0] for outcomes in predicted)
    assert names(frozen)
    if difference is None:
        assert names(locked) == names(plain) == names(frozen)
    else:
        assert locked["refused"].endswith(LOCKED)
        assert variable["refused"].endswith("but `UV_LOCKED=1` was provided.")
        assert difference in plain["unknown"]


def test_a_lockfile_of_another_project_is_noticed():
    other = FILES | {"pyproject.toml": '[project]\nname = "other"\nversion = "1"\n'}
    [[outcome]] = predict("uv sync", files=other)
    assert "it calls the project room-bookings" in outcome["unknown"]

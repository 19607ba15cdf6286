"""Kits for projects that are laid out in other ways than a new one are built, started and asked."""

import shutil

import pytest

from guide.content.examples import Example
from guide.kit.kits import kits
from guide.record.kit_builder import choice, kit_builder
from guide.record.kit_checks import ask, check_files
from guide.record.kit_steps import follow

pytestmark = pytest.mark.only_with_all
APPS = "INSTALLED_APPS = ["


def with_app_of_package(project):
    """Add an app to the package with the settings, which Django imports with its models."""
    app = project / "src/shop/api"
    app.mkdir()
    config = "from django.apps import AppConfig\n\n\nclass Api(AppConfig):\n"
    (app / "apps.py").write_text(f'{config}    name = "shop.api"\n')
    model = "from django.db import models\n\n\nclass Item(models.Model):\n"
    (app / "models.py").write_text(f"{model}    name = models.CharField(max_length=9)\n")
    (app / "__init__.py").touch()
    replace(project / "src/shop/settings.py", APPS, f'{APPS}\n    "shop.api.apps.Api",')


def with_settings_package(project):
    """Move the code into src/, and split the settings, which require a variable."""
    code = project / "src"
    code.mkdir()
    for name in ("manage.py", "shop"):
        shutil.move(project / name, code / name)
    settings = code / "shop/settings"
    settings.mkdir()
    shutil.move(code / "shop/settings.py", settings / "base.py")
    replace(settings / "base.py", ".parent.parent", ".parent.parent.parent")
    (settings / "__init__.py").touch()
    required = 'import os\n\nfrom .base import *  # noqa: F403\n\nKEY = os.environ["API_KEY"]\n'
    (settings / "live.py").write_text(required)
    (settings / "local.py").write_text("from .base import *\n")
    replace(code / "manage.py", "shop.settings", "shop.settings.local")


def replace(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


WHOLE = {"packages": ["api"], "static": ["src/shop"], "middleware": "api"}
LIVE = {"code": "src", "module": "shop.settings.live", "variables": ["API_KEY"]}
UBUNTU = {"system": "compiler", "python": "3.12"}
SHAPES = {
    "app-of-package": ({"layout": "src"}, WHOLE, with_app_of_package),
    "settings-package": ({}, LIVE, with_settings_package),
    "settings-package-on-ubuntu": (UBUNTU, LIVE, with_settings_package),
}
DEFAULTS = {
    **{"layout": "plain", "system": "none", "private": "none", "python": "3.14"},
    **{"database": "sqlite", "server": "gunicorn", "worker": "none", "lockStage": "no"},
    **{"ci": "none", "agents": "no"},
}


@pytest.fixture(scope="module")
def builder(engine):
    with kit_builder(engine, ()) as builder:
        yield builder


@pytest.mark.parametrize("shape", SHAPES)
def test_a_kit_for_another_layout_is_built_and_answers(builder, shape):
    changed, names, reshape = SHAPES[shape]
    answers = DEFAULTS | changed
    own = choice(answers, {})
    own["names"] |= names
    (files,) = kits([own])
    with builder.project(answers, files) as (kit, running):
        reshape(running.folder)
        builder.engine.need_images(Example(str(kit)).images)
        follow(kit, running.folder, lambda commands: running.run(commands).output)
        check_files(running)
        ask(running, answers)

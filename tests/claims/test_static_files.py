"""Collecting static files in the image build"""

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["django==5.2.8", "asgiref==3.11.1", "sqlparse==0.5.5"]

[tool.uv]
package = false
"""
SETTINGS = """\
from pathlib import Path

BASE_DIR = Path(__file__).parent.parent
SECRET_KEY = "only-for-this-claim"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "{app}",
]
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
STORAGES = {{
    "staticfiles": {{
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    }}
}}
{more}"""


def static_project(terminal, app="orders", more=""):
    """Create a project with the app `orders`, which has one static file."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --quiet")
    terminal.write("shop/__init__.py", "")
    terminal.write("shop/settings.py", SETTINGS.format(app=app, more=more))
    terminal.write("orders/__init__.py", "")
    terminal.write("orders/static/orders/shop.css", "body { color: navy }\n")


def collect(folder):
    return (
        f"uv run --quiet python -m django collectstatic --noinput --pythonpath {folder}"
        " --settings shop.settings"
    )


def copy_static_sources(terminal):
    """Copy the settings and the app, except for the app's modules, into the folder `image`."""
    terminal.run("mkdir -p image/orders")
    terminal.run("cp -r shop image/")
    terminal.run("cp -r orders/__init__.py orders/static image/orders/")


def test_collectstatic_needs_neither_views_nor_models(terminal):
    """If an app has neither an app configuration nor a custom user model, `collectstatic` needs
    only the app's `__init__.py` and static files. The collected files are then identical, byte for
    byte, to the files collected from the complete app."""
    static_project(terminal)
    terminal.write("orders/models.py", "from django.db import models\n")
    terminal.write("orders/views.py", "from .models import models\n")
    copy_static_sources(terminal)
    assert "static files copied" in terminal.run(collect("."))
    assert "static files copied" in terminal.run(collect("image"))
    terminal.run("diff --recursive collected image/collected")
    terminal.run("grep --count orders/shop.css image/collected/staticfiles.json")


def test_collectstatic_fails_if_an_app_is_missing(terminal):
    """`collectstatic` fails if an app in `INSTALLED_APPS` is missing."""
    static_project(terminal)
    copy_static_sources(terminal)
    terminal.run("rm -r image/orders")
    output = terminal.fails(f"cd image && {collect('.')}")
    assert "ModuleNotFoundError: No module named 'orders'" in output


def test_collectstatic_needs_the_module_of_an_app_configuration(terminal):
    """If `INSTALLED_APPS` names an app configuration, `collectstatic` needs the module that defines
    that configuration."""
    static_project(terminal, app="orders.apps.OrdersConfig")
    apps = "from django.apps import AppConfig\n\n\nclass OrdersConfig(AppConfig):\n"
    terminal.write("orders/apps.py", f'{apps}    name = "orders"\n')
    copy_static_sources(terminal)
    output = terminal.fails(f"cd image && {collect('.')}")
    assert "No module named 'orders.apps'" in output
    terminal.run("cp orders/apps.py image/orders/")
    assert "static files copied" in terminal.run(f"cd image && {collect('.')}")


def test_collectstatic_needs_the_model_of_a_custom_user(terminal):
    """If a project has a custom user model and uses the admin, `collectstatic` needs the
    `models.py` that defines that model."""
    static_project(terminal, more='AUTH_USER_MODEL = "orders.Customer"\n')
    user = "from django.contrib.auth.models import AbstractUser\n\n\n"
    terminal.write("orders/models.py", f"{user}class Customer(AbstractUser):\n    pass\n")
    copy_static_sources(terminal)
    output = terminal.fails(f"cd image && {collect('.')}")
    assert "AUTH_USER_MODEL refers to model 'orders.Customer' that has not been installed" in output
    terminal.run("cp orders/models.py image/orders/")
    assert "static files copied" in terminal.run(f"cd image && {collect('.')}")


def test_collectstatic_needs_a_model_that_an_app_looks_up(terminal):
    """If an installed app looks up one of your models when Django starts, for example because a
    setting names the model, `collectstatic` needs the `models.py` that defines that model."""
    static_project(terminal, app='orders", "pictures', more='PICTURE_MODEL = "orders.Picture"\n')
    ready = (
        "from django.apps import AppConfig, apps\nfrom django.conf import settings\n\n\n"
        'class PicturesConfig(AppConfig):\n    name = "pictures"\n\n'
        "    def ready(self):\n        apps.get_model(settings.PICTURE_MODEL)\n"
    )
    terminal.write("image/pictures/apps.py", ready)
    picture = "from django.db import models\n\n\nclass Picture(models.Model):\n    pass\n"
    terminal.write("orders/models.py", picture)
    copy_static_sources(terminal)
    output = terminal.fails(f"cd image && {collect('.')}")
    assert "App 'orders' doesn't have a 'Picture' model" in output
    terminal.run("cp orders/models.py image/orders/")
    assert "static files copied" in terminal.run(f"cd image && {collect('.')}")


def test_whitenoise_serves_only_collected_files(terminal):
    """With `DEBUG` off, WhiteNoise answers the request for a static file with status 404 until
    `collectstatic` has copied the file to `STATIC_ROOT`."""
    more = (
        'MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]\n'
        'ROOT_URLCONF = "shop.urls"\nALLOWED_HOSTS = ["testserver"]\n'
    )
    static_project(terminal, more=more)
    terminal.run("uv add --quiet whitenoise==6.11.0")
    terminal.write("shop/urls.py", "urlpatterns = []\n")
    code = (
        "import django; django.setup(); from django.test import Client; "
        "print(Client().get('/static/orders/shop.css').status_code)"
    )
    request = (
        f'DJANGO_SETTINGS_MODULE=shop.settings uv run --quiet python -W ignore -c "{code}"'
        " 2> /dev/null"
    )
    assert terminal.run(request).strip() == "404"
    terminal.run(collect("."))
    assert terminal.run(request).strip() == "200"


def test_a_file_that_was_not_collected_breaks_its_page(terminal):
    """With hashed static file names, `static()` fails for a file that was not collected."""
    static_project(terminal)
    terminal.run("mkdir elsewhere && mv orders/static elsewhere/")
    terminal.run(collect("."))
    terminal.run("mv elsewhere/static orders/")
    code = "import django; django.setup(); from django.templatetags.static import static; "
    page = f"{code}print(static('orders/shop.css'))"
    output = terminal.fails(
        f'DJANGO_SETTINGS_MODULE=shop.settings uv run --quiet python -c "{page}"'
    )
    assert "Missing staticfiles manifest entry for 'orders/shop.css'" in output

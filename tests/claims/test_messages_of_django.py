"""Error messages of Django, gunicorn and Celery"""

import socket

from guide.machine.serving import LOCALHOST

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = [{}]
"""
DJANGO = '"django==5.2.1"'
GUNICORN = '"gunicorn==23.0.0"'
MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
execute_from_command_line(sys.argv)
"""
SETTINGS = """\
DEBUG = False
SECRET_KEY = "used-only-here"
"""
DATABASE = 'DATABASES = {{"default": {{"ENGINE": "django.db.backends.{}", "NAME": "{}"}}}}\n'
WSGI = """\
import time


def application(environ, start_response):
    time.sleep(30)
"""


def django(terminal, settings="", dependencies=DJANGO):
    terminal.write("pyproject.toml", PROJECT.format(dependencies))
    terminal.write("manage.py", MANAGE)
    terminal.write("settings.py", SETTINGS + settings)
    terminal.run("uv sync --quiet")


def test_the_server_for_development_needs_allowed_hosts(terminal):
    """With `DEBUG = False` and an empty `ALLOWED_HOSTS`, `manage.py runserver` does not start."""
    django(terminal)
    output = terminal.fails("uv run manage.py runserver")
    assert "You must set settings.ALLOWED_HOSTS if DEBUG is False" in output


def test_django_rejects_a_host_that_is_not_allowed(terminal):
    """Django rejects a request whose host name is not in `ALLOWED_HOSTS`, and names the host that
    is missing."""
    django(terminal, 'ALLOWED_HOSTS = ["shop.example.com"]\n')
    ask = "from django.test import RequestFactory as F; F().get('/', SERVER_NAME='web').get_host()"
    output = terminal.fails(f'DJANGO_SETTINGS_MODULE=settings uv run python -c "{ask}"')
    assert "You may need to add 'web' to ALLOWED_HOSTS" in output


def test_collectstatic_needs_static_root(terminal):
    """`collectstatic` fails if `STATIC_ROOT` is not set and there is a file to collect."""
    apps = 'INSTALLED_APPS = ["django.contrib.staticfiles"]\nSTATIC_URL = "static/"\n'
    django(terminal, f'{apps}STATICFILES_DIRS = ["style"]\n')
    terminal.write("style/shop.css", "body { margin: 0 }\n")
    output = terminal.fails("uv run manage.py collectstatic --noinput")
    assert "without having set the STATIC_ROOT setting" in output


def test_an_ignored_error_of_collectstatic_leaves_no_files(terminal):
    """With `2> /dev/null || true`, `collectstatic` succeeds without a message even if Django
    fails before it collects any file."""
    apps = 'INSTALLED_APPS = ["django.contrib.staticfiles", "orders"]\n'
    django(terminal, f'{apps}STATIC_URL = "static/"\nSTATIC_ROOT = "collected"\n')
    collect = "uv run manage.py collectstatic --noinput"
    terminal.fails(f"{collect} 2> log")
    assert "No module named 'orders'" in terminal.run("tail -n 1 log")
    assert terminal.run(f"{collect} 2> /dev/null || true") == ""
    terminal.fails("ls collected")


def test_compilemessages_looks_for_messages_in_venv(terminal):
    """`compilemessages` also finds the messages of every package in `.venv` if this folder is in
    the project. With `--ignore=.venv`, it finds only those of the project."""
    # Succeeds without compiling, because not every machine has gettext.
    msgfmt = terminal.home / ".local/bin/msgfmt"
    msgfmt.parent.mkdir(parents=True)
    msgfmt.write_text("#!/bin/sh\necho msgfmt 1.0\n")
    msgfmt.chmod(0o755)
    terminal.write("pyproject.toml", PROJECT.format(DJANGO))
    terminal.write("locale/de/LC_MESSAGES/django.po", 'msgid "shop"\nmsgstr "Laden"\n')
    # Django changes the times of the files, which must not be hard links to uv's cache.
    terminal.run("UV_LINK_MODE=copy uv sync --quiet")
    count = "grep --count --fixed-strings .venv/"
    compiled = "uv run django-admin compilemessages"
    assert int(terminal.run(f"{compiled} | {count}")) > 1000
    assert "locale/de" in terminal.run(f"{compiled} --ignore=.venv")


def test_django_needs_a_settings_module(terminal):
    """If `DJANGO_SETTINGS_MODULE` is not set, reading a Django setting fails."""
    django(terminal)
    look = "from django.conf import settings; settings.DEBUG"
    output = terminal.fails(f"uv run python -c '{look}'")
    assert "Requested setting DEBUG, but settings are not configured" in output


def test_django_needs_the_package_of_its_database(terminal):
    """Django names the package that is missing if the settings name PostgreSQL or MySQL and its
    Python package is not installed."""
    django(terminal, DATABASE.format("postgresql", "shop"))
    output = terminal.fails("uv run manage.py migrate")
    assert "Error loading psycopg2 or psycopg module" in output
    terminal.write("settings.py", SETTINGS + DATABASE.format("mysql", "shop"))
    assert "Error loading MySQLdb module" in terminal.fails("uv run manage.py migrate")


def test_sqlite_needs_a_folder_that_exists(terminal):
    """SQLite does not create the folder of its database: `migrate` fails if it does not exist."""
    django(terminal, DATABASE.format("sqlite3", "/no/such/folder/db.sqlite3"))
    assert "unable to open database file" in terminal.fails("uv run manage.py migrate")


def test_psycopg_names_the_address_at_which_nothing_listens(terminal):
    """If nothing listens at the database's address, psycopg prints the address and the reason."""
    terminal.write("pyproject.toml", PROJECT.format('"psycopg[binary]==3.2.10"'))
    terminal.run("uv sync --quiet")
    connect = "import psycopg; psycopg.connect('host=127.0.0.1 port=9')"
    output = terminal.fails(f'uv run python -c "{connect}"')
    assert 'connection to server at "127.0.0.1", port 9 failed: Connection refused' in output


def gunicorn(terminal, arguments, messages):
    """Run gunicorn, which must stop, and return its messages without times and process numbers."""
    return terminal.run(
        f"uv run gunicorn {arguments} 2>&1 | grep --only-matching -E '({messages}).*' | uniq"
    )


def serve(terminal):
    terminal.write("pyproject.toml", PROJECT.format(GUNICORN))
    terminal.write("slow.py", WSGI)
    terminal.run("uv sync --quiet")


def test_gunicorn_stops_if_the_module_cannot_be_imported(terminal):
    """gunicorn stops with "Worker failed to boot" if it cannot import the application."""
    serve(terminal)
    output = gunicorn(terminal, "shop.wsgi --bind unix:web.sock", "ModuleNotFoundError|Reason")
    assert "Reason: Worker failed to boot." in output


def test_gunicorn_stops_if_the_module_has_no_application(terminal):
    """gunicorn stops if the module does not contain the variable after the colon."""
    serve(terminal)
    output = gunicorn(terminal, "slow:app --bind unix:web.sock", "Failed to find|Reason")
    assert "Failed to find attribute 'app' in 'slow'." in output


def test_gunicorn_stops_if_the_port_is_in_use(terminal):
    """gunicorn stops if another program listens on its port."""
    serve(terminal)
    with socket.create_server((LOCALHOST, 0)) as server:
        port = server.getsockname()[1]
        output = gunicorn(terminal, f"slow --bind {LOCALHOST}:{port}", "Connection in use")
    assert "Connection in use" in output
    entry = terminal.transcript[-1]
    entry.update({key: entry[key].replace(str(port), "8000") for key in ("command", "output")})


def test_gunicorn_kills_a_worker_after_its_timeout(terminal):
    """If a request takes longer than gunicorn's `timeout`, gunicorn kills the worker and logs
    "WORKER TIMEOUT"."""
    serve(terminal)
    terminal.run("uv run gunicorn slow --timeout 1 --bind unix:web.sock --pid web.pid > log 2>&1 &")
    terminal.run("timeout 60 sh -c 'until [ -S web.sock ]; do sleep 0.1; done'")
    terminal.run(
        "curl --silent --max-time 20 --unix-socket web.sock http://shop/ > /dev/null || true"
    )
    terminal.run("kill $(cat web.pid)")
    assert "WORKER TIMEOUT" in terminal.run("grep -o 'CRITICAL] WORKER TIMEOUT' log | head -n 1")


def test_celery_needs_the_name_of_a_module_that_exists(terminal):
    """Celery does not start if it cannot import the module after `-A`."""
    terminal.write("pyproject.toml", PROJECT.format('"celery==5.5.3"'))
    output = terminal.fails("uv run --quiet celery -A shop worker")
    assert "Unable to load celery application" in output

"""The six steps under "Make it yours", taken on a new Django project, and nothing else."""

import shutil
import time
import urllib.request

import pytest

from guide import layers
from guide.build import build
from guide.catalogue import example as find_example
from guide.engine import LABEL, PREFIX

EXAMPLE = find_example("pattern-a-single-stage")
COPIED = ["Dockerfile", ".dockerignore", "gunicorn.conf.py", "healthcheck.py"]


@pytest.fixture
def project(engine, tmp_path):
    """What `uv init`, `uv add django` and `django-admin startproject` make: a packaged project."""
    uv = layers.uv_in_container(engine, EXAMPLE)
    folder = tmp_path / "shop"
    folder.mkdir()
    uv(folder, ["init", "--name", "shop"])
    uv(folder, ["add", "--no-sync", "django", "gunicorn"])
    django = ["run", "--no-project", "--with", "django"]
    uv(folder, [*django, "django-admin", "startproject", "web", "."])
    uv(folder, [*django, "manage.py", "startapp", "orders"])
    return folder


def change(path, old, new):
    text = path.read_text()
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new))


def test_a_new_project_builds_and_answers(engine, project):
    # 1. The files.
    for name in COPIED:
        shutil.copy(EXAMPLE.folder / name, project)
    # 2. The names.
    change(project / "Dockerfile", "compileall -q status statuspage", "compileall -q orders web")
    change(project / "Dockerfile", "statuspage.wsgi", "web.wsgi")
    # 3. The health check.
    shutil.copy(EXAMPLE.folder / "status/middleware.py", project / "orders")
    settings = project / "web/settings.py"
    first = 'MIDDLEWARE = [\n    "orders.middleware.HealthCheckMiddleware",'
    change(settings, "MIDDLEWARE = [", first)
    # 4. The group, and no package.
    uv = layers.uv_in_container(engine, EXAMPLE)
    uv(project, ["remove", "--no-sync", "gunicorn"])
    uv(project, ["add", "--no-sync", "--group", "prod", "gunicorn"])
    pyproject = project / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "\n[tool.uv]\npackage = false\n")
    uv(project, ["lock"])
    # 5. The static files.
    settings.write_text(settings.read_text() + '\nSTATIC_ROOT = BASE_DIR / "static-collected"\n')

    # 6. SQLite on the volume.
    change(settings, "BASE_DIR / 'db.sqlite3'", 'os.environ.get("DATABASE_PATH", "db.sqlite3")')
    change(settings, "from pathlib import Path", "import os\nfrom pathlib import Path")

    image = build(engine, project, f"{PREFIX}/make-it-yours").tag
    options = ("--detach", "--label", LABEL, "--publish", "127.0.0.1::8000", "--read-only")
    mounts = ("--tmpfs", "/tmp", "--volume", "/data")
    container = engine.docker("run", *options, *mounts, image).stdout.strip()
    wait_until_healthy(engine, container)
    address = engine.docker("port", container, "8000").stdout.split()[0]
    with urllib.request.urlopen(f"http://{address}/", timeout=10) as answer:
        assert "The install worked successfully" in answer.read().decode()


def wait_until_healthy(engine, container):
    template = "{{.State.Status}} {{.State.Health.Status}}"
    give_up = time.monotonic() + 60
    while True:
        state = engine.docker("inspect", "--format", template, container).stdout.strip()
        if state == "running healthy":
            return
        assert time.monotonic() < give_up, engine.docker("logs", container).stderr
        time.sleep(0.5)

"""Apply the fix of every rule to a case of its fixture, and build the fixed Dockerfile.

The cases are parts of Dockerfiles, so their base image is replaced by one that has uv and a small
Django project.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from guide import Problem
from guide.content import recordings
from guide.content.examples import examples
from guide.engine.build import NO_IMAGE, build
from guide.engine.docker import LABEL, PREFIX
from guide.engine.isolated import base_image_arguments
from guide.engine.uv import PYTHON_IMAGE
from guide.machine import node
from guide.machine.commands import run
from guide.start.environment import find_uv
from rule_cases import CASES, MODULE, check, edited, fix

UV = examples()[0].uv_image
WORKERS = 2
# Without --all, only every third case is built.
SAMPLE = 3
# These rules are about other files than the Dockerfile and .dockerignore.
NOT_BUILT = {
    "compose-user-root",
    "compose-uv-run",
    "pipeline-cache-without-stages",
    "pipeline-no-lock-flag",
    "start-script-goes-on",
}

PYPROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["django==5.2.8", "gunicorn==27.0.1"]

[project.optional-dependencies]
web = ["gunicorn==27.0.1"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]
prod = ["gunicorn==27.0.1"]
server = ["gunicorn==27.0.1"]
"""
# What the project has in addition if a case is checked with the files of such a project.
ADDED = {
    "package": '\n[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
    '\n[tool.uv.build-backend]\nmodule-root = ""\n',
    "workspace": '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
}
FILES = {
    "manage.py": """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
""",
    "shop/__init__.py": "",
    "shop/settings.py": """\
import os

SECRET_KEY = "made-up"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE_PATH", "db.sqlite3"),
    }
}
STATIC_URL = "static/"
STATIC_ROOT = "/static"
ROOT_URLCONF = "shop.urls"
LOCALE_PATHS = ["locale"]
""",
    "shop/urls.py": """\
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("Hello"))]
""",
    "shop/wsgi.py": """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
""",
    "locale/de/LC_MESSAGES/django.po": """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "Price"
msgstr "Preis"
""",
    "packages/prices/pyproject.toml": """\
[project]
name = "prices"
version = "1.0.0"
dependencies = ["sqlparse"]
""",
}
BASE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
# Fills uv's cache, so that only this step downloads packages for the cases without a mount.
RUN --mount=target=/shop,rw cd /shop && uv sync --locked --all-extras --all-groups
# The cases run as several users, in the root folder and in /app, and most copy no files.
COPY . /
COPY . /app/
RUN uv pip install --system django==5.2.8 && mkdir --mode=0777 /.venv
"""
SECRETS = ("--secret=id=acme,env=GUIDE_SECRET", "--secret=id=netrc,env=GUIDE_SECRET")

BAD = f"""\
FROM {PYTHON_IMAGE}
COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/
WORKDIR /app
COPY . .
ARG GIT_SHA
RUN uv sync --frozen --no-dev
RUN uv run manage.py collectstatic --noinput
HEALTHCHECK --interval=1s CMD curl --fail http://127.0.0.1:8000/
CMD uv run manage.py migrate && uv run gunicorn shop.wsgi --bind 0.0.0.0:8000
"""


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """Return the folders of the locked projects, by the project of the cases that need them."""
    folders = {}
    for name in ("", *ADDED):
        folder = tmp_path_factory.mktemp(f"project-{name}")
        files = {"pyproject.toml": PYPROJECT + ADDED.get(name, ""), **FILES}
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        in_folder = partial(run, find_uv(), failing="uv failed", cwd=folder)
        in_folder("lock", "--quiet", "--no-config")
        export = ("export", "--locked", "--quiet", "--no-emit-project")
        in_folder(*export, "--output-file", "requirements.txt")
        (folder / ".python-version").write_text("3.14\n")
        folders[name] = folder
    return folders


def write_build(folder, project, dockerfile, dockerignore=""):
    """Write the Dockerfile of a project that another folder has. Return the build's folder."""
    for path in project.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(project)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
    (folder / "Dockerfile").write_text(dockerfile)
    (folder / ".dockerignore").write_text(dockerignore)
    return folder


@pytest.fixture(scope="module")
def fixed(request):
    """The first case of each rule that a fix changes, with its fixed files."""
    step = 1 if request.config.getoption("--all") else SAMPLE
    results = check([case.input() for case in CASES])
    cases = {}
    for case, result in zip(CASES, results, strict=True):
        own = [each for each in result["findings"] if each["rule"] == case.rule]
        edits = [edit for each in own for edit in fix(each)]
        if edits and case.rule not in NOT_BUILT:
            cases.setdefault(case.rule, (case, edits))
    sample = [*cases.values()][::step]
    files = edited([case for case, _ in sample], [edits for _, edits in sample])
    return [(case, text) for (case, _), text in zip(sample, files, strict=True)]


@pytest.fixture(scope="module")
def base(engine, projects, tmp_path_factory):
    """Return the build arguments that replace the base image of the cases."""
    engine.need_images([PYTHON_IMAGE, UV])
    tag = f"{PREFIX}/fixed:base"
    build(engine, write_build(tmp_path_factory.mktemp("base"), projects[""], BASE), tag)
    return base_image_arguments({PYTHON_IMAGE: tag})


def test_fixed_dockerfiles_build(engine, base, projects, fixed, tmp_path):
    engine.environ["GUIDE_SECRET"] = "made-up"

    def failure(numbered):
        number, (case, files) = numbered
        folder = tmp_path / str(number)
        folder.mkdir()
        project = projects.get(case.project or "", projects[""])
        write_build(folder, project, files["dockerfile"], files.get("dockerignore") or "")
        try:
            build(engine, folder, f"{PREFIX}/fixed:{number}", NO_IMAGE, *base, *SECRETS)
        except Problem as problem:
            return f"{case.name}: {problem}\n{files['dockerfile'].strip()}"

    with ThreadPoolExecutor(WORKERS) as pool:
        failures = [each for each in pool.map(failure, enumerate(fixed)) if each]
    assert not failures, "\n".join(["", *failures])


def test_a_dockerfile_with_all_fixes_and_proposals_starts(engine, projects, tmp_path):
    """After all fixes and proposals together, the image starts its server and becomes healthy.

    Its user can migrate the SQLite database.
    """
    engine.need_images([PYTHON_IMAGE, UV])
    folder = write_build(tmp_path, projects[""], BAD)
    argument = {
        "grammar": recordings.uv_options(),
        "dockerfile": BAD,
        "dockerignore": "",
        "files": {str(path.relative_to(folder)): "" for path in folder.rglob("*")},
        "texts": {name: (folder / name).read_text() for name in ("pyproject.toml", "uv.lock")},
    }
    files = node.call(MODULE.with_name("fixes.js"), "module.fixAll", argument)
    (folder / "Dockerfile").write_text(files[""])
    (folder / ".dockerignore").write_text(files.get(".dockerignore", ""))
    (result,) = check(
        [argument | {"dockerfile": files[""], "dockerignore": files.get(".dockerignore", "")}]
    )
    proposed_rules = {"migrate-at-start", "one-worker", "runs-as-root"}
    assert {each["rule"] for each in result["findings"]} == proposed_rules
    applied = node.call(MODULE.with_name("proposals.js"), "module.applyProposals", argument)
    proposed = applied["input"]
    assert check([proposed])[0]["findings"] == []
    (folder / "Dockerfile").write_text(proposed["dockerfile"])
    image = build(engine, folder, f"{PREFIX}/fixed:all").tag
    container = engine.docker("run", "--detach", "--label", LABEL, image).stdout.strip()
    try:
        engine.wait_until_healthy(container)
        engine.docker("exec", container, "python", "manage.py", "migrate")
    finally:
        engine.docker("rm", "--force", container)

"""The kit of a reader's project fits what the project has."""

import re
import tomllib

import pytest

from guide import ROOT
from guide.content.kit_sources import kit_sources
from guide.machine import node

SITE = "https://guide.test/"
CALL = """async ({ site, sources, projects, url }) => {
  const { givenProject, merge, readProject } = await import(url);
  return projects.map(({ texts, paths, answers }) => {
    const reading = readProject({ texts, paths }, ["3.14"]);
    const project = givenProject({ texts, paths }, reading, site);
    const chosen = { answers, names: { project: "shop", settings: "shop" } };
    return module.viewOf(chosen, { texts, merge, project }, sources);
  });
}"""
POETRY = """\
[tool.poetry]
name = "shop"
version = "2.3.0"
[tool.poetry.dependencies]
python = "^3.14"
django = "^5.2"
psycopg2-binary = "^2.9"
[tool.poetry.group.dev.dependencies]
pytest = "^8.0"
"""
PROJECT = '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["django>=6.1"{more}]\n'
DYNAMIC = '[project]\nname = "shop"\ndynamic = ["version", "dependencies"]\n'
PATHS = """
import os
BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""
OWN_WAYS = """\
[project]
name = "shop"
version = "1.0"
requires-python = "~=3.14.2"
[tool.uv]
required-version = "==0.9.*"
[dependency-groups]
main = ["django>=6.1", "psycopg[binary]>=3.3"]
deploy = ["gunicorn>=23", "sentry-sdk"]
dev = ["pytest>=9", "pytest-django>=4", "pytest-cov", "gunicorn"]
[tool.pytest.ini_options]
DJANGO_SETTINGS_MODULE = "shop.settings.test"
"""
STATICS = "from .base import *\nSTATIC_ROOT = BASE_DIR / 'collected'\n"
POSTGIS = """
BASE_DIR = Path(__file__).parent.parent
DATABASES = {"default": {"ENGINE": "django.contrib.gis.db.backends.postgis"}}
STORAGES = {"default": {"BACKEND": "storages.S3"}, "exports": {"BACKEND": "storages.S3"}}
"""
OLDER_STORAGES = """
BASE_DIR = Path(__file__).parent.parent
STATICFILES_STORAGE = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
DEFAULT_FILE_STORAGE = "storages.S3"
"""
ON_POSTGRESQL = {"database": "postgresql", "ci": "github", "agents": "yes"}
# Each project with its files, its answers and the paths of its other files.
PROJECTS = {
    "poetry": ({"pyproject.toml": POETRY}, ON_POSTGRESQL, None),
    "pip": ({"requirements.txt": "Django==5.2\nwhitenoise==6.2\n"}, {}, ["requirements.txt"]),
    "dynamic": ({"pyproject.toml": DYNAMIC, "requirements.txt": "django\n"}, {}, None),
    "complete": ({"pyproject.toml": PROJECT.format(more="")}, {}, None),
    "older pytest": (
        {
            "pyproject.toml": PROJECT.format(more=', "psycopg[binary]==3.1"')
            + '[dependency-groups]\ndev = ["pytest==8", "gunicorn==23"]\n'
            + '[tool.pytest.ini_options]\naddopts = "-q"\n'
        },
        ON_POSTGRESQL,
        ["AGENTS.md", "Dockerfile", "shop/middleware/__init__.py", "README.md"],
    ),
    "older paths": ({"shop/settings.py": PATHS}, {}, None),
    "paths of django-environ": (
        {"shop/settings.py": "BASE_DIR = environ.Path(__file__) - 2\n"},
        {},
        None,
    ),
    "paths": ({"shop/settings.py": "BASE_DIR: Path = Path(__file__).parent.parent\n"}, {}, None),
    "paths of another module": ({"shop/settings.py": "from x import *\n"}, {}, None),
    "own ways": (
        {
            "pyproject.toml": OWN_WAYS,
            "shop/settings/__init__.py": STATICS,
            "shop/settings/base.py": POSTGIS,
        },
        ON_POSTGRESQL,
        ["shop/settings/__init__.py", "tests/test_shop.py"],
    ),
    "older storages": ({"shop/settings.py": OLDER_STORAGES}, {"python": "3.12"}, None),
    "pasted nothing": ({"pyproject.toml": " "}, {}, None),
}


@pytest.fixture(scope="module")
def views():
    projects = [
        {"texts": texts, "answers": answers, **({} if paths is None else {"paths": paths})}
        for texts, answers, paths in PROJECTS.values()
    ]
    given = {
        "site": SITE,
        "sources": kit_sources(),
        "projects": projects,
        "url": (ROOT / "docs/assets/js/kit/own-project.js").as_uri(),
    }
    results = node.call(ROOT / "docs/assets/js/kit-page/view.js", CALL, given)
    return dict(zip(PROJECTS, results, strict=True))


def text_of(view, path):
    (text,) = (each["text"] for each in view["files"] if each["path"] == path)
    return text


def pyproject_of(view):
    return tomllib.loads(text_of(view, "pyproject.toml"))


@pytest.mark.parametrize(
    ("name", "version", "page"),
    [("poetry", "2.3.0", "migrate"), ("pip", "0.1.0", "migrate-from-pip")],
)
def test_a_project_without_metadata_gets_it_and_is_told_to_move_its_packages(
    views, name, version, page
):
    view = views[name]
    project = pyproject_of(view)["project"]
    assert (project["name"], project["version"]) == ("shop", version)
    assert view["notices"][0]["page"] == page
    steps = text_of(view, "KIT-README.md")
    assert re.search(rf"^1\. Your packages are not in .*\({SITE}{page}/\)\.$", steps, re.MULTILINE)


def test_dependencies_are_not_written_beside_dynamic_ones(views):
    project = pyproject_of(views["dynamic"])["project"]
    assert project.keys() == {"name", "dynamic", "requires-python"}
    assert "`whitenoise" in views["dynamic"]["notices"][0]["text"]


def test_a_complete_project_gets_no_notice(views):
    assert views["complete"]["notices"] == []
    assert "Before you build" not in text_of(views["complete"], "KIT-README.md")
    assert pyproject_of(views["complete"])["project"]["version"] == "1.0"


def test_an_empty_field_is_no_project(views):
    assert views["pasted nothing"]["notices"] == []
    assert "name" not in pyproject_of(views["pasted nothing"])["project"]


def test_the_instructions_have_the_notes_that_the_page_shows(views):
    steps = text_of(views["poetry"], "KIT-README.md")
    before, _, after = steps.partition("## Steps")
    assert "**pyproject.toml:** uv does not read the packages in `[tool.poetry]`" in before
    assert f"[Migrate from Poetry to uv]({SITE}migrate/)" in before
    assert f"{SITE}reference/tested-statements/#without-a-project-table" in before
    assert all(notice["text"] in steps for notice in views["poetry"]["notices"])
    assert "1. " in after


def test_packages_of_the_project_keep_their_versions(views):
    pip, older = (pyproject_of(views[name]) for name in ("pip", "older pytest"))
    assert pip["project"]["dependencies"] == []
    dependencies = older["project"]["dependencies"]
    assert [each for each in dependencies if "psycopg" in each] == ["psycopg[binary]==3.1"]
    groups = older["dependency-groups"]
    assert groups["prod"] == ["gunicorn"]
    assert groups["test"][0] == {"include-group": "dev"}
    assert "pytest-django>=" in groups["test"][1]
    (kept,) = (n["text"] for n in views["older pytest"]["notices"] if "stay" in n["text"])
    assert all(name in kept for name in ("`psycopg[binary]>=", "`gunicorn>=", "`pytest>="))


def test_an_older_driver_is_not_joined_by_the_new_one(views):
    lists = pyproject_of(views["poetry"])["project"]["dependencies"]
    assert not any(each.startswith("psycopg") for each in lists)
    assert any("`psycopg2-binary`" in each["text"] for each in views["poetry"]["notices"])


@pytest.mark.parametrize("name", ["poetry", "older pytest"])
def test_pytest_has_one_table(views, name):
    pytest_table = pyproject_of(views[name])["tool"]["pytest"]
    assert pytest_table.keys() == {"ini_options"}
    assert pytest_table["ini_options"]["DJANGO_SETTINGS_MODULE"] == "tests.settings"


@pytest.mark.parametrize("name", ["older paths", "paths of django-environ"])
def test_settings_work_with_paths_of_other_types(views, name):
    settings = text_of(views[name], "shop/settings.py")
    compile(settings, "settings.py", "exec")
    assert 'STATIC_ROOT = os.path.join(BASE_DIR, "static-collected")\n' in settings
    assert "BASE_DIR / " not in settings
    assert views[name]["notices"] == []


@pytest.mark.parametrize("name", ["complete", "paths"])
def test_settings_with_paths_of_pathlib_are_those_of_the_example(views, name):
    assert 'BASE_DIR / "static-collected"' in text_of(views[name], "shop/settings.py")


def test_settings_without_base_dir_use_the_working_directory(views):
    settings = text_of(views["paths of another module"], "shop/settings.py")
    assert 'STATIC_ROOT = os.path.abspath("static-collected")\n' in settings
    assert "BASE_DIR" not in settings


def test_files_of_the_project_are_named(views):
    texts = [each["text"] for each in views["older pytest"]["notices"]]
    wanted = "`Dockerfile`, `AGENTS.md`"
    assert texts[0] == f"These files exist in your project: {wanted}. Compare them before you copy."
    assert texts[1].startswith("Your project has the package `shop/middleware/`")


def test_the_titles_of_pages_are_those_of_the_guide():
    pages = node.call(ROOT / "docs/assets/js/kit/notices.js", "() => module.PAGES", None)
    for name, title in pages.items():
        assert f"\ntitle: {title}\n" in (ROOT / f"docs/{name}.md").read_text()


def test_groups_of_production_and_tests_are_included(views):
    view = views["own ways"]
    groups = pyproject_of(view)["dependency-groups"]
    assert groups["prod"] == [{"include-group": "main"}, {"include-group": "deploy"}]
    assert groups["test"] == [{"include-group": "dev"}, {"include-group": "main"}]
    assert not any("Your packages are not in" in each["text"] for each in view["notices"])


def test_settings_of_tests_and_a_python_range_of_the_project_stay(views):
    view = views["own ways"]
    project = pyproject_of(view)
    assert project["tool"]["pytest"]["ini_options"] == {
        "DJANGO_SETTINGS_MODULE": "shop.settings.test"
    }
    assert project["project"]["requires-python"] == "~=3.14.2"
    assert "tests/settings.py" not in {file["path"] for file in view["files"]}
    assert all(file["conflicts"] == [] for file in view["files"])
    assert any("`shop.settings.test`" in each["text"] for each in view["notices"])


def test_a_version_of_uv_that_the_project_rejects_gets_a_notice(views):
    texts = [each["text"] for each in views["own ways"]["notices"]]
    assert any("`==0.9.*`, but the kit uses uv " in text for text in texts)
    assert not any(
        "required-version" in str(views[name]["notices"]) for name in ("complete", "pip")
    )


def test_storages_and_the_engine_of_a_project_stay(views):
    settings = text_of(views["own ways"], "shop/settings/__init__.py")
    namespace = {"STORAGES": {"default": 1, "exports": 2, "staticfiles": 3}}
    exec(settings[settings.rindex("STORAGES = {") : settings.rindex("if HTTPS")], namespace)
    storages = namespace["STORAGES"]
    assert (storages["default"], storages["exports"]) == (1, 2)
    assert storages["staticfiles"]["BACKEND"] == "whitenoise.storage.CompressedStaticFilesStorage"
    assert '"ENGINE": "django.contrib.gis.db.backends.postgis",' in settings
    assert any("PostGIS" in each["text"] for each in views["own ways"]["notices"])


def test_older_settings_of_storages_move_into_the_new_one(views):
    view = views["older storages"]
    settings = text_of(view, "shop/settings.py")
    namespace = {"STATICFILES_STORAGE": "old", "DEFAULT_FILE_STORAGE": "storages.S3"}
    exec(settings[settings.rindex("STORAGES = {") : settings.rindex("if HTTPS")], namespace)
    assert namespace["STORAGES"]["default"] == {"BACKEND": "storages.S3"}
    assert "ManifestStaticFilesStorage" in namespace["STORAGES"]["staticfiles"]["BACKEND"]
    assert namespace.keys() & {"STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"} == set()


def test_a_python_without_built_kits_gets_a_notice(views):
    assert any(
        "only with Python 3.14" in each["text"] for each in views["older storages"]["notices"]
    )

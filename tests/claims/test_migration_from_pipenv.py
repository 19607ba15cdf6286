"""Moving from Pipenv to uv"""

import json

INIT = "uv init --bare --quiet"
VERSIONS = ["asgiref==3.11.1", "django==5.2.8", "sqlparse==0.5.5"]
# Without the version of tzdata, which is the newest one.
EXPORT = "uv export --quiet --no-emit-project --no-hashes --no-header --no-annotate | grep -v win32"
DEPENDENCIES = "sed -n '/^dependencies/,$p' pyproject.toml"
TOOL = "uvx --quiet migrate-to-uv@0.12.0 --dependency-groups-strategy include-in-dev"
# Without the line that lists no dependencies.
INIT_FOR_TOOL = f"{INIT} && sed -i '/^dependencies/d' pyproject.toml"
PIPFILE = """\
[packages]
django = ">=5.2"

[dev-packages]
iniconfig = "*"
"""
MORE_OF_A_PIPFILE = """\
[[source]]
name = "acme"
url = "https://${ACME_USER}:${ACME_PASSWORD}@packages.example.com/simple"
verify_ssl = false

[packages]
acme-prices = { version = "*", index = "acme" }
django = { version = ">=5.2", extras = ["bcrypt"], markers = "sys_platform == 'linux'" }
old-reports = { file = "https://example.com/old-reports-1.0.tar.gz" }

[docs]
sqlparse = "*"

[scripts]
server = "python manage.py runserver"
"""


def pipenv(terminal):
    """Write a project of Pipenv, without the hashes of its lockfile."""
    terminal.write("Pipfile", PIPFILE)
    locked = {
        "_meta": {"pipfile-spec": 6, "requires": {}, "sources": []},
        "default": {
            name: {"version": f"=={version}"}
            for name, version in (line.split("==") for line in VERSIONS)
        },
        "develop": {"iniconfig": {"version": "==2.3.0"}},
    }
    terminal.write("Pipfile.lock", json.dumps(locked, indent=4) + "\n")


def test_migrate_to_uv_needs_the_name_of_a_pipenv_project(terminal):
    """In a project without a `pyproject.toml`, migrate-to-uv writes an empty name, which uv
    rejects. migrate-to-uv then restores the project."""
    pipenv(terminal)
    assert 'name = ""' in terminal.fails(TOOL)
    assert terminal.run("ls").split() == ["Pipfile", "Pipfile.lock"]


def test_migrate_to_uv_loses_the_packages_of_a_pipfile_after_uv_init(terminal):
    """`uv init --bare` writes `dependencies = []`. migrate-to-uv keeps this empty list, reports
    success, and deletes `Pipfile` and `Pipfile.lock`, so the packages for production are lost."""
    pipenv(terminal)
    terminal.run(INIT)
    assert "Successfully migrated" in terminal.run(TOOL)
    assert "django" not in terminal.run("grep -v requires pyproject.toml")
    assert terminal.run("ls").split() == ["pyproject.toml", "uv.lock"]


def test_migrate_to_uv_keeps_the_versions_of_pipfile_lock(terminal):
    """If `pyproject.toml` has a name and no `dependencies`, migrate-to-uv takes over the packages
    of the `Pipfile`, and locks them at the versions in `Pipfile.lock`. `[dev-packages]` becomes the
    `dev` group."""
    pipenv(terminal)
    terminal.run(f"{INIT_FOR_TOOL} && {TOOL} --quiet")
    assert "iniconfig" in terminal.run(DEPENDENCIES)
    assert sorted(terminal.run(EXPORT).splitlines()) == sorted([*VERSIONS, "iniconfig==2.3.0"])


def test_migrate_to_uv_takes_over_the_sources_of_a_pipfile(terminal):
    """migrate-to-uv takes over extras, markers, categories and the index of a package. It copies
    variables in an index URL unchanged, and drops `verify_ssl`, `[scripts]`, and the URL of a
    package that a `file` entry names."""
    terminal.write("Pipfile", MORE_OF_A_PIPFILE)
    terminal.run(f"{INIT_FOR_TOOL} && {TOOL} --quiet --skip-lock")
    written = terminal.run(DEPENDENCIES)
    assert "django[bcrypt]>=5.2 ; sys_platform == 'linux'" in written
    assert 'docs = ["sqlparse"]' in written
    assert 'acme-prices = { index = "acme" }' in written
    assert 'url = "https://${ACME_USER}:${ACME_PASSWORD}@packages.example.com/simple"' in written
    assert '"old-reports",' in written
    assert "old-reports-1.0" not in written
    assert "verify_ssl" not in written
    assert "runserver" not in written


def test_pipenv_requirements_lists_the_versions_to_compare(terminal):
    """`pipenv requirements --dev` lists every version in `Pipfile.lock`. With its output, `uv pip
    sync --dry-run` reports that `uv sync` has installed the same versions."""
    pipenv(terminal)
    terminal.run("uvx --quiet pipenv@2026.10.3 requirements --dev > before.txt")
    assert "iniconfig==2.3.0" in terminal.run("cat before.txt")
    terminal.run(f"{INIT_FOR_TOOL} && {TOOL} --quiet && uv sync --quiet")
    assert "Would make no changes" in terminal.run("uv pip sync --dry-run before.txt")


def test_uv_run_reads_an_env_file_only_if_it_is_named(terminal):
    """`uv run` does not read `.env` unless you pass `--env-file .env` or set `UV_ENV_FILE=.env`."""
    terminal.write(".env", "DJANGO_SECRET_KEY=for-laptops\n")
    terminal.run(INIT)
    terminal.fails("uv run --quiet printenv DJANGO_SECRET_KEY")
    for command in ("uv run --env-file .env", "UV_ENV_FILE=.env uv run"):
        output = terminal.run(f"{command} --quiet printenv DJANGO_SECRET_KEY")
        assert output == "for-laptops"

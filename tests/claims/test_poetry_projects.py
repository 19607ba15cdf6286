"""Migrating Poetry projects that need extra steps"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE

TOOL = "uvx migrate-to-uv@0.12.0 --dependency-groups-strategy include-in-dev"
MIGRATE = f"{TOOL} --skip-lock > log 2>&1"
EXPORT = (
    "uvx --quiet --from poetry==2.5.1 --with poetry-plugin-export==1.10.1"
    " poetry export --all-groups --all-extras --without-hashes --output versions.txt"
)
LOCK_VERSIONS = "uv add --no-sync --constraints versions.txt --requirements /dev/null"
HEAD = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = ">=3.11,<4"
"""
BACKEND = """\

[build-system]
requires = ["poetry-core>=2,<3"]
build-backend = "poetry.core.masonry.api"
"""
RELEASE = f"""\
{HEAD}
[tool.poetry.group.dev.dependencies]
iniconfig = "2.3.0"

[tool.poetry.group.release.dependencies]
sqlparse = "0.5.5"
"""
OLD_BACKEND = f"""\
{HEAD}
[build-system]
requires = ["poetry>=1,<2"]
build-backend = "poetry.masonry.api"
"""
SCRIPT = f"""\
{HEAD}
[tool.poetry.scripts]
shop-admin = "shop:main"
{BACKEND}"""
MODULE = "def main():\n    print('Hello')\n"
TWO_VERSIONS = f"""\
{HEAD.replace("3.11", "3.10")}\
iniconfig = [
    {{ version = "2.0.0", python = "<3.11" }},
    {{ version = "2.1.0", python = ">=3.11" }},
]
"""
LOCKED_VERSIONS = "grep -A1 '^name = \"iniconfig' {} | grep ^version"
TAGGED = """\
[project]
name = "shop"
dynamic = ["version"]
requires-python = ">=3.11"

[build-system]
requires = ["hatchling==1.28.0", "uv-dynamic-versioning==0.14.1"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "uv-dynamic-versioning"
"""
CACHE_KEYS = """\

[tool.uv]
cache-keys = [
    { file = "pyproject.toml" },
    { git = { commit = true, tags = true } },
]
"""
PACKAGE = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["django==5.2.8", "asgiref==3.11.1", "sqlparse==0.5.5"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"

[tool.uv.build-backend]
module-root = ""
"""
SETTINGS = """\
SECRET_KEY = "only-for-this-claim"
INSTALLED_APPS = ["django.contrib.staticfiles"]
STATIC_URL = "static/"
STATIC_ROOT = "/app/collected"
"""
UV = examples()[0].uv_image
START = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
ENV PATH="/app/.venv/bin:$PATH"
WORKDIR /app

COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-install-project
"""
IN_TWO_STEPS = f"""\
{START}
COPY shop/__init__.py shop/settings.py shop/
RUN uv sync --locked --no-default-groups

RUN django-admin collectstatic --noinput --settings shop.settings

COPY . .
"""
FOR_DEVELOPMENT = f"""\
{START}
COPY . .
RUN useradd --create-home dev

ENV UV_PROJECT_ENVIRONMENT=/home/dev/venv
ENV PATH="/home/dev/venv/bin:$PATH"
USER dev
RUN uv sync --locked
"""
IDENTITY = "[user]\nname = Dev\nemail = dev@example.com\n"
SHOW_BACKEND = "sed -n '/^.tool.uv/,$p' pyproject.toml | grep -v '^requires'"


def test_migrate_to_uv_adds_a_production_group_to_dev(terminal):
    """With `--dependency-groups-strategy include-in-dev`, migrate-to-uv also adds a group that only
    production needs to the `dev` group. To separate the two groups again, delete the
    `include-group` line and run `uv lock`. The locked versions do not change."""
    terminal.write("pyproject.toml", RELEASE)
    terminal.run(TOOL.replace("uvx", "uvx --quiet"))
    assert '{ include-group = "release" }' in terminal.run(
        "sed -n '/^.dependency-groups/,$p' pyproject.toml"
    )
    terminal.run("uv sync --quiet --no-default-groups")
    assert terminal.installed() == []
    terminal.run("cp uv.lock before.lock")
    terminal.run("sed -i '/include-group = .release/d' pyproject.toml")
    terminal.fails("uv lock --check")
    terminal.run("uv lock")
    terminal.run("diff <(grep -A1 ^name before.lock) <(grep -A1 ^name uv.lock)")
    terminal.run("uv sync --quiet --no-default-groups --group release")
    assert terminal.installed() == ["sqlparse"]
    terminal.run("uv sync --quiet")
    assert terminal.installed() == ["iniconfig"]


def test_no_group_does_not_leave_out_an_included_group(terminal):
    """If the `dev` group includes another group, `uv sync --no-group` does not leave out the
    packages of that other group."""
    terminal.write("pyproject.toml", RELEASE)
    terminal.run(MIGRATE)
    terminal.run("uv sync --quiet --no-group release")
    assert terminal.installed() == ["iniconfig", "sqlparse"]


def test_poetry_2_has_no_no_dev_and_no_no_update(terminal, poetry):
    """Poetry 2.2 rejects `poetry install --no-dev`, which is now `poetry install --only main`. It
    also rejects `poetry lock --no-update`, because `poetry lock` now keeps the locked versions by
    default. Without a plugin, `poetry export` does not exist."""
    terminal.write("pyproject.toml", RELEASE)
    poetry("2.2.0")
    terminal.run("poetry lock --quiet")
    assert '"--no-dev" does not exist' in terminal.fails("poetry install --no-dev")
    terminal.run("poetry install --only main --no-root")
    assert '"--no-update" does not exist' in terminal.fails("poetry lock --no-update")
    terminal.run("sed -i 's/= .0.5.5./= \">=0.5.4\"/' pyproject.toml && poetry lock --quiet")
    assert terminal.run("grep -A1 'name = .sqlparse' poetry.lock").endswith('version = "0.5.5"')
    assert "does not exist" in terminal.fails("poetry --no-plugins export")


def test_poetry_install_only_root_shows_whether_the_project_is_a_package(terminal, poetry):
    """`poetry install --only-root` prints `Installing the current project` and succeeds only if
    Poetry can install your project as a package. If the package's folder does not exist, the
    command fails. With `package-mode = false`, it does not print that line."""
    terminal.write("pyproject.toml", HEAD + BACKEND)
    poetry()
    terminal.run("poetry lock --quiet")
    assert "could not be installed" in terminal.fails("poetry install --only-root")
    terminal.write("shop/__init__.py", "")
    assert "Installing the current project" in terminal.run("poetry install --only-root")
    terminal.run("sed -i 's/^authors.*/&\\npackage-mode = false/' pyproject.toml")
    terminal.run("poetry lock --quiet")
    assert "current project" not in terminal.run("poetry install --only-root")


def test_without_its_package_a_project_cannot_be_imported_elsewhere(terminal):
    """If you set `package = false` in a project that Poetry installs as a package, `uv sync` still
    succeeds, but the project's console scripts and metadata are missing. Its code can only be
    imported from its own folder, so `django-admin` cannot import the settings."""
    terminal.write("pyproject.toml", SCRIPT)
    terminal.write("shop/__init__.py", MODULE)
    terminal.run(MIGRATE)
    terminal.run("uv sync --quiet && cd / && ~/shop/.venv/bin/shop-admin")
    terminal.run("printf '\\n[tool.uv]\\npackage = false\\n' >> pyproject.toml")
    terminal.run("rm -r .venv && uv sync --quiet")
    terminal.fails("ls .venv/bin/shop-admin")
    terminal.run(".venv/bin/python -c 'import shop'")
    assert "No module named 'shop'" in terminal.fails(
        "cd / && ~/shop/.venv/bin/python -c 'import shop'"
    )
    version = "from importlib.metadata import version; version('shop')"
    assert "PackageNotFoundError" in terminal.fails(f'.venv/bin/python -c "{version}"')


def test_a_packaged_project_is_installed_with_one_file(terminal):
    """If the build backend is `uv_build`, `uv sync` can install your project in editable mode
    before most of its code exists. The installation works offline and needs only `pyproject.toml`,
    `uv.lock` and the package's `__init__.py`. Files that you add later can be imported."""
    terminal.write("pyproject.toml", SCRIPT)
    terminal.write("shop/__init__.py", MODULE)
    terminal.run(MIGRATE)
    terminal.run("uv lock --quiet && mkdir ../image && cp pyproject.toml uv.lock ../image")
    terminal.run("cd ../image && uv sync --locked --no-default-groups --no-install-project")
    terminal.run("mkdir ../image/shop && cp shop/__init__.py ../image/shop")
    terminal.run("cd ../image && uv sync --locked --no-default-groups --offline --no-cache")
    terminal.write("../image/shop/views.py", "PRICE = 9\n")
    python = 'python -c "import shop.views; print(shop.views.PRICE)"'
    assert terminal.run(f"cd / && ~/image/.venv/bin/{python}") == "9"
    assert terminal.run("cd / && ~/image/.venv/bin/shop-admin") == "Hello"


def test_migrate_to_uv_keeps_a_build_backend_that_it_does_not_know(terminal):
    """migrate-to-uv does not replace the outdated build backend `poetry.masonry.api`, and uv cannot
    build the project with it. If you first change it to `poetry.core.masonry.api`, migrate-to-uv
    replaces it with `uv_build` and adapts `module-root` to a package outside of `src`."""
    terminal.write("pyproject.toml", OLD_BACKEND)
    terminal.write("shop/__init__.py", "")
    terminal.run("cp pyproject.toml old.toml")
    terminal.run(MIGRATE)
    assert "poetry.masonry.api" in terminal.run("grep build-backend pyproject.toml")
    terminal.fails("uv build 2> log")
    terminal.run("grep -o 'Failed to build' log")
    terminal.run("mv old.toml pyproject.toml")
    terminal.run(
        "sed -i 's/poetry>=1,<2/poetry-core/; s/poetry.masonry/poetry.core.masonry/' pyproject.toml"
    )
    terminal.run(MIGRATE)
    written = terminal.run(SHOW_BACKEND)
    assert 'module-root = ""' in written
    assert 'build-backend = "uv_build"' in written
    terminal.run("uv sync --quiet && cd / && ~/shop/.venv/bin/python -c 'import shop'")


def test_migrate_to_uv_deletes_poetry_toml(terminal):
    """migrate-to-uv also deletes `poetry.toml`, which contains the project's settings for
    Poetry."""
    terminal.write("pyproject.toml", HEAD)
    terminal.write("poetry.toml", "[virtualenvs]\nin-project = true\n")
    terminal.run(MIGRATE)
    terminal.fails("ls poetry.toml")


def test_migrate_to_uv_stops_at_two_versions_of_a_package(terminal, poetry):
    """migrate-to-uv stops if `poetry.lock` contains two versions of one package. Instead, export
    the versions from Poetry, run migrate-to-uv with `--skip-lock`, and pass the exported file to
    `uv add` as constraints. `uv.lock` then contains the same versions, and `pyproject.toml` does
    not change."""
    terminal.write("pyproject.toml", TWO_VERSIONS)
    poetry()
    terminal.run("poetry lock --quiet")
    # Allow newer versions, so that only the lockfile keeps 2.1.0.
    terminal.run('sed -i \'s/"2.1.0"/">=2.1"/\' pyproject.toml')
    terminal.run("poetry lock --quiet")
    assert "Could not lock dependencies" in terminal.fails(TOOL)
    terminal.run(EXPORT)
    expected = terminal.run(LOCKED_VERSIONS.format("poetry.lock"))
    assert expected == 'version = "2.0.0"\nversion = "2.1.0"'
    terminal.run(f"{TOOL} --skip-lock")
    terminal.run("cp pyproject.toml before.toml")
    terminal.run(LOCK_VERSIONS)
    assert terminal.run(LOCKED_VERSIONS.format("uv.lock")) == expected
    terminal.run("diff before.toml pyproject.toml && uv lock --check")


def test_a_version_from_git_tags_needs_git_in_the_build(terminal):
    """With `dynamic = ["version"]` and the package uv-dynamic-versioning, uv reads the project's
    version from Git tags and does not store it in `uv.lock`. Without a Git repository, uv can
    install the dependencies but not the project. The variable `UV_DYNAMIC_VERSIONING_BYPASS` sets
    the version without Git."""
    terminal.write("~/.gitconfig", IDENTITY)
    terminal.write("pyproject.toml", TAGGED)
    terminal.write("shop/__init__.py", "")
    terminal.write(".gitignore", ".venv\n")
    terminal.run("git init --quiet && git add . && git commit --quiet -m One && git tag v1.2.0")
    terminal.run("uv sync --quiet")
    assert terminal.run("uv pip show shop 2> /dev/null | grep ^Version") == "Version: 1.2.0"
    terminal.fails("grep '^version = \"1.2.0\"' uv.lock")
    terminal.run("rm -rf .venv .git")
    terminal.run("uv sync --locked --no-install-project")
    terminal.fails("uv sync --locked --no-cache 2> log")
    terminal.run("UV_DYNAMIC_VERSIONING_BYPASS=1.2.0 uv sync --locked --no-cache")


def test_uv_sync_sees_a_new_git_tag_only_with_cache_keys(terminal):
    """After a new Git tag, `uv sync` keeps the project's old version, because uv looks only at
    `pyproject.toml`. If `cache-keys` also lists the commit and the tags, `uv sync` builds the
    project again with the new version."""
    terminal.write("~/.gitconfig", IDENTITY)
    terminal.write("pyproject.toml", TAGGED)
    terminal.write("shop/__init__.py", "")
    terminal.write(".gitignore", ".venv\n")
    commit = "git add . && git commit --quiet --allow-empty -m"
    version = "uv sync --quiet && uv pip show shop 2> /dev/null | grep ^Version"
    terminal.run(f"git init --quiet && {commit} One && git tag v1.2.0")
    terminal.run(version)
    terminal.run(f"{commit} Two && git tag v1.3.0")
    assert terminal.run(version) == "Version: 1.2.0"
    terminal.write("pyproject.toml", TAGGED + CACHE_KEYS)
    terminal.run(version)
    terminal.run(f"{commit} Three && git tag v1.4.0")
    assert terminal.run(version) == "Version: 1.4.0"


def test_poetry_needs_a_version_if_the_version_is_dynamic(terminal, poetry):
    """If `[project]` lists `version` under `dynamic`, Poetry accepts the project only if
    `[tool.poetry]` contains a version."""
    terminal.write("pyproject.toml", TAGGED)
    poetry()
    assert "[tool.poetry.version] is required" in terminal.fails("poetry lock")
    terminal.write("pyproject.toml", f'{TAGGED}\n[tool.poetry]\nversion = "0.0.0"\n')
    terminal.run("poetry lock --quiet && poetry check --lock")


def test_poetry_check_rejects_an_empty_license(terminal, poetry):
    """If `license` is empty or not a valid SPDX expression, migrate-to-uv copies it to `[project]`,
    and `poetry check` then prints a warning. To remove the warning, write a valid expression or
    delete the line."""
    terminal.write("pyproject.toml", HEAD.replace("authors = []", 'authors = []\nlicense = ""'))
    terminal.run(MIGRATE)
    poetry()
    assert "[project.license] is not a valid SPDX expression" in terminal.run("poetry check 2>&1")
    terminal.run("sed -i 's/^license = .*/license = \"AGPL\"/' pyproject.toml")
    assert "[project.license] is not a valid SPDX expression" in terminal.run("poetry check 2>&1")
    terminal.run("sed -i 's/AGPL/AGPL-3.0-only/' pyproject.toml")
    assert "license" not in terminal.run("poetry check 2>&1")
    terminal.run("sed -i '/^license = /d' pyproject.toml")
    assert "license" not in terminal.run("poetry check 2>&1")


def test_uv_lock_keeps_a_yanked_version(terminal):
    """If a locked version has been yanked from the package index, `uv lock` prints a warning but
    keeps the version."""
    terminal.write(
        "pyproject.toml",
        """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["automat==24.8.0"]
""",
    )
    assert "`automat==24.8.0` is yanked" in terminal.run("uv lock")
    terminal.run("uv lock --check")


def write_package(docker, dockerfile):
    docker.write("pyproject.toml", PACKAGE)
    docker.write("shop/__init__.py", "")
    docker.write("shop/settings.py", SETTINGS)
    docker.write("shop/views.py", "def index(): ...\n")
    docker.write(".dockerignore", ".venv\nDockerfile\n")
    docker.write("Dockerfile", dockerfile)
    docker.run("uv lock")


def test_a_packaged_project_stays_cached_when_a_view_is_edited(docker):
    """If a Dockerfile installs a packaged project right after it has copied the package's
    `__init__.py`, `django-admin` works in every folder of the image. After you edit a view, neither
    `uv sync` step nor `collectstatic` runs again."""
    write_package(docker, IN_TWO_STEPS)
    docker.build()
    docker.start("django-admin check --settings shop.settings", "--workdir /")
    docker.write("shop/views.py", "def index(): return 1\n")
    assert docker.build().ran == ["COPY . ."]
    docker.start("python -c 'import shop.views'", "--workdir /")


def test_a_user_changes_packages_only_in_an_environment_that_it_owns(docker):
    """A non-root user cannot add packages to a virtual environment that root created. In a stage
    for development, the user can run `uv sync` if `UV_PROJECT_ENVIRONMENT` is a folder in the
    user's home folder."""
    write_package(docker, FOR_DEVELOPMENT)
    docker.build()
    assert "Permission denied" in docker.start_fails(
        "uv sync --locked",
        "--env UV_PROJECT_ENVIRONMENT=/app/.venv --env UV_CONCURRENT_INSTALLS=1",
    )
    docker.start("python -c 'import iniconfig, shop'", "--workdir /")
    docker.start("uv sync --locked --no-default-groups")

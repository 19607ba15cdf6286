"""Using Poetry and uv with the same project"""

HEAD = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = ">=3.11,<4"
"""
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
"""
FOR_POETRY = """\
[tool.poetry]
package-mode = false
"""
OPTIONAL = f"""\
{PROJECT}
[dependency-groups]
dev = ["iniconfig==2.3.0"]
docs = ["asgiref==3.11.1"]

{FOR_POETRY}"""
OPTIONAL_FOR_POETRY = """\

[tool.poetry.group.docs]
optional = true
"""
LIBRARY = """\
[project]
name = "iniconfig"
version = "2.0.0"
"""
FROM_GIT = f"""\
{HEAD}iniconfig = {{ git = "file://HOME/library", rev = "fixed" }}
"""
SOURCE_FOR_POETRY = """\

[tool.poetry.dependencies]
iniconfig = { git = "file://HOME/library", rev = "fixed" }
"""
GROUP_FROM_GIT = f"""\
{PROJECT}
[dependency-groups]
docs = ["iniconfig"]

{FOR_POETRY}
[tool.poetry.group.docs.dependencies]
iniconfig = {{ git = "file://HOME/library", rev = "fixed" }}
"""
IN_HOME = 'sed -i "s#HOME#$HOME#" pyproject.toml'
COMMIT = "git -c user.name=Dev -c user.email=dev@example.com commit --quiet -m Two"
LOCKED_VERSION = "grep -A1 '^name = .iniconfig' poetry.lock | grep ^version"
GROUPS = f"""\
{PROJECT}dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]
styles = ["sqlparse==0.5.5"]
"""
TOX = """\
[tox]
env_list = tests

[testenv]
skip_install = true
allowlist_externals = uv
commands_pre = uv sync --locked
commands = python -c "import asgiref, iniconfig"
"""
SET_ENVIRONMENT = "sed -i '/^skip_install/a setenv = UV_PROJECT_ENVIRONMENT = {envdir}' tox.ini"
NOX = """\
import nox


@nox.session
def tests(session):
    session.run_install("uv", "sync", "--locked", external=True)
    session.run("python", "-c", "import asgiref, iniconfig")
"""
NOX_ENVIRONMENT = 'env={"UV_PROJECT_ENVIRONMENT": session.virtualenv.location}'
PASS_ENVIRONMENT = f"sed -i 's/external=True/external=True, {NOX_ENVIRONMENT}/' noxfile.py"
TOML_EXTRA = 'coverage = { version = "7.10.7", extras = ["toml"] }\n'
NAMES = "diff <(grep '^name' poetry.lock) <(grep '^name' uv.lock)"
SCRIPT = """\
#!/bin/sh
python -c "import asgiref; print(asgiref.__version__)"
"""
MIGRATE = "uvx --quiet migrate-to-uv@0.12.0 --dependency-groups-strategy include-in-dev"


def commit_library(terminal):
    terminal.write("../library/pyproject.toml", LIBRARY)
    terminal.run(f"cd ../library && git init --quiet && git add . && {COMMIT} && git tag fixed")


def test_poetry_installs_an_optional_group_of_dependency_groups(terminal, poetry):
    """After a group has moved to `[dependency-groups]`, Poetry no longer treats it as optional and
    installs it by default. To make the group optional again, set `optional = true` in its
    `[tool.poetry.group.NAME]` table. Poetry 2.2.0 rejects this table if it contains nothing
    else."""
    terminal.write("pyproject.toml", OPTIONAL)
    poetry()
    terminal.run("poetry lock --quiet")
    assert "Installing asgiref" in terminal.run("poetry install --dry-run")
    terminal.write("pyproject.toml", OPTIONAL + OPTIONAL_FOR_POETRY)
    terminal.run("poetry lock --quiet && poetry check --lock")
    assert "asgiref" not in terminal.run("poetry install --dry-run")
    assert "Installing asgiref" in terminal.run("poetry install --dry-run --with docs")
    terminal.run("uv lock --quiet && uv sync --quiet")
    assert terminal.installed() == ["iniconfig"]
    poetry("2.2.0")
    assert "cannot be validated" in terminal.fails("poetry check --lock 2>&1")


def test_poetry_ignores_the_git_sources_of_uv(terminal, poetry):
    """migrate-to-uv moves a Git source to `[tool.uv.sources]`, which Poetry ignores. `poetry lock`
    still keeps the locked revision, but `poetry update` replaces it with a release from the package
    index, and `poetry check --lock` succeeds. If you repeat the source under
    `[tool.poetry.dependencies]`, Poetry keeps the revision."""
    commit_library(terminal)
    terminal.write("pyproject.toml", FROM_GIT)
    terminal.run(IN_HOME)
    poetry()
    terminal.run("poetry lock --quiet && cp poetry.lock old.lock")
    assert terminal.run(LOCKED_VERSION) == 'version = "2.0.0"'
    terminal.run(f"{MIGRATE} 2> /dev/null")
    terminal.run("sed -n '/^dependencies/p; /^.tool.uv.sources/,$p' pyproject.toml")
    terminal.run(f"printf '\\n{FOR_POETRY}' >> pyproject.toml".replace("\n", "\\n"))
    terminal.run("mv old.lock poetry.lock && poetry lock --quiet && cp poetry.lock old.lock")
    assert terminal.run(LOCKED_VERSION) == 'version = "2.0.0"'
    terminal.run("poetry update --lock --quiet && poetry check --lock")
    assert terminal.run(LOCKED_VERSION) != 'version = "2.0.0"'
    terminal.write("source.toml", SOURCE_FOR_POETRY)
    terminal.run(f"cat source.toml >> pyproject.toml && {IN_HOME} && mv old.lock poetry.lock")
    terminal.run("poetry lock --quiet && poetry update --lock --quiet && poetry check --lock")
    assert terminal.run(LOCKED_VERSION) == 'version = "2.0.0"'
    terminal.run("uv lock --check")


def test_poetry_reads_the_git_source_of_a_package_in_a_group(terminal, poetry):
    """If a package is in `[dependency-groups]`, Poetry reads its Git source from
    `[tool.poetry.group.NAME.dependencies]`."""
    commit_library(terminal)
    terminal.write("pyproject.toml", GROUP_FROM_GIT)
    terminal.run(IN_HOME)
    poetry()
    terminal.run("poetry lock --quiet && poetry update --lock --quiet && poetry check --lock")
    assert terminal.run(LOCKED_VERSION) == 'version = "2.0.0"'


def test_migrate_to_uv_stops_at_a_name_with_a_space(terminal, poetry):
    """With `package-mode = false`, Poetry accepts a project name that contains a space, but
    migrate-to-uv cannot lock such a project. After you replace the space with a hyphen,
    `poetry.lock` is still up to date and migrate-to-uv succeeds."""
    terminal.write("pyproject.toml", HEAD.replace('"shop"', '"My Shop"'))
    poetry()
    terminal.run("poetry lock --quiet && poetry check --lock --quiet")
    assert "Not a valid package or extra name" in terminal.fails(MIGRATE)
    terminal.run("sed -i 's/My Shop/my-shop/' pyproject.toml && poetry check --lock --quiet")
    terminal.run(MIGRATE)


def test_poetry_2_fails_where_poetry_1_only_warns(terminal, poetry):
    """If `poetry install` cannot install your project because its code is missing, Poetry 1.8
    prints a warning and succeeds, but Poetry 2 fails. With `--no-root`, Poetry 2 does not try to
    install the project."""
    terminal.write("pyproject.toml", HEAD.replace("package-mode = false\n", ""))
    old = "uvx --quiet --from poetry==1.8.5 poetry"
    assert "will become an error" in terminal.run(f"{old} lock --quiet && {old} install 2>&1")
    poetry()
    assert "could not be installed" in terminal.fails("poetry install --only main 2>&1")
    terminal.run("poetry install --only main --no-root")


def test_a_second_poetry_install_adds_and_a_second_uv_sync_removes(terminal, poetry):
    """A second `poetry install --only` adds its groups to the packages that are already installed.
    A second `uv sync --only-group` removes all packages that are not in its groups. To install the
    same packages as both Poetry commands, list all groups in one `uv sync` command."""
    terminal.write("pyproject.toml", f"{GROUPS}\n{FOR_POETRY}")
    poetry()
    terminal.run("poetry config --local virtualenvs.in-project true")
    terminal.run("uv lock --quiet && poetry lock --quiet")
    terminal.run("poetry install --quiet --only main")
    terminal.run("poetry install --quiet --only dev --only styles")
    assert {"asgiref", "iniconfig", "sqlparse"} <= {*terminal.installed()}
    terminal.run("rm -r .venv && uv sync --quiet --locked --no-default-groups")
    terminal.run("uv sync --quiet --locked --only-group dev --only-group styles")
    assert terminal.installed() == ["iniconfig", "sqlparse"]
    terminal.run("uv sync --quiet --locked --no-default-groups --group dev --group styles")
    assert terminal.installed() == ["asgiref", "iniconfig", "sqlparse"]


def test_uv_sync_in_tox_needs_uv_project_environment(terminal):
    """In tox, `uv sync` ignores the virtual environment that tox created and installs packages into
    `.venv`, so the tests do not find them. If you set `UV_PROJECT_ENVIRONMENT` to `{envdir}`, it
    installs them into tox's virtual environment."""
    terminal.write("pyproject.toml", GROUPS)
    terminal.write("tox.ini", TOX)
    terminal.run("uv lock --quiet")
    terminal.fails("uvx tox@4.32.0 > log 2>&1")
    assert "No module named 'asgiref'" in terminal.run("grep ^ModuleNotFound log")
    terminal.run("rm -r .venv .tox")
    terminal.run(SET_ENVIRONMENT)
    terminal.run("uvx tox@4.32.0 > log 2>&1")
    terminal.fails("ls .venv")


def test_uv_sync_in_nox_needs_uv_project_environment(terminal):
    """In nox, `uv sync` ignores the virtual environment that nox created and installs packages into
    `.venv`, so the tests do not find them. If `env` sets `UV_PROJECT_ENVIRONMENT` to
    `session.virtualenv.location`, uv installs the packages into nox's virtual environment."""
    terminal.write("pyproject.toml", GROUPS)
    terminal.write("noxfile.py", NOX)
    terminal.run("uv lock --quiet")
    terminal.fails("uvx nox@2025.11.12 > log 2>&1")
    assert "No module named 'asgiref'" in terminal.run("grep ^ModuleNotFound log")
    terminal.run("rm -r .venv .nox")
    terminal.run(PASS_ENVIRONMENT)
    terminal.run("uvx nox@2025.11.12 > log 2>&1")
    terminal.fails("ls .venv")


def test_uv_lock_has_a_package_that_poetry_left_out(terminal, poetry):
    """`uv.lock` can contain a package that `poetry.lock` does not contain, because the tools
    interpret some Python markers differently. `uv export` prints the Python versions for which uv
    installs the package. On other Python versions, `uv sync` does not install it."""
    terminal.write("pyproject.toml", HEAD + TOML_EXTRA)
    poetry()
    terminal.run("poetry lock --quiet && cp poetry.lock old.lock")
    terminal.run(f"{MIGRATE} 2> /dev/null && mv old.lock poetry.lock")
    assert '> name = "tomli"' in terminal.fails(NAMES)
    marker = "python_full_version <= '3.11'"
    # The newest release of tomli changes.
    exported = terminal.run("uv export --no-hashes --quiet | sed -n 's/^tomli==[^ ]*/tomli/p'")
    assert exported == f"tomli ; {marker}"
    terminal.run("uv sync --quiet")
    assert terminal.installed() == ["coverage"]


def test_migrate_to_uv_drops_requires_poetry(terminal):
    """migrate-to-uv deletes the setting `requires-poetry`."""
    version = 'authors = []\nrequires-poetry = ">=2.2"\n'
    terminal.write("pyproject.toml", HEAD.replace("authors = []\n", version))
    terminal.run(f"{MIGRATE} --skip-lock 2> /dev/null")
    terminal.fails("grep requires-poetry pyproject.toml")


def test_uv_run_finds_the_programs_in_a_script(terminal):
    """`uv run` also runs a shell script, and the script finds the programs in the project's virtual
    environment. An image that has the virtual environment on `PATH` can therefore run the same
    script without `uv run`."""
    terminal.write("pyproject.toml", GROUPS)
    terminal.write("check.sh", SCRIPT)
    terminal.run("chmod +x check.sh && uv sync --quiet")
    assert terminal.run("uv run ./check.sh") == "3.11.1"
    assert terminal.run('PATH="$PWD/.venv/bin:$PATH" ./check.sh') == "3.11.1"

"""The virtual environment: location and contents"""

import pytest

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["sqlparse==0.5.5"]
"""
PACKAGED = f"""\
{PROJECT}
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
NOT_PACKAGED = f"""\
{PACKAGED}
[tool.uv]
package = false
"""
WITH_PATH = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["sqlparse==0.5.5", "prices"]

[tool.uv.sources]
prices = { path = "../prices" }
"""
PRICES = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["iniconfig==2.3.0"]

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
MODULE = "src/shop/__init__.py"
PRICE = 'python -c "import shop; print(shop.PRICE)"'
# The lines differ in length, because Python detects an edit by the file's size and by its
# modification time in whole seconds.
OLD_PRICE, NEW_PRICE = "PRICE = 9\n", "PRICE = 10\n"

POETRY = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.11"
sqlparse = "0.5.5"
"""


def test_uv_project_environment_is_the_place_of_the_environment(terminal):
    """If `UV_PROJECT_ENVIRONMENT` is an absolute path, `uv sync` creates the virtual environment at
    that path instead of at `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/opt/venv uv sync")
    assert "sqlparse" in terminal.run("uv pip freeze --python ~/opt/venv")
    terminal.fails("ls .venv")


def test_uv_pip_install_does_not_read_uv_project_environment(terminal):
    """`uv pip install` and `uv pip sync` ignore `UV_PROJECT_ENVIRONMENT`. Unless a virtual
    environment is activated, both commands install packages into `.venv`. If there is neither an
    activated environment nor a `.venv`, `uv pip install` fails."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv sync")
    terminal.fails("UV_PROJECT_ENVIRONMENT=~/venv uv pip install iniconfig==2.3.0")
    terminal.run("uv venv")
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv pip install iniconfig==2.3.0")
    assert terminal.run("uv pip freeze --python .venv") == "iniconfig==2.3.0"
    terminal.write("requirements.txt", "asgiref==3.11.1\n")
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv pip sync requirements.txt")
    assert terminal.run("uv pip freeze --python .venv") == "asgiref==3.11.1"
    assert terminal.run("uv pip freeze --python ~/venv") == "sqlparse==0.5.5"


def test_uv_pip_sync_finds_an_environment_on_path(terminal):
    """If there is neither an activated virtual environment nor a `.venv`, `uv pip sync` installs
    into the virtual environment whose `bin` folder is first on `PATH`."""
    terminal.run("uv venv ~/venv")
    terminal.write("requirements.txt", "asgiref==3.11.1\n")
    terminal.fails("uv pip sync requirements.txt")
    terminal.run('PATH="$HOME/venv/bin:$PATH" uv pip sync requirements.txt')
    assert terminal.run("uv pip freeze --python ~/venv") == "asgiref==3.11.1"


def test_uv_venv_reads_uv_project_environment_in_a_project_only(terminal):
    """Inside a project, `uv venv` creates the virtual environment at the path in
    `UV_PROJECT_ENVIRONMENT`. Outside a project, it ignores that variable and creates `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv venv")
    terminal.run("ls ~/venv/bin/python")
    terminal.fails("ls .venv")
    terminal.run("mkdir ~/elsewhere")
    terminal.run("cd ~/elsewhere && UV_PROJECT_ENVIRONMENT=~/other uv venv")
    assert terminal.run("ls -A ~/elsewhere") == ".venv"
    terminal.fails("ls ~/other")


def test_uv_sync_ignores_an_activated_environment(terminal):
    """`uv sync` ignores an activated virtual environment: it prints a warning about `VIRTUAL_ENV`
    and installs packages into `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv ~/venv")
    assert "warning" in terminal.run("source ~/venv/bin/activate && uv sync")
    assert terminal.run("uv pip freeze --python ~/venv") == ""
    assert terminal.installed() == ["sqlparse"]


def test_active_makes_uv_sync_use_the_activated_environment(terminal):
    """With `--active`, `uv sync` installs packages into the activated virtual environment and does
    not create `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv ~/venv")
    terminal.run("source ~/venv/bin/activate && uv sync --active")
    assert "sqlparse" in terminal.run("uv pip freeze --python ~/venv")
    terminal.fails("ls .venv")


def test_uv_run_ignores_an_environment_on_the_path(terminal):
    """`uv run` ignores a virtual environment whose `bin` folder is on `PATH`. Instead, it creates
    `.venv` and runs the command in that environment."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv sync")
    terminal.run("PATH=~/venv/bin:$PATH which python")
    assert terminal.run("PATH=~/venv/bin:$PATH uv run which python").endswith("/.venv/bin/python")


def test_uv_sync_ignores_uv_system_python(terminal):
    """`uv sync` ignores `UV_SYSTEM_PYTHON` and installs packages into `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    assert "at: .venv" in terminal.run("UV_SYSTEM_PYTHON=1 uv sync")
    terminal.run(".venv/bin/sqlformat --version")


def test_uv_sync_removes_what_is_not_in_the_lockfile(terminal):
    """By default, when you rerun `uv sync` in a virtual environment that it created, it removes
    packages that are not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv sync")
    assert terminal.installed() == ["sqlparse"]


def test_inexact_keeps_what_is_not_in_the_lockfile(terminal):
    """With `--inexact`, `uv sync` keeps packages that are not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv sync --inexact")
    assert terminal.installed() == ["iniconfig", "sqlparse"]


def test_uv_run_installs_what_is_missing_and_removes_nothing(terminal):
    """Before it runs a command, `uv run` installs missing packages, but it does not remove packages
    that are not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv run python -c 'import iniconfig, sqlparse'")
    assert terminal.installed() == ["iniconfig", "sqlparse"]


def test_uv_sync_keeps_pip_and_uv_in_an_environment_of_python(terminal):
    """In a virtual environment created with `python -m venv`, `uv sync` keeps pip and uv if you
    installed them with `uv pip install`, but removes other packages that are not in the
    lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    # `--without-pip` only saves time. uv also keeps the pip that comes with Python.
    terminal.run("python3 -m venv --without-pip .venv")
    terminal.run("uv pip install pip==25.3 uv==0.9.30 iniconfig==2.3.0")
    terminal.run("uv sync")
    assert terminal.installed() == ["pip", "sqlparse", "uv"]


def test_uv_sync_removes_pip_from_an_environment_of_uv(terminal):
    """In a virtual environment that uv created without `--seed`, `uv sync` removes packages that
    are not in the lockfile, even pip and uv."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv")
    terminal.run("uv pip install pip==25.3 uv==0.9.30")
    terminal.run("uv sync")
    assert terminal.installed() == ["sqlparse"]


def test_an_environment_of_uv_has_no_pip(terminal):
    """By default, uv creates virtual environments without pip."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.fails(".venv/bin/python -m pip --version")


def test_seed_puts_pip_into_the_environment(terminal):
    """`uv venv --seed` creates a virtual environment that contains pip. A later `uv sync` does not
    remove pip."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv --quiet --seed")
    assert terminal.run("ls .venv/bin/pip") == ".venv/bin/pip"
    terminal.run("uv sync --quiet")
    assert terminal.run("ls .venv/bin/pip") == ".venv/bin/pip"


def test_the_scripts_of_a_moved_environment_do_not_start(terminal):
    """After you move a virtual environment that was created without `--relocatable`, its `python`
    still works, but its console scripts fail to start."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("mv .venv ~/venv")
    terminal.run("~/venv/bin/python -m sqlparse --version")
    terminal.fails("~/venv/bin/sqlformat --version")


def test_the_scripts_of_a_relocatable_environment_start_elsewhere(terminal):
    """If you create a virtual environment with `uv venv --relocatable`, its console scripts still
    start after you move the environment."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv --relocatable")
    terminal.run("uv sync")
    terminal.run("mv .venv ~/venv")
    assert terminal.run("~/venv/bin/sqlformat --version") == "0.5.5"


def test_an_environment_does_not_start_without_its_python(terminal):
    """A virtual environment created by uv does not contain Python itself, only a link to the Python
    installation that it was created with. If that installation is no longer where the link points,
    neither `python` nor the console scripts in the virtual environment start."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("ln -s $(python3 -c 'import sys; print(sys.base_prefix)') ~/python")
    terminal.run("uv sync --python ~/python/bin/python3")
    terminal.run("readlink .venv/bin/python")
    terminal.run(".venv/bin/sqlformat --version")
    terminal.run("mv ~/python ~/python-elsewhere")
    terminal.fails(".venv/bin/python -m sqlparse --version")
    terminal.fails(".venv/bin/sqlformat --version")


def test_without_python_downloads_uv_fails(terminal):
    """With `UV_PYTHON_DOWNLOADS=never`, uv does not try to download Python, so it fails unless the
    Python version that the project needs is already installed."""
    terminal.write("pyproject.toml", PROJECT.replace(">=3.11", "==3.8.*"))
    # If uv tried to use this mirror, which does not exist, the error message would name it.
    mirror = "UV_PYTHON_INSTALL_MIRROR=file:///nowhere"
    assert "nowhere" not in terminal.fails(f"UV_PYTHON_DOWNLOADS=never {mirror} uv sync")


def test_with_a_build_system_uv_sync_needs_the_code(terminal):
    """With `uv_build` as the build backend in `pyproject.toml`, `uv sync` fails if the project's
    code is missing."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.run("uv lock")
    terminal.fails("uv sync --locked")


def test_no_install_project_leaves_the_project_out(terminal):
    """`uv sync --no-install-project` installs the dependencies but not the project itself, so it
    does not need the project's code."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.run("uv lock")
    terminal.run("uv sync --locked --no-install-project")
    assert terminal.installed() == ["sqlparse"]


def test_no_install_local_needs_frozen_or_a_pyproject_toml(terminal):
    """`uv sync --no-install-local` does not install path dependencies. If the folder of a path
    dependency is missing, add `--frozen`, because `--locked` needs at least that dependency's
    `pyproject.toml`."""
    terminal.write("pyproject.toml", WITH_PATH)
    terminal.write("../prices/pyproject.toml", PRICES)
    terminal.run("uv lock")
    terminal.run("mv ../prices ../elsewhere")
    terminal.fails("uv sync --locked --no-install-local")
    terminal.run("uv sync --frozen --no-install-local")
    assert terminal.installed() == ["iniconfig", "sqlparse"]
    terminal.run("mkdir ../prices && cp ../elsewhere/pyproject.toml ../prices")
    terminal.run("uv sync --locked --no-install-local")


def test_package_false_lets_uv_sync_do_without_the_code(terminal):
    """With `package = false`, `uv sync` does not install the project, even if `pyproject.toml` has
    a `[build-system]` table. The command therefore does not need the project's code."""
    terminal.write("pyproject.toml", NOT_PACKAGED)
    terminal.run("uv lock")
    terminal.run("uv sync --locked")
    assert terminal.installed() == ["sqlparse"]


def test_an_edited_file_counts_without_a_new_sync(terminal):
    """By default, `uv sync` installs the project in editable mode, so edits to source files take
    effect without another sync."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"
    terminal.write(MODULE, NEW_PRICE)
    assert terminal.run(f".venv/bin/{PRICE}") == "10"


def test_with_no_editable_an_edited_file_does_not_count(terminal):
    """If you install a project with `uv sync --no-editable`, later edits to the project's source
    files have no effect, even if you run that command again."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync --no-editable")
    terminal.write(MODULE, NEW_PRICE)
    assert terminal.run(f".venv/bin/{PRICE}") == "9"
    terminal.run("uv sync --no-editable")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"


def test_no_editable_copies_the_project(terminal):
    """With `--no-editable`, `uv sync` copies the project into `site-packages`, so the project still
    works after you delete its source files."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync --no-editable")
    terminal.run("ls .venv/lib/python3*/site-packages")
    terminal.run("rm -r src")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"


def test_without_a_project_table_uv_lock_locks_nothing(terminal):
    """If `pyproject.toml` has only Poetry tables, `uv lock` succeeds but locks no packages."""
    terminal.write("pyproject.toml", POETRY)
    terminal.run("uv lock")
    terminal.run("ls uv.lock")
    terminal.fails("grep sqlparse uv.lock")


@pytest.mark.until("0.11.7", replaced_by="without-a-project-table-uv-lock-locks-nothing")
def test_without_a_project_table_uv_lock_failed(terminal):
    """If `pyproject.toml` had only Poetry tables, `uv lock` failed."""
    terminal.write("pyproject.toml", POETRY)
    assert "No `project` table found in" in terminal.fails("uv lock")


VERSION = "python -c 'import asgiref; print(asgiref.__version__)'"


def test_uv_run_puts_the_locked_version_back(terminal):
    """If you install a different version of a package with `uv pip install`, for example in a test
    matrix, `uv run` installs the locked version again. `uv run --no-sync` keeps the different
    version, and `uv run --with` uses it for a single command."""
    terminal.write("pyproject.toml", PROJECT.replace("sqlparse==0.5.5", "asgiref==3.11.1"))
    terminal.run("uv sync --quiet && uv pip install --quiet asgiref==3.10.0")
    assert terminal.run(f"uv run --no-sync {VERSION}") == "3.10.0"
    assert terminal.run(f"uv run --quiet {VERSION}") == "3.11.1"
    assert terminal.run(f"uv run --quiet --with asgiref==3.10.0 {VERSION}") == "3.10.0"


def test_uv_run_installs_a_changed_path_dependency_again(terminal):
    """If the modification time of a path dependency's `pyproject.toml` changes, `uv run` builds and
    installs the dependency again. `uv run --no-sync` does not."""
    terminal.write("pyproject.toml", WITH_PATH)
    terminal.write("../prices/pyproject.toml", PRICES)
    terminal.write("../prices/src/prices/__init__.py", "")
    terminal.run("uv sync --quiet")
    terminal.run("touch ../prices/pyproject.toml")
    python = "python -c 'import prices'"
    assert "Installed" not in terminal.run(f"uv run --no-sync {python}")
    assert "Installed 1 package" in terminal.run(f"uv run {python}")
    assert "Installed" not in terminal.run(f"uv run {python}")


def test_with_symlinks_the_environment_needs_the_cache(terminal):
    """With `UV_LINK_MODE=symlink`, the virtual environment contains only links to uv's cache, so
    packages are missing after `uv cache clean`. With `UV_LINK_MODE=copy`, they stay."""
    terminal.write("pyproject.toml", PROJECT)
    cache = "UV_CACHE_DIR=~/cache"
    look = ".venv/bin/python -c 'import sqlparse.sql'"
    terminal.run(f"{cache} UV_LINK_MODE=symlink uv sync --quiet")
    terminal.run(f"{look} && {cache} uv cache clean --quiet")
    assert "No module named 'sqlparse" in terminal.fails(look)
    terminal.run(f"{cache} UV_LINK_MODE=copy uv sync --quiet --reinstall")
    terminal.run(f"{cache} uv cache clean --quiet && {look}")


def test_uv_sync_installs_packages_for_another_processor(terminal):
    """With `--python-platform aarch64-unknown-linux-gnu`, `uv sync` installs the wheels for ARM
    processors, even on a machine that has a different processor."""
    terminal.write("pyproject.toml", PROJECT.replace("sqlparse==0.5.5", "markupsafe==3.0.3"))
    terminal.run("uv sync --quiet --python-platform aarch64-unknown-linux-gnu")
    find = "find .venv -name '*.so' -printf '%f\\n' | sed 's/cpython-[0-9]*/cpython/'"
    assert terminal.run(find) == "_speedups.cpython-aarch64-linux-gnu.so"

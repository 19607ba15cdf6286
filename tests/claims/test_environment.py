"""The environment: where it is and what is in it"""

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
# Of another length than the first one: Python goes by size and whole seconds to see an edit.
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
    """`uv sync` installs into the absolute path in `UV_PROJECT_ENVIRONMENT`, which it creates, and
    makes no `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/opt/venv uv sync")
    assert "sqlparse" in terminal.run("uv pip freeze --python ~/opt/venv")
    terminal.fails("ls .venv")


def test_uv_pip_install_does_not_read_uv_project_environment(terminal):
    """`uv pip install` does not read `UV_PROJECT_ENVIRONMENT`: it fails where there is no `.venv`,
    and installs into that where there is one."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv sync")
    terminal.fails("UV_PROJECT_ENVIRONMENT=~/venv uv pip install iniconfig==2.3.0")
    terminal.run("uv venv")
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv pip install iniconfig==2.3.0")
    assert terminal.run("uv pip freeze --python .venv") == "iniconfig==2.3.0"
    assert terminal.run("uv pip freeze --python ~/venv") == "sqlparse==0.5.5"


def test_uv_venv_reads_uv_project_environment_in_a_project_only(terminal):
    """`uv venv` makes the environment at `UV_PROJECT_ENVIRONMENT` inside a project; elsewhere it
    makes `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv venv")
    terminal.run("ls ~/venv/bin/python")
    terminal.fails("ls .venv")
    terminal.run("mkdir ~/elsewhere")
    terminal.run("cd ~/elsewhere && UV_PROJECT_ENVIRONMENT=~/other uv venv")
    assert terminal.run("ls -A ~/elsewhere") == ".venv"
    terminal.fails("ls ~/other")


def test_uv_sync_ignores_an_activated_environment(terminal):
    """`uv sync` warns that it ignores `VIRTUAL_ENV`, which an activated environment sets, and
    installs into `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv ~/venv")
    assert "warning" in terminal.run("source ~/venv/bin/activate && uv sync")
    assert terminal.run("uv pip freeze --python ~/venv") == ""
    assert terminal.installed() == ["sqlparse"]


def test_active_makes_uv_sync_use_the_activated_environment(terminal):
    """With `--active`, `uv sync` installs into the activated environment, and makes no `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv ~/venv")
    terminal.run("source ~/venv/bin/activate && uv sync --active")
    assert "sqlparse" in terminal.run("uv pip freeze --python ~/venv")
    terminal.fails("ls .venv")


def test_uv_run_ignores_an_environment_on_the_path(terminal):
    """`uv run` does not use an environment because it is on `PATH`: it makes `.venv` and runs the
    command there."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_PROJECT_ENVIRONMENT=~/venv uv sync")
    terminal.run("PATH=~/venv/bin:$PATH which python")
    assert terminal.run("PATH=~/venv/bin:$PATH uv run which python").endswith("/.venv/bin/python")


def test_uv_sync_ignores_uv_system_python(terminal):
    """`uv sync` ignores `UV_SYSTEM_PYTHON` and installs into `.venv`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_SYSTEM_PYTHON=1 uv sync")
    terminal.run(".venv/bin/sqlformat --version")


def test_uv_sync_removes_what_is_not_in_the_lockfile(terminal):
    """`uv sync` removes a package that is not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv sync")
    assert terminal.installed() == ["sqlparse"]


def test_inexact_keeps_what_is_not_in_the_lockfile(terminal):
    """With `--inexact`, `uv sync` leaves a package that is not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv sync --inexact")
    assert terminal.installed() == ["iniconfig", "sqlparse"]


def test_uv_run_installs_what_is_missing_and_removes_nothing(terminal):
    """`uv run` first installs what is missing, and leaves a package that is not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv")
    terminal.run("uv pip install iniconfig==2.3.0")
    terminal.run("uv run python -c 'import iniconfig, sqlparse'")
    assert terminal.installed() == ["iniconfig", "sqlparse"]


def test_uv_sync_keeps_pip_and_uv_in_an_environment_of_python(terminal):
    """In an environment that `python -m venv` made, `uv sync` keeps pip and uv, and removes another
    package that is not in the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    # `--without-pip` only saves seconds: the pip that comes with Python is kept as well.
    terminal.run("python3 -m venv --without-pip .venv")
    terminal.run("uv pip install pip==25.3 uv==0.9.30 iniconfig==2.3.0")
    terminal.run("uv sync")
    assert terminal.installed() == ["pip", "sqlparse", "uv"]


def test_uv_sync_removes_pip_from_an_environment_of_uv(terminal):
    """In an environment that uv made, `uv sync` removes pip and uv too when they are not in the
    lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv")
    terminal.run("uv pip install pip==25.3 uv==0.9.30")
    terminal.run("uv sync")
    assert terminal.installed() == ["sqlparse"]


def test_an_environment_of_uv_has_no_pip(terminal):
    """There is no pip in an environment that uv makes."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.fails(".venv/bin/python -m pip --version")


def test_seed_puts_pip_into_the_environment(terminal):
    """`uv venv --seed` makes an environment with pip, and `uv sync` keeps it."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv --quiet --seed")
    terminal.run("ls .venv/bin/pip")
    terminal.run("uv sync --quiet")
    terminal.run("ls .venv/bin/pip")


def test_the_scripts_of_a_moved_environment_do_not_start(terminal):
    """In an environment that was moved, `python` works and the console scripts do not start."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("mv .venv ~/venv")
    terminal.run("~/venv/bin/python -m sqlparse --version")
    terminal.fails("~/venv/bin/sqlformat --version")


def test_the_scripts_of_a_relocatable_environment_start_elsewhere(terminal):
    """In an environment that was made with `uv venv --relocatable`, console scripts start after a
    move too."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv venv --relocatable")
    terminal.run("uv sync")
    terminal.run("mv .venv ~/venv")
    terminal.run("~/venv/bin/sqlformat --version")


def test_an_environment_does_not_start_without_its_python(terminal):
    """An environment has only a link to the Python it was made with: when that is gone from its
    path, nothing starts."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("ln -s $(python3 -c 'import sys; print(sys.base_prefix)') ~/python")
    terminal.run("uv sync --python ~/python/bin/python3")
    terminal.run("readlink .venv/bin/python")
    terminal.run(".venv/bin/sqlformat --version")
    terminal.run("mv ~/python ~/python-elsewhere")
    terminal.fails(".venv/bin/python -m sqlparse --version")
    terminal.fails(".venv/bin/sqlformat --version")


def test_without_python_downloads_uv_fails(terminal):
    """With `UV_PYTHON_DOWNLOADS=never`, uv fails when the Python that a project needs is not
    installed, and does not try to download one."""
    terminal.write("pyproject.toml", PROJECT.replace(">=3.11", "==3.8.*"))
    # Whoever asks a mirror that is not there, names it when that fails.
    mirror = "UV_PYTHON_INSTALL_MIRROR=file:///nowhere"
    assert "nowhere" not in terminal.fails(f"UV_PYTHON_DOWNLOADS=never {mirror} uv sync")


def test_with_a_build_system_uv_sync_needs_the_code(terminal):
    """With a build system in pyproject.toml, `uv sync` fails while the project's code is not
    there."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.run("uv lock")
    terminal.fails("uv sync --locked")


def test_no_install_project_leaves_the_project_out(terminal):
    """With `--no-install-project`, `uv sync` installs the dependencies alone, and needs no code."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.run("uv lock")
    terminal.run("uv sync --locked --no-install-project")
    assert terminal.installed() == ["sqlparse"]


def test_no_install_local_needs_frozen_or_a_pyproject_toml(terminal):
    """`--no-install-local` leaves out a path dependency. While its folder is missing, that works
    only with `--frozen`; `--locked` needs the `pyproject.toml` of the dependency."""
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
    """With `package = false`, `uv sync` leaves the project out in spite of its build system, and
    needs no code."""
    terminal.write("pyproject.toml", NOT_PACKAGED)
    terminal.run("uv lock")
    terminal.run("uv sync --locked")
    assert terminal.installed() == ["sqlparse"]


def test_an_edited_file_counts_without_a_new_sync(terminal):
    """By default `uv sync` makes an editable install: an edited source file counts without a new
    sync."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"
    terminal.write(MODULE, NEW_PRICE)
    assert terminal.run(f".venv/bin/{PRICE}") == "10"


def test_with_no_editable_an_edited_file_does_not_count(terminal):
    """With `--no-editable`, an edited source file does not count, and another
    `uv sync --no-editable` does not change that."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync --no-editable")
    terminal.write(MODULE, NEW_PRICE)
    assert terminal.run(f".venv/bin/{PRICE}") == "9"
    terminal.run("uv sync --no-editable")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"


def test_no_editable_copies_the_project(terminal):
    """With `--no-editable`, the project is copied into `site-packages`, and works without its
    source."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write(MODULE, OLD_PRICE)
    terminal.run("uv sync --no-editable")
    terminal.run("ls .venv/lib/python3*/site-packages")
    terminal.run("rm -r src")
    assert terminal.run(f".venv/bin/{PRICE}") == "9"


def test_without_a_project_table_uv_lock_locks_nothing(terminal):
    """Of a pyproject.toml with Poetry's tables alone, `uv lock` locks no package, and ends without
    an error."""
    terminal.write("pyproject.toml", POETRY)
    terminal.run("uv lock")
    terminal.run("ls uv.lock")
    terminal.fails("grep sqlparse uv.lock")

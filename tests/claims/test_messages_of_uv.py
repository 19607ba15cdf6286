"""Error messages of uv"""

import re
import socket
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from guide.machine.commands import run
from guide.machine.serving import LOCALHOST, FolderHandler

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
"""
LIBRARY = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"
"""
BACKEND = """\

[build-system]
requires = ["{}"]
build-backend = "{}"
"""
DEPENDENCY = 'dependencies = ["{}"]\n'


def write(terminal, *parts):
    terminal.write("pyproject.toml", "".join((PROJECT, *parts)))


def test_uv_replaces_an_environment_whose_python_does_not_exist(terminal):
    """If the Python of `.venv` does not exist on this machine, `uv sync` prints a warning, removes
    the virtual environment and installs every package again."""
    write(terminal, DEPENDENCY.format("iniconfig==2.3.0"))
    terminal.run("uv sync --quiet")
    terminal.run("ln -sf /opt/laptop/bin/python .venv/bin/python")
    output = terminal.run("uv sync")
    assert "Ignoring existing virtual environment linked to non-existent Python" in output
    assert "+ iniconfig==2.3.0" in output


def test_uv_venv_does_not_replace_an_environment(terminal):
    """`uv venv` fails if the virtual environment already exists, unless you pass `--clear`."""
    write(terminal)
    terminal.run("uv venv --quiet")
    assert "A virtual environment already exists at" in terminal.fails("uv venv")
    terminal.run("uv venv --clear")


@pytest.mark.until("0.9.30", replaced_by="uv-venv-does-not-replace-an-environment")
def test_uv_venv_succeeded_if_the_environment_existed(terminal):
    """`uv venv` succeeded even if the virtual environment already existed, and kept other files in
    its folder."""
    write(terminal)
    terminal.run("uv venv --quiet && touch .venv/notes.txt")
    assert "Creating virtual environment at: .venv" in terminal.run("uv venv")
    assert "notes.txt" in terminal.run("ls .venv")


def test_uv_does_not_replace_a_folder_that_is_no_environment(terminal):
    """If `.venv` is a folder that contains files but no Python, `uv sync` fails. An empty folder is
    not a problem."""
    write(terminal)
    terminal.run("mkdir .venv")
    terminal.run("uv sync && rm -r .venv && mkdir .venv && touch .venv/notes.txt")
    assert "is not a valid Python environment" in terminal.fails("uv sync")


def test_a_package_from_git_needs_git(terminal):
    """If Git is not installed, uv cannot lock a package from a Git repository."""
    write(terminal, DEPENDENCY.format("prices @ git+https://git.example.com/prices"))
    terminal.run("mkdir ~/bin && ln -s $(command -v uv) ~/bin/uv")
    output = terminal.fails("UV_PYTHON=$(command -v python3) PATH=~/bin uv lock --no-cache")
    assert "Git executable not found" in output


def test_uv_lock_is_not_a_requirements_file(terminal):
    """`uv pip install -r uv.lock` fails, because `uv.lock` is not a requirements file."""
    write(terminal, DEPENDENCY.format("iniconfig==2.3.0"))
    terminal.run("uv lock && uv venv")
    assert "Couldn't parse requirement in `uv.lock`" in terminal.fails("uv pip install -r uv.lock")


def test_a_package_without_a_wheel_for_the_platform_is_not_installed(terminal):
    """If `uv.lock` lists neither a wheel for the current platform nor a source distribution of a
    package, `uv sync` fails."""
    write(terminal, DEPENDENCY.format("pywin32==311"))
    terminal.run("uv lock")
    terminal.fails("uv sync 2> log")
    # The hint below names this machine's platform.
    assert "doesn't have a source distribution or wheel" in terminal.run("grep ^error: log")


def test_uv_sync_does_not_accept_the_options_of_poetry(terminal):
    """`uv sync` rejects Poetry's options `--only` and `--no-ansi`."""
    write(terminal)
    assert "unexpected argument '--only' found" in terminal.fails("uv sync --only main")
    assert "unexpected argument '--no-ansi' found" in terminal.fails("uv sync --no-ansi")


def test_uv_warns_if_its_build_backend_must_be_another_release(terminal):
    """If the range for `uv_build` excludes the uv that runs, `uv build` prints a warning."""
    write(terminal, BACKEND.format("uv_build>=0.9,<0.10", "uv_build"))
    terminal.write("src/shop/__init__.py", "")
    assert "warning: `build_system.requires = " in terminal.run("uv build")


def test_uv_run_cannot_start_a_program_that_is_not_installed(terminal):
    """`uv run` fails with "Failed to spawn" if the virtual environment does not contain the
    program."""
    write(terminal)
    assert re.search("Failed to spawn: `?gunicorn", terminal.fails("uv run gunicorn shop.wsgi"))


def test_building_a_project_needs_its_readme(terminal):
    """If `readme` in `pyproject.toml` names a file that does not exist, uv cannot build the
    project. With `--no-install-project`, it does not build it."""
    write(terminal, 'readme = "README.md"\n', BACKEND.format("uv_build>=0.13,<0.14", "uv_build"))
    terminal.write("src/shop/__init__.py", "")
    assert "README.md" in terminal.fails("uv sync")
    terminal.run("uv sync --no-install-project")


@pytest.fixture
def django_folders(terminal):
    """A project with two folders of code, neither of which is named after the project."""
    for name in ("website", "orders"):
        terminal.write(f"{name}/__init__.py", "")


def test_setuptools_does_not_build_two_folders_of_code(terminal, django_folders):
    """With setuptools as the build backend, `uv sync` fails if the project contains several folders
    of code. With `package = false`, it succeeds."""
    backend = BACKEND.format("setuptools==80.9.0", "setuptools.build_meta")
    write(terminal, backend)
    terminal.fails("uv sync 2> log")
    assert "flat-layout" in terminal.run("grep 'error: M' log")
    write(terminal, backend, "\n[tool.uv]\npackage = false\n")
    terminal.run("uv sync")


def test_hatchling_needs_a_folder_with_the_name_of_the_project(terminal, django_folders):
    """With Hatchling as the build backend, `uv sync` fails if no folder has the project's name.
    With `package = false`, it succeeds."""
    backend = BACKEND.format("hatchling==1.27.0", "hatchling.build")
    write(terminal, backend)
    terminal.fails("uv sync 2> log")
    assert "Unable to determine which files" in terminal.run("grep 'ValueError: ' log")
    write(terminal, backend, "\n[tool.uv]\npackage = false\n")
    terminal.run("uv sync")


def test_uv_add_needs_a_project_table(terminal):
    """`uv add` fails if `pyproject.toml` contains only Poetry's tables."""
    terminal.write("pyproject.toml", '[tool.poetry]\nname = "shop"\nversion = "1.0.0"\n')
    assert "table" in terminal.fails("uv add iniconfig==2.3.0")


def test_groups_and_extras_that_are_not_declared_are_errors(terminal):
    """`uv sync` fails if `--group` names a group, or `--extra` an extra, that `pyproject.toml` does
    not declare."""
    write(
        terminal, "\n[project.optional-dependencies]\ns3 = []\n\n[dependency-groups]\nprod = []\n"
    )
    assert "Group `s3` is not defined" in terminal.fails("uv sync --group s3")
    assert "Extra `prod` is not defined" in terminal.fails("uv sync --extra prod")
    terminal.run("uv sync --group prod --extra s3")


def test_a_lockfile_with_conflict_markers_does_not_parse(terminal):
    """uv cannot read a lockfile that contains the markers of a merge conflict, not even with `uv
    lock`."""
    write(terminal)
    terminal.run("uv lock && echo '<<<<<<< HEAD' >> uv.lock")
    assert "Failed to parse `uv.lock`" in terminal.fails("uv sync --locked")
    assert "Failed to parse `uv.lock`" in terminal.fails("uv lock")


def test_frozen_needs_the_folder_of_a_path_dependency(terminal):
    """Without the folder of a path dependency, `uv sync --frozen` fails. With `--no-install-local`,
    it succeeds."""
    write(terminal, DEPENDENCY.format("prices"), '\n[tool.uv.sources]\nprices.path = "../prices"\n')
    terminal.write("~/prices/pyproject.toml", LIBRARY)
    terminal.run("uv lock && rm -r ../prices")
    assert "Failed to determine installation plan" in terminal.fails("uv sync --frozen")
    terminal.run("uv sync --frozen --no-install-local")


def test_a_patch_release_in_python_version_has_to_be_installed(terminal):
    """If `.python-version` names a patch release that is not installed, and downloads are off, `uv
    sync` fails. `UV_PYTHON` takes precedence over the file."""
    write(terminal)
    terminal.write(".python-version", "3.11.99\n")
    assert "No interpreter found for Python 3" in terminal.fails("uv sync")
    terminal.run("UV_PYTHON=$(command -v python3) uv sync")


def test_python_finds_no_time_zone_without_tzdata(terminal):
    """If neither the operating system nor the package tzdata provides time zones, Python's
    `ZoneInfo` fails."""
    write(terminal)
    look = "python -c 'import zoneinfo; print(zoneinfo.ZoneInfo(\"Europe/Berlin\"))'"
    assert "No time zone found" in terminal.fails(f"PYTHONTZPATH= uv run --quiet {look}")
    terminal.run("uv add --quiet tzdata==2025.2")
    assert terminal.run(f"PYTHONTZPATH= uv run --quiet {look}") == "Europe/Berlin"


def test_an_environment_of_uv_has_no_setuptools(terminal):
    """uv creates virtual environments without setuptools, so a package that imports
    `pkg_resources` fails unless the project depends on setuptools."""
    write(terminal)
    look = "uv run --quiet python -W ignore -c 'import pkg_resources'"
    assert "No module named 'pkg_resources'" in terminal.fails(look)
    terminal.run("uv add --quiet setuptools==80.9.0")
    terminal.run(look)


def test_uv_stops_waiting_for_an_index_after_uv_http_timeout(terminal):
    """If an index does not answer, uv fails after the number of seconds in `UV_HTTP_TIMEOUT`."""
    write(terminal, DEPENDENCY.format("iniconfig==2.3.0"))
    with socket.create_server((LOCALHOST, 0)) as server:
        port = server.getsockname()[1]
        terminal.ports[port] = 8080
        index = f"UV_DEFAULT_INDEX=http://{LOCALHOST}:{port}/simple"
        command = f"UV_HTTP_TIMEOUT=1 UV_HTTP_RETRIES=0 {index} uv lock --no-cache"
        assert "timed out" in terminal.fails(command)


def test_the_first_index_with_a_package_wins(terminal):
    """If an additional index contains an older release of a public package, uv does not look for
    other releases on the public index. With `explicit = true`, uv takes the package from the
    public index."""
    package = terminal.home / "iniconfig"
    package.mkdir()
    text = LIBRARY.replace("prices", "iniconfig").replace("1.0.0", "0.1.0")
    (package / "pyproject.toml").write_text(text + BACKEND.format("uv_build", "uv_build"))
    (package / "src/iniconfig").mkdir(parents=True)
    (package / "src/iniconfig/__init__.py").touch()
    build = (terminal.uv, "build", "--wheel", "--out-dir", terminal.home / "index/simple/iniconfig")
    run(*build, package, failing="uv build", cwd=terminal.home, env=terminal.environ)
    folder = terminal.home / "index"
    server = ThreadingHTTPServer((LOCALHOST, 0), partial(FolderHandler, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    terminal.ports[server.server_port] = 8080
    index = f'\n[[tool.uv.index]]\nname = "company"\nurl = "http://{LOCALHOST}:%d/simple"\n'
    index %= server.server_port
    dependency = DEPENDENCY.format("iniconfig==2.3.0")
    write(terminal, dependency, index)
    assert "was found on" in terminal.fails("uv lock --no-cache")
    write(terminal, dependency, index, "explicit = true\n")
    terminal.run("uv lock --no-cache")
    server.shutdown()
    server.server_close()

"""Install speed: hard links, bytecode and uv's cache"""

import tempfile

import pytest

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["iniconfig==2.3.0"]
"""
MORE = PROJECT.replace('"iniconfig==2.3.0"', '"iniconfig==2.3.0", "asgiref==3.11.1"')
LINKS = 'stat -c "%F, links: %h" .venv/lib/python3*/site-packages/iniconfig/__init__.py'
BYTECODE = "find .venv -path '*/iniconfig/*.pyc' | wc -l"


@pytest.fixture
def memory(terminal):
    """Create ~/memory, a folder on a different file system from the home folder."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        (terminal.home / "memory").symlink_to(folder)
        yield


def test_uv_installs_hard_links(terminal, memory):
    """If uv's cache and the virtual environment are on the same file system, and that file system
    cannot clone files, uv installs files as hard links to the files in its cache, not as
    symlinks."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    terminal.run("mkdir ~/memory/venv && ln -s ~/memory/venv .venv")
    terminal.run("UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 2"
    assert terminal.run("find .venv/lib/ -type l") == ""


def test_from_another_file_system_uv_copies(terminal, memory):
    """If uv's cache and the virtual environment are on different file systems, uv prints a warning
    and copies the files."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    assert "warning" in terminal.run("UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_link_mode_copy_only_ends_the_warning(terminal, memory):
    """If uv's cache and the virtual environment are on different file systems and you set
    `UV_LINK_MODE=copy`, uv still copies the files but prints no warning."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    assert "warning" not in terminal.run("UV_LINK_MODE=copy UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_link_mode_copy_copies_on_one_file_system_too(terminal):
    """With `UV_LINK_MODE=copy`, uv copies the files even if its cache and the virtual environment
    are on the same file system."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_LINK_MODE=copy UV_CACHE_DIR=~/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_uv_compiles_no_bytecode(terminal):
    """By default, uv does not compile packages to bytecode, so a new virtual environment contains
    no `.pyc` files."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.run("find .venv -name '*.pyc'") == ""


def test_compile_bytecode_compiles(terminal):
    """With `UV_COMPILE_BYTECODE=1`, `uv sync` compiles the installed packages to `.pyc` files."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_compile_bytecode_does_not_mind_pythondontwritebytecode(terminal):
    """With `UV_COMPILE_BYTECODE=1`, uv writes `.pyc` files even if `PYTHONDONTWRITEBYTECODE=1` is
    set."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("PYTHONDONTWRITEBYTECODE=1 UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_compile_bytecode_compiles_what_was_installed_before(terminal):
    """With `UV_COMPILE_BYTECODE=1`, `uv sync` also compiles packages that were installed
    earlier."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.run(BYTECODE) == "0"
    terminal.write("pyproject.toml", MORE)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_what_is_compiled_is_not_compiled_again(terminal):
    """With `UV_COMPILE_BYTECODE=1`, a second `uv sync` does not recompile packages that already
    have `.pyc` files."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    terminal.run("touch before")
    terminal.write("pyproject.toml", MORE)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"
    assert terminal.run("find .venv -path '*/iniconfig/*.pyc' -cnewer before") == ""


def test_with_pythondontwritebytecode_python_writes_none(terminal):
    """By default, Python writes `.pyc` files when it imports modules. With
    `PYTHONDONTWRITEBYTECODE=1`, Python does not write them."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("PYTHONDONTWRITEBYTECODE=1 .venv/bin/python -c 'import iniconfig'")
    assert terminal.run(BYTECODE) == "0"
    terminal.run(".venv/bin/python -c 'import iniconfig'")
    assert terminal.run(BYTECODE) != "0"


def test_a_second_uv_sync_changes_nothing(terminal):
    """Unless `UV_COMPILE_BYTECODE=1` is set, `uv sync` does not change any file in a virtual
    environment that already matches the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    # Use a separate cache. In a shared cache, another process that links to a file changes its
    # ctime.
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    terminal.run("touch before")
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    assert terminal.run("find .venv -cnewer before") == ""


def test_no_cache_leaves_no_cache(terminal):
    """With `UV_NO_CACHE=1`, `uv sync` does not leave a cache behind."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_CACHE_DIR=~/cache UV_NO_CACHE=1 uv sync")
    terminal.fails("ls ~/cache")
    assert terminal.run("ls -A ~") == "shop"


def test_with_its_cache_uv_sync_works_offline(terminal):
    """`uv sync --offline` installs packages from uv's cache, but fails if the cache is empty."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    terminal.run("rm -r .venv")
    terminal.run("UV_CACHE_DIR=~/cache uv sync --offline")
    terminal.run("rm -r .venv")
    terminal.fails("UV_CACHE_DIR=~/empty uv sync --offline")

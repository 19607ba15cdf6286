"""Speed: links, bytecode and doing nothing"""

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
    """A folder on another file system than the home folder: ~/memory."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        (terminal.home / "memory").symlink_to(folder)
        yield


def test_uv_installs_hard_links(terminal, memory):
    """On a file system that cannot clone files, uv installs hard links to the files in its cache,
    and no symlinks."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    terminal.run("mkdir ~/memory/venv && ln -s ~/memory/venv .venv")
    terminal.run("UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 2"
    assert terminal.run("find .venv/lib/ -type l") == ""


def test_from_another_file_system_uv_copies(terminal, memory):
    """When its cache is on another file system, uv warns, and installs copies."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    assert "warning" in terminal.run("UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_link_mode_copy_only_ends_the_warning(terminal, memory):
    """When its cache is on another file system, `UV_LINK_MODE=copy` saves the warning; what is
    installed are copies as without it."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("stat -c %m ~/memory/")
    assert "warning" not in terminal.run("UV_LINK_MODE=copy UV_CACHE_DIR=~/memory/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_link_mode_copy_copies_on_one_file_system_too(terminal):
    """With `UV_LINK_MODE=copy`, uv installs copies although its cache is on the same file
    system."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_LINK_MODE=copy UV_CACHE_DIR=~/cache uv sync")
    assert terminal.run(LINKS) == "regular file, links: 1"


def test_uv_compiles_no_bytecode(terminal):
    """By default uv installs without compiling: there is no `.pyc` file."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.run("find .venv -name '*.pyc'") == ""


def test_compile_bytecode_compiles(terminal):
    """With `UV_COMPILE_BYTECODE=1`, `uv sync` writes the `.pyc` files of the packages."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_compile_bytecode_does_not_mind_pythondontwritebytecode(terminal):
    """`UV_COMPILE_BYTECODE=1` writes `.pyc` files even with `PYTHONDONTWRITEBYTECODE=1`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("PYTHONDONTWRITEBYTECODE=1 UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_compile_bytecode_compiles_what_was_installed_before(terminal):
    """With `UV_COMPILE_BYTECODE=1`, `uv sync` compiles the packages too that were installed
    before."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.run(BYTECODE) == "0"
    terminal.write("pyproject.toml", MORE)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"


def test_what_is_compiled_is_not_compiled_again(terminal):
    """A second `uv sync` with `UV_COMPILE_BYTECODE=1` compiles what is new, and leaves the `.pyc`
    files that are there."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    terminal.run("touch before")
    terminal.write("pyproject.toml", MORE)
    terminal.run("UV_COMPILE_BYTECODE=1 uv sync")
    assert terminal.run(BYTECODE) == "4"
    assert terminal.run("find .venv -path '*/iniconfig/*.pyc' -cnewer before") == ""


def test_with_pythondontwritebytecode_python_writes_none(terminal):
    """With `PYTHONDONTWRITEBYTECODE=1`, running Python writes no `.pyc` files; without it, it
    does."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    terminal.run("PYTHONDONTWRITEBYTECODE=1 .venv/bin/python -c 'import iniconfig'")
    assert terminal.run(BYTECODE) == "0"
    terminal.run(".venv/bin/python -c 'import iniconfig'")
    assert terminal.run(BYTECODE) != "0"


def test_a_second_uv_sync_changes_nothing(terminal):
    """When the environment fits the lockfile, `uv sync` changes no file of it."""
    terminal.write("pyproject.toml", PROJECT)
    # A cache of its own: whoever else links to the same file in it changes that file's ctime.
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    terminal.run("touch before")
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    assert terminal.run("find .venv -cnewer before") == ""


def test_no_cache_leaves_no_cache(terminal):
    """With `UV_NO_CACHE=1`, `uv sync` leaves no cache behind."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_CACHE_DIR=~/cache UV_NO_CACHE=1 uv sync")
    terminal.fails("ls ~/cache")
    assert terminal.run("ls -A ~") == "shop"


def test_with_its_cache_uv_sync_works_offline(terminal):
    """`uv sync --offline` installs from the cache, and fails when that is empty."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_CACHE_DIR=~/cache uv sync")
    terminal.run("rm -r .venv")
    terminal.run("UV_CACHE_DIR=~/cache uv sync --offline")
    terminal.run("rm -r .venv")
    terminal.fails("UV_CACHE_DIR=~/empty uv sync --offline")

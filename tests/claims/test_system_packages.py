"""What packages need from the operating system"""

import re

from guide.content.examples import SNIPPETS

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = [{}]
"""
# uv.lock has no wheel for docopt, and wheels for psycopg2 on Windows only.
WITHOUT_WHEELS = '"asgiref==3.11.1", "docopt==0.6.2", "psycopg2==2.9.10"'
LIST = SNIPPETS / "no_linux_wheels.py"


def write(terminal, dependencies):
    """Write a project with dependencies, and lock it."""
    terminal.write("pyproject.toml", PROJECT.format(dependencies))
    terminal.run("uv lock")


def test_uv_lock_shows_which_packages_have_no_wheel_for_linux(terminal):
    """uv.lock lists the wheels of each package, so a script can find packages without a Linux
    wheel."""
    write(terminal, WITHOUT_WHEELS)
    terminal.write(LIST.name, LIST.read_text())
    assert terminal.run(f"python3 {LIST.name}").split() == ["docopt", "psycopg2"]


def test_no_build_stops_at_a_package_that_has_to_be_built(terminal):
    """With `--no-build`, `uv sync` fails if your Python would have to build one of the packages."""
    write(terminal, '"asgiref==3.11.1", "docopt==0.6.2"')
    output = terminal.fails("uv sync --locked --no-build --no-install-project")
    assert re.search("`docopt==0.6.2.*marked as `--no-build` but has no binary", output)
    terminal.run("uv sync --locked")

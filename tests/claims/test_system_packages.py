"""Wheels and system packages"""

import re

from guide.content.examples import SNIPPETS, examples
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = [{}]
"""
# In uv.lock, docopt has no wheels, and psycopg2 has wheels for Windows only.
WITHOUT_WHEELS = '"asgiref==3.11.1", "docopt==0.6.2", "psycopg2==2.9.10"'
LIST = SNIPPETS / "no_linux_wheels.py"
INSTALL = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
ENV PATH="/app/.venv/bin:$PATH"
WORKDIR /app
"""
SYNC = """\
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
"""
APT = """\
RUN apt-get update \\
    && apt-get install --yes --no-install-recommends {}
"""
IMPORT_PSYCOPG = "python -c 'import psycopg; print(psycopg.pq.__impl__)'"
DETECT = 'import magic; print(magic.from_buffer(b"%PDF-1.7", mime=True))'
MESSAGES = """\
msgid "Orders"
msgstr "Bestellungen"
"""
COMPILE_MESSAGES = "RUN python -m django compilemessages\n"


def write(terminal, dependencies):
    """Write a project with the dependencies and lock it."""
    terminal.write("pyproject.toml", PROJECT.format(dependencies))
    terminal.run("uv lock")


def test_uv_lock_shows_which_packages_have_no_wheel_for_linux(terminal):
    """`uv.lock` lists each package's wheels, so a script can find packages that have no wheel for
    Linux."""
    write(terminal, WITHOUT_WHEELS)
    terminal.write(LIST.name, LIST.read_text())
    assert terminal.run(f"python3 {LIST.name}").split() == ["docopt", "psycopg2"]


def test_no_build_stops_at_a_package_that_has_to_be_built(terminal):
    """With `--no-build`, `uv sync` fails instead of building a package that has no wheel."""
    write(terminal, '"asgiref==3.11.1", "docopt==0.6.2"')
    output = terminal.fails("uv sync --locked --no-build --no-install-project")
    assert re.search("`docopt==0.6.2.*marked as `--no-build` but has no binary", output)
    terminal.run("uv sync --locked")


def test_a_package_without_a_wheel_can_build_without_a_compiler(docker):
    """A pure-Python package without a wheel can be built in a slim Python image, even though that
    image has no compiler."""
    write(docker, '"docopt==0.6.2"')
    docker.write("Dockerfile", INSTALL + SYNC)
    docker.build(shown="docopt")
    docker.start_fails("gcc --version")
    docker.start("python -c 'import docopt'")


def test_psycopg2_does_not_build_in_a_slim_image(docker):
    """psycopg2 cannot be built in a slim Python image, because `pg_config` is missing."""
    write(docker, '"psycopg2==2.9.10"')
    docker.write("Dockerfile", INSTALL + SYNC)
    assert "pg_config executable not found" in docker.build_fails()


def test_psycopg_binary_needs_nothing_from_apt(docker):
    """In a slim Python image, you can install and import `psycopg[binary]` without any packages
    from apt."""
    write(docker, '"psycopg[binary]==3.3.2"')
    docker.write("Dockerfile", INSTALL + SYNC)
    docker.build(shown="psycopg")
    assert docker.start(IMPORT_PSYCOPG) == "binary"


def test_a_wheel_can_load_a_library_that_it_does_not_contain(docker):
    """Even a package that is installed from a wheel can need a system library from apt. For
    example, python-magic can be installed without libmagic, but importing it then fails."""
    write(docker, '"python-magic==0.4.27"')
    docker.write("detect.py", f"{DETECT}\n")
    docker.write("Dockerfile", f"{INSTALL}{SYNC}COPY detect.py ./\n")
    docker.build()
    assert "failed to find libmagic" in docker.start_fails("python detect.py")
    docker.write("Dockerfile", f"{INSTALL}{APT.format('libmagic1')}{SYNC}COPY detect.py ./\n")
    docker.build()
    assert docker.start("python detect.py") == "application/pdf"


def test_compilemessages_needs_gettext(docker):
    """`compilemessages` fails in a slim Python image unless you install gettext with apt."""
    write(docker, '"django==5.2.8", "asgiref==3.11.1", "sqlparse==0.5.5"')
    docker.write("locale/de/LC_MESSAGES/django.po", MESSAGES)
    copy = "COPY locale locale\n"
    docker.write("Dockerfile", INSTALL + SYNC + copy + COMPILE_MESSAGES)
    assert "Can't find msgfmt" in docker.build_fails()
    docker.write("Dockerfile", INSTALL + APT.format("gettext") + SYNC + copy + COMPILE_MESSAGES)
    docker.build()
    docker.start("find locale -name django.mo")


def test_uwsgi_is_built_and_pyuwsgi_has_a_wheel(terminal):
    """uWSGI has no wheel, so uv builds it, which requires a compiler. pyuWSGI, which installs
    the same program, has a wheel for Linux."""
    for package, has_wheel in (("uwsgi==2.0.31", False), ("pyuwsgi==2.0.30", True)):
        terminal.write("pyproject.toml", PROJECT.format(f'"{package}"'))
        terminal.run("uv lock --quiet")
        check = "uv sync --locked --dry-run --no-build --python-platform linux"
        if has_wheel:
            assert f"+ {package}" in terminal.run(check)
        else:
            assert "has no binary distribution" in terminal.fails(check)


def test_a_dry_run_shows_which_packages_alpine_would_build(terminal):
    """With `--python-platform x86_64-unknown-linux-musl`, `uv sync --dry-run --no-build` names a
    package in `uv.lock` that has no wheel for Alpine Linux, which uses musl. `libsass` has a wheel
    for Debian only, and `psycopg-binary` has a wheel for both."""
    check = "uv sync --locked --dry-run --no-build --python-platform x86_64-unknown-linux"
    for package, works in (("psycopg-binary==3.3.1", True), ("libsass==0.23.0", False)):
        terminal.write("pyproject.toml", PROJECT.format(f'"{package}"'))
        terminal.run("uv lock --quiet")
        assert package in terminal.run(f"{check}-gnu")
        if works:
            assert package in terminal.run(f"{check}-musl")
        else:
            assert "has no binary distribution" in terminal.fails(f"{check}-musl")

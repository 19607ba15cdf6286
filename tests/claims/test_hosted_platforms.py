"""Hosted platforms that read uv.lock, and builds for arm64"""

import pytest
from local_packages import write_wheel

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = [{dependencies}]

[dependency-groups]
prod = ["gunicorn==27.0.1", "packaging==26.3"]
dev = ["iniconfig==2.3.0"]

[tool.uv]
package = false
"""
SERVER = '"gunicorn==27.0.1", "packaging==26.3"'
# The server is in the group `prod`, as in the examples.
IN_A_GROUP = PROJECT.format(dependencies='"asgiref==3.11.1"')
IN_DEPENDENCIES = PROJECT.format(dependencies=f'"asgiref==3.11.1", {SERVER}').replace(
    f"prod = [{SERVER}]\n", ""
)
DEFAULT = f'{IN_A_GROUP}default-groups = ["dev", "prod"]\n'
# What the platforms run, from their public sources. docs/hosted-platforms.md links to each file.
HEROKU = "uv sync --locked --no-default-groups"
RAILPACK = (
    "uv sync --locked --no-dev --no-install-project && uv sync --locked --no-dev --no-editable"
)
NIXPACKS = "uvx --quiet uv@0.4.30 sync --no-dev --frozen"
GOOGLE = (
    'VIRTUAL_ENV="$PWD/.venv" uv sync --active --link-mode=copy '
    "--python \"$(python3 --version | cut -d ' ' -f 2)\""
)


def packages(terminal, command):
    """Return the packages that a command installs in a new virtual environment.

    The list leaves out the only dependency of gunicorn.
    """
    terminal.run(f"rm -rf .venv && {command}")
    return [each for each in terminal.installed() if each != "packaging"]


def test_heroku_installs_no_dependency_group(terminal):
    """`uv sync --locked --no-default-groups`, which Heroku's Python buildpacks run, installs no
    dependency group, so a server in the `prod` group is missing, even if `default-groups` names
    this group."""
    terminal.write("pyproject.toml", IN_A_GROUP)
    terminal.run("uv lock")
    assert packages(terminal, HEROKU) == ["asgiref"]
    terminal.write("pyproject.toml", DEFAULT)
    terminal.run("uv lock")
    assert packages(terminal, HEROKU) == ["asgiref"]


def test_railpack_leaves_out_only_the_dev_group(terminal):
    """`uv sync --locked --no-dev`, which Railpack runs, leaves out a server in the `prod` group
    unless `default-groups` names this group."""
    terminal.write("pyproject.toml", IN_A_GROUP)
    terminal.run("uv lock")
    assert packages(terminal, RAILPACK) == ["asgiref"]
    terminal.write("pyproject.toml", DEFAULT)
    terminal.run("uv lock")
    assert packages(terminal, RAILPACK) == ["asgiref", "gunicorn"]


def test_nixpacks_installs_an_out_of_date_lockfile(terminal):
    """`uv sync --no-dev --frozen`, which Nixpacks runs with uv 0.4.30, leaves out a server in the
    `prod` group, and installs an out-of-date lockfile without a warning."""
    terminal.write("pyproject.toml", IN_A_GROUP)
    terminal.run("uv lock")
    assert packages(terminal, NIXPACKS) == ["asgiref"]
    terminal.write("pyproject.toml", IN_DEPENDENCIES)
    assert packages(terminal, NIXPACKS) == ["asgiref"]


def test_google_installs_the_dev_group(terminal):
    """`uv sync --active`, which Google Cloud's buildpacks run without `--no-dev`, installs the
    `dev` group, but not a server in the `prod` group. With `UV_NO_DEV=1`, it leaves out the `dev`
    group."""
    terminal.write("pyproject.toml", IN_A_GROUP)
    terminal.run("uv lock")
    assert packages(terminal, GOOGLE) == ["asgiref", "iniconfig"]
    assert packages(terminal, f"export UV_NO_DEV=1 && {GOOGLE}") == ["asgiref"]


def test_google_updates_an_out_of_date_lockfile(terminal):
    """`uv sync --active`, which Google Cloud's buildpacks run without `--locked`, updates an
    out-of-date lockfile and installs what the lockfile in your repository does not contain. With
    `UV_LOCKED=1`, it fails instead."""
    terminal.write("pyproject.toml", IN_A_GROUP)
    terminal.run("uv lock && cp uv.lock committed.lock")
    terminal.write("pyproject.toml", IN_A_GROUP.replace("asgiref==3.11.1", "sqlparse==0.5.3"))
    assert "needs to be updated" in terminal.fails(f"export UV_LOCKED=1 && {GOOGLE}")
    terminal.run("cmp uv.lock committed.lock")
    terminal.run(GOOGLE)
    assert "sqlparse" in terminal.installed()
    terminal.fails("cmp --quiet uv.lock committed.lock")


@pytest.fixture
def server_in_dependencies(terminal):
    """Write and lock a project whose dependencies contain the server."""
    terminal.write("pyproject.toml", IN_DEPENDENCIES)
    terminal.run("uv lock")


def test_every_platform_installs_a_server_in_the_dependencies(terminal, server_in_dependencies):
    """The commands of Heroku, Railpack, Nixpacks and Google Cloud all install a server that is
    listed under `dependencies`."""
    for command in (HEROKU, RAILPACK, NIXPACKS, GOOGLE):
        assert packages(terminal, command)[:2] == ["asgiref", "gunicorn"]


def test_gunicorn_listens_on_port(terminal, server_in_dependencies):
    """If `PORT` is set, gunicorn listens on this port on all interfaces. `bind` in
    `gunicorn.conf.py` replaces this default, and `--bind` on the command line replaces both."""
    terminal.run("uv sync --quiet --locked --no-dev")
    terminal.write("wsgi.py", "application = print\n")
    show = "PORT=5000 .venv/bin/gunicorn --print-config {}wsgi | grep ^bind"
    assert "['0.0.0.0:5000']" in terminal.run(show.format(""))
    terminal.write("gunicorn.conf.py", 'bind = "0.0.0.0:8000"\n')
    assert "0.0.0.0:8000" in terminal.run(show.format(""))
    assert "['0.0.0.0:4000']" in terminal.run(show.format("--bind 0.0.0.0:4000 "))


ON_ARM = "uv sync --locked --dry-run --python-platform aarch64-manylinux_2_28"
WHEELS = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["prices"]

[tool.uv]
package = false
no-index = true
find-links = ["wheels"]
"""
REQUIRED = f"""\
{WHEELS}\
required-environments = [
    "sys_platform == 'linux' and platform_machine == 'x86_64'",
    "sys_platform == 'linux' and platform_machine == 'aarch64'",
]
"""


def test_the_lockfile_contains_the_wheels_of_every_processor(terminal):
    """`uv lock` writes both the x86-64 and the arm64 wheels of a package to the lockfile, whichever
    processor your machine has, so images for both processors can use one lockfile."""
    terminal.write(
        "pyproject.toml", WHEELS.partition("no-index")[0].replace("prices", "psycopg-binary==3.2.9")
    )
    terminal.run("uv lock")
    for processor in ("x86_64", "aarch64"):
        assert terminal.run(f"grep -o 'cp313-cp313-manylinux.*_{processor}.whl' uv.lock")
        platform = f"{processor}-manylinux_2_28"
        # Without the cache, uv always prints that it would download the wheel.
        install = f"uv sync --locked --dry-run --no-cache --python-platform {platform}"
        assert "psycopg-binary==3.2.9" in terminal.run(install)


def test_a_package_without_an_arm64_wheel_fails_only_in_the_arm64_build(terminal):
    """`uv lock` accepts a package that has a wheel for x86-64 but neither a wheel for arm64 nor a
    source distribution. `uv sync` fails only on arm64."""
    write_wheel(terminal.folder / "wheels", "prices", platform="manylinux_2_28_x86_64")
    terminal.write("pyproject.toml", WHEELS)
    terminal.run("uv lock")
    terminal.run(ON_ARM.replace("aarch64", "x86_64"))
    output = terminal.fails(ON_ARM)
    assert "only has wheels for the following platform: `manylinux_2_28_x86_64`" in output


def test_required_environments_make_uv_lock_demand_an_arm64_wheel(terminal):
    """If `required-environments` names Linux on arm64, `uv lock` fails if a package has neither an
    arm64 wheel nor a source distribution. If an older version of the package has an arm64 wheel, uv
    locks that version for arm64."""
    write_wheel(terminal.folder / "wheels", "prices", "2.0.0", platform="manylinux_2_28_x86_64")
    terminal.write("pyproject.toml", REQUIRED)
    assert "prices==2.0.0 has no" in terminal.fails("uv lock")
    for processor in ("x86_64", "aarch64"):
        platform = f"manylinux_2_28_{processor}"
        write_wheel(terminal.folder / "wheels", "prices", "1.0.0", platform=platform)
    terminal.run("uv lock")
    assert "prices==1.0.0" in terminal.run(ON_ARM)
    terminal.run("grep -A1 'name = \"prices\"' uv.lock")

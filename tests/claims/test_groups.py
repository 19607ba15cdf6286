"""Dependency groups and extras"""

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["watchdog==6.0.0"]
test = ["coverage==7.11.0"]
lint = ["ruff==0.14.5"]
prod = ["waitress==3.0.2"]
"""
DEFAULT_GROUPS = f"""{PROJECT}
[tool.uv]
default-groups = ["dev", "test"]
"""
EXTRAS = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[project.optional-dependencies]
mysql = ["pymysql==1.1.2"]
static = ["whitenoise==6.11.0"]

[dependency-groups]
dev = ["watchdog==6.0.0"]
prod = ["waitress==3.0.2"]
"""
PACKAGED = f"""{EXTRAS}
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
POETRY = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"
asgiref = "3.11.1"

[tool.poetry.group.dev.dependencies]
watchdog = "6.0.0"

[tool.poetry.group.test.dependencies]
coverage = "7.11.0"
"""


def test_uv_sync_installs_the_dev_group_unasked(terminal):
    """By default, `uv sync` installs the project's dependencies and the `dev` group, but no other
    groups."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.installed() == ["asgiref", "watchdog"]


def test_no_dev_installs_tools_among_the_dependencies(terminal):
    """`uv sync --no-dev` leaves out the `dev` group, but it installs a tool for development that
    `project.dependencies` lists."""
    terminal.write("pyproject.toml", PROJECT.replace('["asgiref', '["ruff==0.14.5", "asgiref'))
    terminal.run("uv sync --no-dev")
    assert terminal.installed() == ["asgiref", "ruff"]


def test_no_dev_brings_no_server_from_the_group_prod(terminal):
    """`uv sync --no-dev` leaves out the `dev` group but does not add any other group. If your
    application server is in a `prod` group, `uv sync --no-dev` therefore does not install it."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --no-dev")
    assert terminal.installed() == ["asgiref"]


def test_no_dev_with_group_prod_is_for_production(terminal):
    """`uv sync --no-dev --group prod` installs the project's dependencies and the `prod` group, but
    not the `dev` group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --no-dev --group prod")
    assert terminal.installed() == ["asgiref", "waitress"]


def test_group_adds_to_the_project_and_its_default_groups(terminal):
    """`uv sync --group lint` installs the `lint` group in addition to the packages that `uv sync`
    installs by default: the project's dependencies and the `dev` group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --group lint")
    assert terminal.installed() == ["asgiref", "ruff", "watchdog"]


def test_only_group_installs_that_group_alone(terminal):
    """`uv sync --only-group lint` installs only the `lint` group, without the project's
    dependencies or the `dev` group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --only-group lint")
    assert terminal.installed() == ["ruff"]


def test_only_group_does_not_need_the_code(terminal):
    """`uv sync --only-group` does not build the project, so it works even when a plain `uv sync`
    would fail because the project's code is missing."""
    terminal.write("pyproject.toml", PACKAGED)
    assert "Failed to build `shop" in terminal.fails("uv sync")
    terminal.run("uv sync --only-group prod")
    assert terminal.installed() == ["waitress"]


def test_only_dev_installs_the_dev_group_alone(terminal):
    """`uv sync --only-dev` installs only the `dev` group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --only-dev")
    assert terminal.installed() == ["watchdog"]


def test_all_groups_adds_every_group_and_no_extra(terminal):
    """`uv sync --all-groups` installs the project's dependencies and every group, but no extras."""
    terminal.write("pyproject.toml", EXTRAS)
    terminal.run("uv sync --all-groups")
    assert terminal.installed() == ["asgiref", "waitress", "watchdog"]


def test_leaving_a_group_out_wins(terminal):
    """If one `uv sync` flag includes a group and another flag excludes it, uv does not install the
    group, regardless of the order of the flags."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --group lint --no-group lint")
    assert terminal.installed() == ["asgiref", "watchdog"]
    terminal.run("uv sync --no-group lint --group lint")
    assert terminal.installed() == ["asgiref", "watchdog"]
    terminal.run("uv sync --no-group lint --all-groups")
    assert terminal.installed() == ["asgiref", "coverage", "waitress", "watchdog"]


def test_default_groups_takes_the_place_of_dev(terminal):
    """If you set `default-groups`, your list replaces uv's built-in default, which is the `dev`
    group. A plain `uv sync` then installs the `dev` group only if your list includes it."""
    terminal.write("pyproject.toml", f'{PROJECT}\n[tool.uv]\ndefault-groups = ["test"]\n')
    terminal.run("uv sync")
    assert terminal.installed() == ["asgiref", "coverage"]


def test_no_dev_leaves_the_other_default_groups(terminal):
    """`uv sync --no-dev` leaves out the `dev` group but still installs the other default groups. To
    leave out another default group, pass its name to `--no-group`."""
    terminal.write("pyproject.toml", DEFAULT_GROUPS)
    terminal.run("uv sync --no-dev")
    assert terminal.installed() == ["asgiref", "coverage"]
    terminal.run("uv sync --no-group test")
    assert terminal.installed() == ["asgiref", "watchdog"]


def test_no_default_groups_drops_them_all(terminal):
    """`uv sync --no-default-groups` excludes all default groups, except those that you add back
    with `--group`."""
    terminal.write("pyproject.toml", DEFAULT_GROUPS)
    terminal.run("uv sync --no-default-groups")
    assert terminal.installed() == ["asgiref"]
    terminal.run("uv sync --no-default-groups --group prod --group test")
    assert terminal.installed() == ["asgiref", "coverage", "waitress"]


def test_include_group_puts_one_group_into_another(terminal):
    """When you install a dependency group, uv also installs the groups named in its `include-group`
    entries."""
    group = 'ci = [{ include-group = "test" }, { include-group = "lint" }, "iniconfig==2.3.0"]'
    terminal.write("pyproject.toml", f"{PROJECT}{group}\n")
    terminal.run("uv sync --only-group ci")
    assert terminal.installed() == ["coverage", "iniconfig", "ruff"]


def test_extra_adds_one_extra_and_leaves_the_dev_group_in(terminal):
    """By default, `uv sync` installs no extras. `uv sync --extra static` installs the `static`
    extra in addition to the project's dependencies and the `dev` group."""
    terminal.write("pyproject.toml", EXTRAS)
    terminal.run("uv sync")
    assert terminal.installed() == ["asgiref", "watchdog"]
    terminal.run("uv sync --extra static")
    assert terminal.installed() == ["asgiref", "watchdog", "whitenoise"]


def test_no_dev_with_an_extra_is_for_production(terminal):
    """`uv sync --no-dev --extra static` installs the project's dependencies and the `static` extra,
    but not the `dev` group."""
    terminal.write("pyproject.toml", EXTRAS)
    terminal.run("uv sync --no-dev --extra static")
    assert terminal.installed() == ["asgiref", "whitenoise"]


def test_all_extras_leaves_the_dev_group_in_and_adds_no_group(terminal):
    """`uv sync --all-extras` is not suitable for production. It installs every extra, but it also
    installs the `dev` group and leaves out the `prod` group."""
    terminal.write("pyproject.toml", EXTRAS)
    terminal.run("uv sync --all-extras")
    assert terminal.installed() == ["asgiref", "pymysql", "watchdog", "whitenoise"]


def test_there_is_no_only_extra(terminal):
    """`uv sync` has no `--only-extra` option."""
    terminal.write("pyproject.toml", EXTRAS)
    assert "unexpected argument" in terminal.fails("uv sync --only-extra static")


def test_uv_sync_removes_a_group_that_is_no_longer_asked_for(terminal):
    """If you installed a dependency group earlier, the next `uv sync` removes the group's packages
    unless you select the group again."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --group lint")
    terminal.run("uv sync --no-dev --group prod")
    assert terminal.installed() == ["asgiref", "waitress"]


def test_uv_run_installs_what_only_group_left_out(terminal):
    """After `uv sync --only-group lint`, a plain `uv run` installs the project's dependencies and
    the `dev` group before it runs the command."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --only-group lint")
    terminal.run("uv run ruff --version")
    assert terminal.installed() == ["asgiref", "ruff", "watchdog"]


def test_uv_run_installs_what_no_dev_left_out(terminal):
    """After `uv sync --no-dev`, `uv run` installs the `dev` group before it runs the command, even
    with `--frozen`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --no-dev")
    terminal.run("uv run python --version")
    assert terminal.installed() == ["asgiref", "watchdog"]
    terminal.run("uv sync --no-dev")
    terminal.run("uv run --frozen python --version")
    assert terminal.installed() == ["asgiref", "watchdog"]


def test_uv_run_without_sync_installs_nothing(terminal):
    """With `--no-sync` or `UV_NO_SYNC=1`, `uv run` does not install anything."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync --only-group lint")
    terminal.run("uv run --no-sync ruff --version")
    assert terminal.installed() == ["ruff"]
    terminal.run("UV_NO_SYNC=1 uv run ruff --version")
    assert terminal.installed() == ["ruff"]


def test_uv_run_only_group_runs_a_linter_alone(terminal):
    """`uv run --only-group lint` installs only the `lint` group and then runs the command."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv run --only-group lint ruff --version")
    assert terminal.installed() == ["ruff"]


def test_uv_no_dev_drops_dev_alone_for_sync_and_run(terminal):
    """With `UV_NO_DEV=1`, `uv sync` leaves out the `dev` group but installs the other default
    groups. If `UV_NO_DEV=1` is still set, a later `uv run` does not add the `dev` group."""
    terminal.write("pyproject.toml", DEFAULT_GROUPS)
    terminal.run("UV_NO_DEV=1 uv sync")
    assert terminal.installed() == ["asgiref", "coverage"]
    terminal.run("UV_NO_DEV=1 uv run python --version")
    assert terminal.installed() == ["asgiref", "coverage"]


def test_under_uv_no_dev_the_flag_group_dev_adds_nothing(terminal):
    """With `UV_NO_DEV=1`, `uv sync --group dev` silently leaves out the `dev` group, but `uv sync
    --dev` installs it."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_NO_DEV=1 uv sync --group dev")
    assert terminal.installed() == ["asgiref"]
    terminal.run("UV_NO_DEV=1 uv sync --dev")
    assert terminal.installed() == ["asgiref", "watchdog"]


def test_under_uv_no_default_groups_the_flag_group_dev_adds_it(terminal):
    """With `UV_NO_DEFAULT_GROUPS=1`, `uv sync --group dev` installs the `dev` group, but no other
    default groups."""
    terminal.write("pyproject.toml", DEFAULT_GROUPS)
    terminal.run("UV_NO_DEFAULT_GROUPS=1 uv sync --group dev")
    assert terminal.installed() == ["asgiref", "watchdog"]


def test_uv_no_default_groups_drops_them_all_for_sync_and_run(terminal):
    """With `UV_NO_DEFAULT_GROUPS=1`, `uv sync` and `uv run` leave out all default groups."""
    terminal.write("pyproject.toml", DEFAULT_GROUPS)
    terminal.run("UV_NO_DEFAULT_GROUPS=1 uv sync")
    assert terminal.installed() == ["asgiref"]
    terminal.run("UV_NO_DEFAULT_GROUPS=1 uv run python --version")
    assert terminal.installed() == ["asgiref"]


def test_a_wheel_names_extras_and_no_groups(terminal):
    """A wheel's metadata lists the project's extras but not its dependency groups."""
    terminal.write("pyproject.toml", PACKAGED)
    terminal.write("src/shop/__init__.py", "")
    terminal.run("uv build --wheel")
    terminal.run("python3 -m zipfile -e dist/shop-1.0.0-py3-none-any.whl wheel")
    metadata = terminal.run("cat wheel/shop-1.0.0.dist-info/METADATA")
    assert "Provides-Extra: static" in metadata
    assert "whitenoise" in metadata
    assert "waitress" not in metadata
    assert "watchdog" not in metadata


def test_migrate_to_uv_makes_every_group_a_default_group(terminal):
    """For a Poetry project without optional groups, migrate-to-uv 0.12.0 sets `default-groups =
    "all"`. As a result, `uv sync --no-dev` still installs a group such as `test`, but `uv sync
    --no-default-groups` does not."""
    terminal.write("pyproject.toml", POETRY)
    terminal.run("uvx --quiet migrate-to-uv@0.12.0")
    assert 'default-groups = "all"' in terminal.run("cat pyproject.toml")
    terminal.run("uv sync --no-dev")
    assert terminal.installed() == ["asgiref", "coverage"]
    terminal.run("uv sync --no-default-groups")
    assert terminal.installed() == ["asgiref"]


def test_tool_uv_dev_dependencies_is_deprecated(terminal):
    """uv still installs the packages listed under `dev-dependencies` in `[tool.uv]`, but warns that
    this field is deprecated and tells you to use the `dev` group."""
    terminal.write(
        "pyproject.toml",
        """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"

[tool.uv]
dev-dependencies = ["iniconfig==2.3.0"]
""",
    )
    output = terminal.run("uv sync")
    assert "is deprecated" in output
    assert "iniconfig==2.3.0" in output

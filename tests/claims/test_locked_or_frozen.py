"""Lockfiles: --locked, --frozen or neither flag"""

import pytest

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]

[tool.ruff]
line-length = 88
"""
NEW_DEPENDENCY = PROJECT.replace('"asgiref==3.11.1"', '"asgiref==3.11.1", "sqlparse==0.5.5"')
OTHER_BOUND = PROJECT.replace("asgiref==3.11.1", "asgiref==3.10.0")
WIDER_BOUND = PROJECT.replace("asgiref==3.11.1", "asgiref>=3.11,<3.12")
OTHER_VERSION = PROJECT.replace('version = "1.0.0"', 'version = "1.0.1"')
OTHER_SETTING = PROJECT.replace("88", "100")
OTHER_PYTHON = PROJECT.replace(">=3.11", ">=3.10")


def locked(terminal):
    """Write a project and its lockfile, which is up to date."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")


def test_frozen_does_not_see_a_new_dependency(terminal):
    """`uv sync --frozen` installs what the lockfile lists and leaves the lockfile unchanged. If you
    add a dependency to `pyproject.toml` without re-locking, the command silently skips it."""
    locked(terminal)
    terminal.run("cp uv.lock before.lock")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("uv sync --frozen --no-dev")
    assert terminal.installed() == ["asgiref"]
    assert terminal.run("cmp uv.lock before.lock") == ""


def test_locked_fails_on_a_new_dependency(terminal):
    """`uv sync --locked` fails if `pyproject.toml` lists a dependency that is missing from the
    lockfile."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("uv sync --locked")


def test_locked_installs_nothing_before_it_fails(terminal):
    """If the lockfile is out of date, `uv sync --locked` fails without installing anything."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("uv sync --locked")
    assert terminal.installed() == []


def test_with_neither_uv_sync_locks_again(terminal):
    """Without `--locked` or `--frozen`, `uv sync` updates an out-of-date lockfile and then installs
    from it."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("uv sync --no-dev")
    assert terminal.installed() == ["asgiref", "sqlparse"]
    assert "sqlparse" in terminal.run("grep '^name' uv.lock")


def test_with_neither_uv_sync_locks_again_after_each_such_change(terminal):
    """Without `--locked` or `--frozen`, `uv sync` re-locks if you have changed a version
    constraint, the project's version or `requires-python`."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.run("uv sync")
    assert "3.10.0" in terminal.run("grep -A1 'name = \"asgiref\"' uv.lock")
    terminal.write("pyproject.toml", OTHER_VERSION)
    terminal.run("uv sync")
    assert "1.0.1" in terminal.run("grep -A1 'name = \"shop\"' uv.lock")
    terminal.write("pyproject.toml", OTHER_PYTHON)
    terminal.run("uv sync")
    assert ">=3.10" in terminal.run("grep ^requires-python uv.lock")


def test_with_neither_uv_sync_makes_a_lockfile(terminal):
    """Without `--locked` or `--frozen`, `uv sync` creates `uv.lock` if it does not exist."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv sync")
    assert terminal.run("ls") == "pyproject.toml\nuv.lock"


def test_frozen_keeps_a_version_that_is_no_longer_allowed(terminal):
    """`uv sync --frozen` installs the locked version of a dependency even if `pyproject.toml` no
    longer allows that version."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.run("uv sync --frozen --no-dev")
    assert terminal.run("uv pip freeze") == "asgiref==3.11.1"


def test_locked_fails_on_a_changed_bound(terminal):
    """`uv sync --locked` fails if you change a version constraint in `pyproject.toml` without
    re-locking."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.fails("uv sync --locked")


def test_locked_fails_although_the_locked_version_would_do(terminal):
    """If you change a version constraint without re-locking, `uv sync --locked` fails even if the
    locked version satisfies the new constraint, because the lockfile stores the constraints as well
    as the versions."""
    locked(terminal)
    terminal.write("pyproject.toml", WIDER_BOUND)
    terminal.fails("uv sync --locked")


def test_locked_fails_when_only_the_version_changed(terminal):
    """Changing the project's own version in `pyproject.toml` without re-locking is enough to make
    `uv sync --locked` fail, because the lockfile stores that version."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_VERSION)
    terminal.fails("uv sync --locked")
    assert '"1.0.0"' in terminal.run("grep -A1 'name = \"shop\"' uv.lock")


def test_frozen_takes_a_changed_version(terminal):
    """`uv sync --frozen` ignores a project version that differs from the version in the
    lockfile."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_VERSION)
    assert "Installed 2 packages" in terminal.run("uv sync --frozen")


def test_locked_takes_other_tool_settings(terminal):
    """Changing a `[tool.ruff]` setting does not make the lockfile out of date. `uv sync` succeeds
    with `--locked`, with `--frozen` and without these flags."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_SETTING)
    assert "Installed 2 packages" in terminal.run("uv sync --locked")
    assert "Installed" not in terminal.run("uv sync --frozen")
    assert "Installed" not in terminal.run("uv sync")


def test_locked_fails_on_another_requires_python(terminal):
    """`uv sync --locked` fails if `requires-python` in `pyproject.toml` differs from the value in
    the lockfile."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_PYTHON)
    terminal.fails("uv sync --locked")


def test_frozen_looks_at_the_python_alone(terminal):
    """Even if `requires-python` in `pyproject.toml` differs from the value in the lockfile, `uv
    sync --frozen` succeeds as long as an available Python version satisfies the value in
    `pyproject.toml`. Otherwise, it fails."""
    locked(terminal)
    terminal.write("pyproject.toml", OTHER_PYTHON)
    terminal.run("uv sync --frozen")
    terminal.write("pyproject.toml", PROJECT.replace(">=3.11", ">=3.99"))
    terminal.fails("uv sync --frozen")


def test_locked_fails_on_a_dependency_in_a_group_that_is_not_installed(terminal):
    """Because `--locked` checks the whole lockfile, `uv sync --locked --no-dev` fails if you change
    the `dev` group without re-locking, even though it does not install that group."""
    locked(terminal)
    terminal.write("pyproject.toml", PROJECT.replace("iniconfig==2.3.0", "iniconfig==2.1.0"))
    terminal.fails("uv sync --locked --no-dev")


def test_without_a_lockfile_both_flags_fail(terminal):
    """`uv sync --locked` and `uv sync --frozen` both fail if there is no `uv.lock`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.fails("uv sync --locked")
    terminal.fails("uv sync --frozen")


def test_lock_check_asks_what_locked_asks(terminal):
    """Like `uv sync --locked`, `uv lock --check` fails if the lockfile is out of date, but it does
    not install anything."""
    locked(terminal)
    terminal.run("uv lock --check")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("uv lock --check")
    assert ".venv" not in terminal.run("ls -A")
    terminal.fails("uv sync --locked")


def test_uv_run_locks_again(terminal):
    """Without `--locked` or `--frozen`, `uv run` updates an out-of-date lockfile before it starts
    the program."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("uv run python -c 'import sqlparse'")
    assert "sqlparse" in terminal.run("grep '^name' uv.lock")


def test_uv_run_frozen_runs_without_the_new_dependency(terminal):
    """If a new dependency is missing from the lockfile, `uv run --frozen` still starts the program,
    which then fails when it imports that dependency."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    output = terminal.fails("uv run --frozen python -c 'import sqlparse'")
    assert "ModuleNotFoundError" in output


def test_uv_run_locked_fails_before_the_program_starts(terminal):
    """`uv run --locked` does not start the program if the lockfile is out of date."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    assert "started" not in terminal.fails("uv run --locked python -c 'print(\"started\")'")


def test_uv_run_locked_still_installs(terminal):
    """`uv run --locked` installs missing packages before it starts the program, but `uv run
    --no-sync` does not."""
    locked(terminal)
    terminal.run("uv sync --locked --no-dev")
    terminal.fails("uv run --no-sync python -c 'import iniconfig'")
    terminal.run("uv run --locked python -c 'import iniconfig'")
    assert terminal.installed() == ["asgiref", "iniconfig"]


def test_uv_locked_is_the_flag_as_a_variable(terminal):
    """With `UV_LOCKED=1`, `uv sync` fails if the lockfile is out of date, just as with
    `--locked`."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("UV_LOCKED=1 uv sync")


def test_uv_frozen_is_the_flag_as_a_variable(terminal):
    """With `UV_FROZEN=1`, `uv sync` silently skips a dependency that is missing from the lockfile,
    just as with `--frozen`."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("UV_FROZEN=1 uv sync --no-dev")
    assert terminal.installed() == ["asgiref"]


def test_the_flag_locked_wins_over_the_variable_uv_frozen(terminal):
    """`uv sync --locked` checks the lockfile even if `UV_FROZEN=1` is set."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("UV_FROZEN=1 uv sync --locked")


def test_lock_check_ignores_uv_frozen(terminal):
    """`uv lock --check` fails if the lockfile is out of date, even if `UV_FROZEN=1` is set."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.fails("UV_FROZEN=1 uv lock --check")


@pytest.mark.until("0.12.8", replaced_by="lock-check-ignores-uv-frozen")
def test_with_uv_frozen_lock_check_did_not_check(terminal):
    """With `UV_FROZEN=1`, `uv lock --check` only printed a warning if the lockfile was out of
    date."""
    locked(terminal)
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    assert "up-to-date" in terminal.run("UV_FROZEN=1 uv lock --check")


def test_uv_lock_updates_nothing_under_uv_frozen(terminal):
    """With `UV_FROZEN=1`, `uv lock` succeeds even if the lockfile is out of date, but does not
    update it."""
    locked(terminal)
    terminal.run("cp uv.lock before.lock")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("UV_FROZEN=1 uv lock")
    assert terminal.run("cmp uv.lock before.lock") == ""


def test_both_variables_at_once_are_an_error(terminal):
    """`uv sync` fails if both `UV_LOCKED=1` and `UV_FROZEN=1` are set."""
    locked(terminal)
    terminal.fails("UV_LOCKED=1 UV_FROZEN=1 uv sync")


def test_a_wrong_hash_in_the_lockfile_is_refused(terminal):
    """`uv sync` checks downloaded packages against the hashes in the lockfile, both with `--locked`
    and with `--frozen`."""
    locked(terminal)
    terminal.run("sed -i -E 's/sha256:[0-9a-f]{4}/sha256:0000/' uv.lock")
    terminal.fails("uv sync --locked --no-dev --no-cache")
    terminal.fails("uv sync --frozen --no-dev --no-cache")


DYNAMIC = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dynamic = ["dependencies"]

[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
packages = []

[tool.setuptools.dynamic]
dependencies = { file = "requirements.txt" }
"""
WITH_CACHE_KEYS = f"""{DYNAMIC}
[tool.uv]
cache-keys = [{{ file = "pyproject.toml" }}, {{ file = "requirements.txt" }}]
"""


def test_lock_check_takes_dynamic_dependencies_from_the_cache(terminal):
    """If setuptools reads the dependencies from `requirements.txt`, `uv lock --check` and `uv sync
    --locked` miss an edit to that file as long as uv's cache holds the old metadata. `uv lock
    --check --no-cache` notices the edit and fails."""
    terminal.write("pyproject.toml", DYNAMIC)
    terminal.write("requirements.txt", "asgiref==3.11.1\n")
    terminal.run("uv lock")
    terminal.write("requirements.txt", "asgiref==3.11.1\nsqlparse==0.5.5\n")
    terminal.run("uv lock --check")
    terminal.run("uv sync --locked --no-install-project")
    assert terminal.installed() == ["asgiref"]
    terminal.fails("uv lock --check --no-cache")


def test_cache_keys_make_lock_check_see_dynamic_dependencies(terminal):
    """If setuptools reads the dependencies from `requirements.txt`, list that file in `cache-keys`
    under `[tool.uv]`. `uv lock --check` then fails if you edit the file without re-locking."""
    terminal.write("pyproject.toml", WITH_CACHE_KEYS)
    terminal.write("requirements.txt", "asgiref==3.11.1\n")
    terminal.run("uv lock")
    terminal.write("requirements.txt", "asgiref==3.11.1\nsqlparse==0.5.5\n")
    terminal.fails("uv lock --check")


def test_a_date_in_ones_own_settings_ends_up_in_the_lockfile(terminal):
    """If a developer's personal `uv.toml` sets `exclude-newer` to a date, uv writes that date to
    the lockfile. After the setting is removed, `uv sync --locked` fails."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.write("~/.config/uv/uv.toml", 'exclude-newer = "2026-06-01T00:00:00Z"\n')
    terminal.run("uv lock")
    assert "exclude-newer" in terminal.run("grep exclude-newer uv.lock")
    terminal.run("rm ~/.config/uv/uv.toml")
    terminal.fails("uv sync --locked")


def test_a_date_in_a_variable_ends_up_in_the_lockfile(terminal):
    """uv writes the date from `UV_EXCLUDE_NEWER` to the lockfile. `uv sync --locked` then fails
    unless that variable is set."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("UV_EXCLUDE_NEWER=2026-06-01T00:00:00Z uv lock")
    assert "exclude-newer" in terminal.run("grep exclude-newer uv.lock")
    terminal.fails("uv sync --locked")
    terminal.run("UV_EXCLUDE_NEWER=2026-06-01T00:00:00Z uv sync --locked")


def test_a_date_in_pyproject_toml_is_there_for_everyone(terminal):
    """If you set `exclude-newer` under `[tool.uv]` in `pyproject.toml`, `uv sync --locked` accepts
    the lockfile, because the setting is part of the project."""
    dated = PROJECT + '\n[tool.uv]\nexclude-newer = "2026-06-01T00:00:00Z"\n'
    terminal.write("pyproject.toml", dated)
    terminal.run("uv lock")
    assert "Installed 2 packages" in terminal.run("uv sync --locked")


def test_exclude_newer_accepts_a_number_of_days(terminal):
    """With `exclude-newer = "7 days"`, uv writes the number of days to the lockfile
    (`exclude-newer-span`), and `uv sync --locked` accepts that lockfile."""
    terminal.write("pyproject.toml", f'{PROJECT}\n[tool.uv]\nexclude-newer = "7 days"\n')
    terminal.run("uv lock")
    assert '"P7D"' in terminal.run("grep exclude-newer-span uv.lock")
    terminal.run("uv sync --locked")


def test_a_version_bump_by_hand_needs_a_new_lockfile(terminal):
    """After any change to the project's version in `pyproject.toml`, whether by hand or by a
    release bot, run `uv lock`. Otherwise, the next `uv sync --locked` fails."""
    locked(terminal)
    terminal.run('sed -i \'s/version = "1.0.0"/version = "1.1.0"/\' pyproject.toml')
    terminal.fails("uv sync --locked")
    terminal.run("uv lock")
    terminal.run("uv sync --locked")


def test_uv_add_without_sync_changes_two_files(terminal):
    """`uv add --no-sync` updates `pyproject.toml` and `uv.lock` without creating a virtual
    environment."""
    locked(terminal)
    terminal.run("uv add --no-sync sqlparse==0.5.5")
    assert "sqlparse" in terminal.run("grep sqlparse pyproject.toml")
    terminal.run("uv lock --check")
    assert ".venv" not in terminal.run("ls -A")

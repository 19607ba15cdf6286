"""One uv version: `required-version`, lockfile formats, `.python-version` and the uv-lock hook"""

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]
"""
OTHER_BOUND = PROJECT.replace("3.11.1", "3.10.0")
THIRD_BOUND = PROJECT.replace("3.11.1", "3.9.0")


def requiring(version):
    """Return the project with a required version of uv."""
    return f'{PROJECT}\n[tool.uv]\nrequired-version = "{version}"\n'


def test_uv_stops_if_required_version_does_not_match(terminal):
    """If the running uv does not match `required-version` in `pyproject.toml`, commands such as
    `uv sync --locked` and `uv run` fail before they do anything."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", requiring(">=0.10"))
    message = "Required uv version `>=0.10` does not match the running version"
    assert message in terminal.fails("uvx --quiet uv@0.9.30 sync --locked")
    assert message in terminal.fails("uvx --quiet uv@0.9.30 run python --version")
    assert terminal.run("ls -A") == "pyproject.toml\nuv.lock"


def test_required_version_is_not_in_the_lockfile(terminal):
    """Adding `required-version` to `pyproject.toml` does not make the lockfile out of date."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", requiring(">=0.4"))
    assert "Resolved 2 packages" in terminal.run("uv lock --check")


def test_uvx_runs_the_release_that_a_project_requires(terminal):
    """If your uv does not match `required-version`, you can still run a command with the release
    that the project requires: `uvx uv@VERSION` downloads that release and starts it."""
    terminal.write("pyproject.toml", requiring("==0.12.17"))
    terminal.fails("uv lock")
    terminal.run("uvx --quiet uv@0.12.17 lock")
    assert "uv.lock" in terminal.run("ls")


def test_uv_no_config_ignores_required_version(terminal):
    """With `UV_NO_CONFIG=1`, uv ignores `required-version`."""
    terminal.write("pyproject.toml", requiring(">=99"))
    terminal.fails("uv lock")
    terminal.run("UV_NO_CONFIG=1 uv lock")


def test_an_older_uv_accepts_a_newer_lockfile(terminal):
    """Older uv releases accept the lockfile that a newer release wrote for a simple project, and
    `uv lock` leaves the file unchanged."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock && cp uv.lock before.lock")
    for version in ("0.5.31", "0.9.30", "0.12.17"):
        terminal.run(f"uvx --quiet uv@{version} lock --check")
        terminal.run(f"uvx --quiet uv@{version} lock")
        assert terminal.run("cmp uv.lock before.lock") == ""


def test_an_older_uv_writes_an_older_lockfile_revision(terminal):
    """If an older uv updates the lockfile, it writes the whole file in its own, older revision of
    the format. uv 0.5.31 even removes the time at which each file was uploaded."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    assert terminal.run("grep ^revision uv.lock") != "revision = 3"
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.run("uvx --quiet uv@0.9.30 lock")
    assert terminal.run("grep ^revision uv.lock") == "revision = 3"
    terminal.run("grep -q upload-time uv.lock")
    terminal.write("pyproject.toml", THIRD_BOUND)
    terminal.run("uvx --quiet uv@0.5.31 lock")
    terminal.fails("grep upload-time uv.lock")


def test_a_newer_uv_changes_the_revision_only_when_it_updates_the_lockfile(terminal):
    """A newer uv accepts a lockfile with an older revision and leaves it unchanged. Only when a
    dependency changes does `uv lock` write the newer revision."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uvx --quiet uv@0.9.30 lock && cp uv.lock before.lock")
    terminal.run("uv lock --check")
    terminal.run("uv lock")
    assert terminal.run("cmp uv.lock before.lock") == ""
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.run("uv lock")
    old, new = terminal.run("grep -h ^revision before.lock uv.lock").splitlines()
    assert old != new


def test_an_older_uv_cannot_read_every_setting(terminal):
    """If `exclude-newer` in `pyproject.toml` is a number of days, `uv lock --check` fails with uv
    0.9.16 or older, because these releases ignore the `[tool.uv]` table that they cannot read."""
    terminal.write("pyproject.toml", f'{PROJECT}\n[tool.uv]\nexclude-newer = "7 days"\n')
    terminal.run("uv lock")
    terminal.run("uvx --quiet uv@0.9.17 lock --check")
    assert "needs to be updated" in terminal.fails("uvx --quiet uv@0.9.16 lock --check")


DYNAMIC = """\
[project]
name = "shop"
dynamic = ["version"]
requires-python = ">=3.11"

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools.dynamic]
version = { attr = "shop.__version__" }
"""


def test_a_very_old_uv_needs_a_version_in_the_lockfile(terminal):
    """If the project's version is dynamic, the lockfile does not contain it. uv 0.5.14 cannot read
    such a lockfile and fails with "missing field `version`"."""
    terminal.write("pyproject.toml", DYNAMIC)
    terminal.write("shop/__init__.py", '__version__ = "1.0.0"\n')
    terminal.run("uv lock")
    assert "missing field `version`" in terminal.fails("uvx --quiet uv@0.5.14 sync --frozen")


def test_uv_rejects_an_unknown_lockfile_version(terminal):
    """uv fails if the `version` of the lockfile's format is not the one it knows, but accepts a
    `revision` that it does not know."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("sed -i '/^revision/d; s/^version = 1$/version = 1\\nrevision = 99/' uv.lock")
    terminal.run("uv lock --check")
    terminal.run("sed -i 's/^version = 1$/version = 2/' uv.lock")
    assert "uses an unsupported schema version" in terminal.fails("uv lock --check")
    terminal.fails("uv sync --frozen")


def test_a_python_version_file_that_arrives_later_stops_uv(terminal):
    """If `.python-version` names a Python version that is not installed, and uv must not download
    it, `uv sync` fails, even if an earlier `uv sync` without this file has created the virtual
    environment."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("UV_PYTHON_DOWNLOADS=never uv sync --locked")
    terminal.write(".python-version", "3.99\n")
    terminal.fails("UV_PYTHON_DOWNLOADS=never uv sync --locked")


def test_uv_python_wins_over_the_python_version_file(terminal):
    """`UV_PYTHON` overrides `.python-version`, and `--python` overrides both."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.write(".python-version", "3.99\n")
    assert "3.99" in terminal.fails("uv sync")
    terminal.run("UV_PYTHON=3 uv sync")
    terminal.run("rm -r .venv")
    assert "3.98" in terminal.fails("UV_PYTHON=3.98 uv sync")
    terminal.run("UV_PYTHON=3.98 uv sync --python 3")


def test_a_python_version_file_outside_requires_python_is_an_error(terminal):
    """If `.python-version` names a Python version that `requires-python` does not allow, `uv sync`
    fails."""
    terminal.write("pyproject.toml", PROJECT.replace(">=3.11", ">=3.99"))
    terminal.write(".python-version", "3\n")
    assert "incompatible" in terminal.fails("uv sync")


UV_BUILD = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build"]
build-backend = "uv_build"
"""


def test_uv_builds_the_project_itself_if_uv_build_allows_it(terminal):
    """If the constraint on `uv_build` allows the running uv, uv builds the project without
    downloading anything. Otherwise, it has to download `uv_build`."""
    terminal.write("pyproject.toml", UV_BUILD)
    terminal.write("src/shop/__init__.py", "")
    terminal.run("uv sync --offline --no-cache")
    terminal.write("pyproject.toml", UV_BUILD.replace('"uv_build"]', '"uv_build<0.6"]'))
    terminal.run("rm -r .venv")
    assert "uv-build" in terminal.fails("uv sync --offline --no-cache")


HOOK = """\
repos:
  - repo: local
    hooks:
      - id: uv-lock
        name: uv-lock
        entry: uv lock
        language: python
        additional_dependencies: [uv==0.12.17]
        files: ^(uv\\.lock|pyproject\\.toml|uv\\.toml)$
        pass_filenames: false
"""


def test_the_uv_lock_hook_runs_its_own_uv(terminal):
    """If you commit a change to `pyproject.toml` without re-locking, the `uv-lock` hook updates
    `uv.lock` and stops the commit. pre-commit installs a separate uv for the hook, which fails if
    its version does not match `required-version`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.write(".pre-commit-config.yaml", HOOK)
    terminal.run("uvx --quiet uv@0.12.17 lock")
    terminal.write("pyproject.toml", OTHER_BOUND)
    terminal.run("git init --quiet && git add .")
    assert "files were modified" in terminal.fails("uvx --quiet pre-commit@4.7.0 run")
    assert "3.10.0" in terminal.run("grep -A1 'name = \"asgiref\"' uv.lock")
    terminal.run("git add uv.lock && uvx --quiet pre-commit@4.7.0 run")
    terminal.write("pyproject.toml", requiring("!=0.12.17"))
    terminal.run("git add pyproject.toml")
    output = terminal.fails("uvx --quiet pre-commit@4.7.0 run")
    assert "does not match the running version `0.12.17`" in output

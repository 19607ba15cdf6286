"""Moving from Poetry"""

POETRY = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.11"
asgiref = "^3.11"

[build-system]
requires = ["poetry-core>=2,<3"]
build-backend = "poetry.core.masonry.api"
"""
LOCKED = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]
"""
MIGRATE = "uvx --quiet migrate-to-uv@0.12.0 --skip-lock"
SHOW = "grep -A2 '^.build-system' pyproject.toml"


def test_migrate_to_uv_replaces_poetrys_build_back_end(terminal):
    """For a project that Poetry builds, migrate-to-uv writes `uv_build` as the build back end, and
    with `--keep-current-build-backend` it leaves Poetry's."""
    terminal.write("pyproject.toml", POETRY)
    terminal.run(f"{MIGRATE} --dry-run --keep-current-build-backend > kept.toml 2>&1")
    assert "poetry.core.masonry.api" in terminal.run("grep build-backend kept.toml")
    terminal.run(f"{MIGRATE} 2> /dev/null")
    assert 'build-backend = "uv_build"' in terminal.run(SHOW)


def test_migrate_to_uv_takes_hatch_where_packages_are_listed(terminal):
    """Where Poetry is told which `packages` to build, and from where, migrate-to-uv writes Hatch
    as the build back end and says so."""
    packages = 'packages = [{ include = "shop", from = "src" }]\n'
    terminal.write("pyproject.toml", POETRY.replace("authors = []\n", f"authors = []\n{packages}"))
    assert "Build backend was migrated to Hatch" in terminal.run(MIGRATE.replace(" --quiet", ""))
    assert 'build-backend = "hatchling.build"' in terminal.run(SHOW)


def test_migrate_to_uv_turns_a_caret_into_two_bounds(terminal):
    """migrate-to-uv writes `^3.11` as `>=3.11,<4`, and `~3.11` as `>=3.11,<3.12`."""
    tilde = POETRY.replace('asgiref = "^3.11"', 'asgiref = "^3.11"\nsqlparse = "~0.5"')
    terminal.write("pyproject.toml", tilde)
    terminal.run(f"{MIGRATE} 2> /dev/null")
    written = terminal.run("sed -n '/^dependencies/,/^]/p' pyproject.toml")
    assert '"asgiref>=3.11,<4"' in written
    assert '"sqlparse>=0.5,<0.6"' in written


def test_pip_compiles_what_it_installs(terminal):
    """pip compiles what it installs to bytecode, unless it is told `--no-compile`."""
    count = "find .venv/lib/*/site-packages/asgiref -name '*.pyc' | wc -l"
    terminal.run("uv venv --quiet --seed && .venv/bin/pip install --quiet asgiref==3.11.1")
    assert int(terminal.run(count)) > 5
    terminal.run("uv venv --quiet --clear --seed")
    terminal.run(".venv/bin/pip install --quiet --no-compile asgiref==3.11.1")
    assert terminal.run(count) == "0"


def test_uv_sync_reads_no_page_of_the_index(terminal):
    """`uv sync --locked` reads no page of the index, having the addresses of the files in uv.lock.
    `uv pip sync` of an exported file reads one for each package."""
    terminal.write("pyproject.toml", LOCKED)
    terminal.run("uv lock && uv export --quiet --no-hashes -o requirements.txt > /dev/null")
    pages = "--no-cache --verbose 2>&1 | grep -c 'No cache entry for.*/simple/' || true"
    assert terminal.run(f"uv sync --locked {pages}") == "0"
    terminal.run("uv venv --quiet --clear")
    assert int(terminal.run(f"uv pip sync requirements.txt {pages}")) > 0

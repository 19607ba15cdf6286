"""uv export and the lock stage"""

PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]
prod = []

[tool.ruff]
line-length = 88
"""
DYNAMIC = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dynamic = ["dependencies"]

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = []

[tool.setuptools.dynamic]
dependencies = { file = ["packages.txt"] }
"""
NEW_DEPENDENCY = PROJECT.replace('"asgiref==3.11.1"', '"asgiref==3.11.1", "sqlparse==0.5.5"')
MOVED = PROJECT.replace('["asgiref==3.11.1"]', "[]").replace(
    "prod = []", 'prod = ["asgiref==3.11.1"]'
)
EXPORT = "uv export --locked --no-dev --group prod --no-emit-project --no-annotate"


def test_the_same_packages_give_the_same_export(terminal):
    """The production requirements that you export with `uv export --no-annotate` do not
    change when you bump the project's version, change a linter setting, update a package in the
    `dev` group or rename the project."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run(f"{EXPORT} > before.txt")
    for edit in ("s/1.0.0/1.0.1/", "s/88/100/", "s/2.3.0/2.1.0/", "s/shop/store/"):
        terminal.run(f"sed -i {edit} pyproject.toml && uv lock")
        terminal.run(f"{EXPORT} > after.txt")
        terminal.run("cmp before.txt after.txt")
    edited = terminal.run("cat pyproject.toml")
    assert all(word in edited for word in ("1.0.1", "100", "2.1.0", "store"))
    assert "asgiref==3.11.1" in terminal.run("cat after.txt")


def test_a_package_that_moves_into_a_group_gives_the_same_export(terminal):
    """If you move a package from the project's dependencies to a dependency group, the output of
    `uv export --no-annotate` does not change as long as you also export that group."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run(f"{EXPORT} > before.txt")
    terminal.write("pyproject.toml", MOVED)
    terminal.run("uv lock")
    terminal.run(f"{EXPORT} > after.txt")
    terminal.run("cmp before.txt after.txt")
    assert "asgiref==3.11.1" in terminal.run("cat after.txt")


def test_with_notes_a_new_name_gives_another_export(terminal):
    """By default (without `--no-annotate`), `uv export` adds comments that state what requires each
    package. Some of these comments contain the project's name, so renaming the project changes the
    exported file."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > before.txt")
    terminal.run("sed -i s/shop/store/ pyproject.toml && uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > after.txt")
    assert "via store" in terminal.fails("diff before.txt after.txt")


def test_another_package_gives_another_export(terminal):
    """Adding a dependency changes the output of `uv export`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > before.txt")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > after.txt")
    assert "sqlparse==0.5.5" in terminal.fails("diff before.txt after.txt")


def test_a_stale_lockfile_is_not_exported(terminal):
    """`uv export --locked` fails if `pyproject.toml` lists a dependency that is missing from the
    lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    assert "needs to be updated" in terminal.fails("uv export --locked")


def test_offline_a_stale_lockfile_is_taken_for_a_missing_network(terminal):
    """If `pyproject.toml` lists a dependency that is missing from the lockfile, `uv export
    --locked` fails. If uv is also offline and has no cache, the error message is about the disabled
    network, not about the lockfile."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --quiet --locked --offline --no-cache > /dev/null")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    output = terminal.fails("uv export --quiet --locked --offline --no-cache")
    assert "network was disabled" in output
    assert "needs to be updated" not in output


def test_offline_with_a_cache_a_stale_lockfile_is_recognised(terminal):
    """If `pyproject.toml` lists a dependency that is missing from the lockfile but is in uv's
    cache, `uv export --locked` reports that the lockfile needs to be updated, even when uv is
    offline."""
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    terminal.run("uv lock && uv sync --quiet")
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", NEW_DEPENDENCY)
    output = terminal.fails("uv export --quiet --locked --offline")
    assert "needs to be updated" in output
    assert "network was disabled" not in output


def test_with_a_cache_the_next_export_does_not_start_python(terminal):
    """uv caches what it finds out about a Python interpreter, so only the first `uv export`
    starts that interpreter. With `--no-cache`, every `uv export` starts it."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv venv")
    # The interpreter imports this module whenever it starts.
    module = "open('starts.txt', 'a').write('started\\n')"
    terminal.run(f'echo "{module}" > $(echo .venv/lib/python3*/site-packages)/starts.py')
    terminal.run("echo import starts > $(echo .venv/lib/python3*/site-packages)/starts.pth")
    for _ in range(2):
        terminal.run("uv export --quiet --locked --offline --cache-dir new-cache > /dev/null")
    assert terminal.run("cat starts.txt").split() == ["started"]
    terminal.run("uv export --quiet --locked --offline --no-cache > /dev/null")
    assert terminal.run("cat starts.txt").split() == ["started"] * 2


def test_dynamic_dependencies_are_not_exported_offline(terminal):
    """If a project lists `dependencies` under `dynamic`, uv needs the build backend to read them.
    `uv export --locked` therefore fails when uv is offline and has no cache."""
    terminal.write("pyproject.toml", DYNAMIC)
    terminal.write("packages.txt", "asgiref==3.11.1\n")
    terminal.run("uv lock")
    assert "asgiref" in terminal.run("uv export --quiet --locked --no-emit-project --no-hashes")
    output = terminal.fails("uv export --quiet --locked --offline --no-cache")
    assert "build-system.requires" in output


def test_a_package_with_another_hash_is_refused(terminal):
    """`uv pip sync` rejects a package that does not match its hash in the exported file, with or
    without `--require-hashes`."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > requirements.txt")
    terminal.run("uv venv")
    terminal.run("sed 's/sha256:..../sha256:0000/' requirements.txt > wrong.txt")
    assert "Hash mismatch" in terminal.fails("uv pip sync --require-hashes wrong.txt")
    assert "Hash mismatch" in terminal.fails("uv pip sync wrong.txt")
    terminal.run("uv pip sync requirements.txt")


def test_uv_does_not_check_its_cache_again(terminal):
    """Even with `--require-hashes`, uv installs a tampered file from its cache, because it checks
    the hash of each download but not the unpacked files in the cache."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project > requirements.txt")
    terminal.run("uv venv")
    install = "uv pip sync --cache-dir cache --link-mode copy --require-hashes requirements.txt"
    terminal.run(install)
    terminal.run("find cache -path '*/asgiref/sync.py' | xargs sed -i '$a # changed in the cache'")
    terminal.run("uv pip uninstall asgiref")
    terminal.run(install)
    assert "changed in the cache" in terminal.run("tail -n 1 .venv/lib/*/*/asgiref/sync.py")


def test_uv_pip_sync_does_not_notice_a_changed_file(terminal):
    """`uv pip sync` compares the names and versions of the installed packages with the requirements
    file, but does not check the packages' files. It therefore does not replace changed files or
    remove files that do not belong to any package."""
    terminal.write("requirements.txt", "asgiref==3.11.1\n")
    terminal.run("uv venv")
    terminal.run("uv pip sync --link-mode copy requirements.txt")
    terminal.run("sed -i '$a # changed' .venv/lib/*/*/asgiref/sync.py")
    terminal.run("echo 'import os' > $(echo .venv/lib/*/site-packages)/old.pth")
    terminal.run("uv pip sync --link-mode copy requirements.txt")
    assert "# changed" in terminal.run("tail -n 1 .venv/lib/*/*/asgiref/sync.py")
    assert "old.pth" in terminal.run("ls .venv/lib/*/site-packages")


def test_record_lists_every_file_but_bytecode(terminal):
    """A package's `RECORD` file lists every installed file and its SHA-256 hash, with two
    exceptions: the entry for `RECORD` itself has no hash, and bytecode that uv compiles is not
    listed."""
    # sqlparse also installs a console script.
    terminal.write("requirements.txt", "asgiref==3.11.1\nsqlparse==0.5.5\n")
    terminal.run("uv venv")
    files = "cd .venv/lib/*/site-packages && find * ../../../bin -type f | sort"
    terminal.run(f"{files} > ~/empty.txt")
    terminal.run("uv pip sync --compile-bytecode requirements.txt")
    terminal.run(f"{files} | comm -13 ~/empty.txt - > ~/files.txt")
    terminal.run("cut -d, -f1 .venv/lib/*/*/*.dist-info/RECORD | sort > ~/recorded.txt")
    unlisted = terminal.fails("diff ~/recorded.txt ~/files.txt").splitlines()
    lines = [line for line in unlisted if line.startswith(("<", ">"))]
    assert lines
    assert all(line.startswith(">") and line.endswith(".pyc") for line in lines)
    assert "bin/sqlformat" in terminal.run("grep bin/ ~/recorded.txt")
    without_hash = terminal.run("grep -h --invert-match sha256= .venv/lib/*/*/*.dist-info/RECORD")
    assert without_hash.split() == [
        "asgiref-3.11.1.dist-info/RECORD,,",
        "sqlparse-0.5.5.dist-info/RECORD,,",
    ]


def test_a_package_without_a_hash_is_refused(terminal):
    """With `--require-hashes`, `uv pip sync` rejects a package that has no hash in the requirements
    file. Without that flag, it installs the package."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --no-emit-project --no-hashes > requirements.txt")
    terminal.run("uv venv")
    assert "hash" in terminal.fails("uv pip sync --require-hashes requirements.txt")
    assert terminal.installed() == []
    terminal.run("uv pip sync requirements.txt")
    assert terminal.installed() == ["asgiref"]


def test_pylock_toml_is_still_experimental(terminal):
    """When you install from a `pylock.toml` file with `uv pip sync`, uv warns that this feature is
    experimental."""
    terminal.write("pyproject.toml", PROJECT)
    terminal.run("uv lock")
    terminal.run("uv export --locked --no-dev --format pylock.toml > pylock.toml")
    terminal.run("uv venv")
    assert "experimental" in terminal.run("uv pip sync pylock.toml")
    assert terminal.installed() == ["asgiref"]


OLDER = PROJECT.replace("asgiref==3.11.1", "asgiref==3.10.0")
# Allows a newer version than the lockfile of the project above has.
PACKAGE = f"""\
{PROJECT.replace("asgiref==3.11.1", "asgiref>=3.10,<=3.11.1")}
[build-system]
requires = ["uv_build"]
build-backend = "uv_build"
"""


def test_uv_pip_install_does_not_read_the_lockfile(terminal):
    """`uv pip install -r pyproject.toml` and `uv pip install .` do not read `uv.lock`. They install
    the newest versions that `pyproject.toml` allows, even if the lockfile contains older ones."""
    terminal.write("pyproject.toml", OLDER)
    terminal.run("uv lock")
    terminal.write("pyproject.toml", PACKAGE)
    terminal.run("uv lock")
    assert 'name = "asgiref"\nversion = "3.10.0"' in terminal.run("cat uv.lock")
    terminal.write("src/shop/__init__.py", "")
    terminal.run("uv venv")
    terminal.run("uv pip install -r pyproject.toml")
    assert terminal.run("uv pip freeze") == "asgiref==3.11.1"
    terminal.run("rm -r .venv && uv venv")
    terminal.run("uv pip install .")
    assert "asgiref==3.11.1" in terminal.run("uv pip freeze").splitlines()

"""Moving from requirements.txt or pip-tools to uv"""

INIT = "uv init --bare --quiet"
ADD = "uv add --quiet --no-sync -r requirements.in -c requirements.txt"
ADD_DEV = "uv add --quiet --no-sync --dev -r requirements-dev.in"
REQUIREMENTS = "django>=5.2\n"
COMPILED = """\
asgiref==3.11.1
    # via django
django==5.2.8
    # via -r requirements.in
sqlparse==0.5.5
    # via django
"""
VERSIONS = ["asgiref==3.11.1", "django==5.2.8", "sqlparse==0.5.5"]
WITH_HASH = f"""\
sqlparse==0.5.5 \\
    --hash=sha256:{"0" * 64}
"""
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
"""
# Without the version of tzdata, which is the newest one.
EXPORT = "uv export --quiet --no-emit-project --no-hashes --no-header --no-annotate | grep -v win32"
DEPENDENCIES = "sed -n '/^dependencies/,$p' pyproject.toml"
# Nothing listens on this port.
DEAD = "http://127.0.0.1:9/simple"
ONCE = "UV_HTTP_RETRIES=0"
PRICES = """\
[project]
name = "acme-prices"
version = "1.0.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
WHEEL = "uv build --quiet --wheel --out-dir wheels ~/prices"
IDENTITY = "[user]\nname = Dev\nemail = dev@example.com\n"
COMMIT = "git add . && git commit --quiet -m"
REPOSITORY = f"cd ~/prices && git init --quiet --initial-branch main && {COMMIT} One"
SETUP_CFG = """\
[metadata]
name = shop
version = 1.0.0

[options]
install_requires =
    sqlparse==0.5.5
"""
SETUPTOOLS = """\
[project]
name = "shop"
requires-python = ">=3.11"
dynamic = ["version", "dependencies"]

[build-system]
requires = ["setuptools==80.9.0"]
build-backend = "setuptools.build_meta"
"""


def pip_tools(terminal):
    """Write a project of pip-tools."""
    terminal.write("requirements.in", REQUIREMENTS)
    terminal.write("requirements.txt", COMPILED)


def prices(terminal):
    """Write the package acme-prices to the home folder."""
    terminal.write("~/prices/pyproject.toml", PRICES)
    terminal.write("~/prices/src/acme_prices/__init__.py", "")


def test_uv_add_with_constraints_keeps_every_version(terminal):
    """`uv add -r requirements.in -c requirements.txt` locks every package at its version in
    `requirements.txt`, including packages that only other packages need. `pyproject.toml` then
    lists only the packages in `requirements.in`."""
    pip_tools(terminal)
    terminal.run("uv init --bare")
    terminal.run("uv add --no-sync -r requirements.in -c requirements.txt")
    assert "asgiref" not in terminal.run(DEPENDENCIES)
    assert terminal.run(EXPORT).splitlines() == VERSIONS


def test_uv_add_without_constraints_takes_newer_versions(terminal):
    """Without `-c requirements.txt`, `uv add -r requirements.in` ignores the versions in
    `requirements.txt` and locks newer ones."""
    pip_tools(terminal)
    terminal.run(INIT)
    terminal.run("uv add --no-sync -r requirements.in")
    terminal.fails(f"{EXPORT} | grep --fixed-strings --line-regexp -f requirements.txt")


def test_uv_add_from_a_compiled_file_makes_every_package_a_dependency(terminal):
    """`uv add -r requirements.txt` adds every package in the file to the project's dependencies
    with `==`, even packages that only other packages need."""
    pip_tools(terminal)
    terminal.run(INIT)
    terminal.run("uv add --no-sync -r requirements.txt")
    assert [line for line in terminal.run(DEPENDENCIES).splitlines() if "==" in line] == [
        f'    "{version}",' for version in VERSIONS
    ]


def test_uv_lock_keeps_the_versions_without_requirements_txt(terminal):
    """After `uv add` has locked the versions in `requirements.txt`, you can delete the file:
    `uv lock` keeps these versions, and `uv lock --upgrade-package` updates only the package that it
    names."""
    pip_tools(terminal)
    terminal.run(f"{INIT} && {ADD}")
    terminal.run("rm requirements.in requirements.txt")
    terminal.run("uv lock")
    assert terminal.run(EXPORT).splitlines() == VERSIONS
    terminal.run("uv lock --quiet --upgrade-package sqlparse")
    assert terminal.run(f"{EXPORT} | grep -v sqlparse").splitlines() == VERSIONS[:2]
    terminal.fails(f"{EXPORT} | grep sqlparse==0.5.5")


def test_uv_add_writes_a_lower_bound_for_a_name_without_a_version(terminal):
    """If a line in `requirements.in` is a name without a version, `uv add` writes a lower bound to
    `pyproject.toml`: the locked version. It does not change a line with a version constraint."""
    terminal.write("requirements.in", "django>=5.2,<6\nsqlparse\n")
    terminal.write("requirements.txt", COMPILED)
    terminal.run(f"{INIT} && {ADD}")
    added = terminal.run(DEPENDENCIES)
    assert '"django>=5.2,<6"' in added
    assert '"sqlparse>=0.5.5"' in added


def test_uv_add_keeps_extras_and_markers(terminal):
    """`uv add -r` keeps the extras and the markers of each requirement."""
    terminal.write("requirements.in", "django[bcrypt]>=5.2\nsqlparse; sys_platform == 'linux'\n")
    terminal.write("requirements.txt", f"{COMPILED}bcrypt==5.0.0\n    # via django\n")
    terminal.run(f"{INIT} && {ADD}")
    added = terminal.run(DEPENDENCIES)
    assert "django[bcrypt]>=5.2" in added
    assert "sqlparse>=0.5.5 ; sys_platform == 'linux'" in added
    assert "bcrypt==5.0.0" in terminal.run(EXPORT)


def test_uv_init_stops_at_a_pyproject_toml(terminal):
    """`uv init` fails if `pyproject.toml` already exists, even if the file only contains the
    settings of other tools. `uv add` then fails because there is no `[project]` table. After you
    have added the table by hand, `uv add` works and keeps the other settings."""
    pip_tools(terminal)
    tool = "[tool.ruff]\nline-length = 100\n"
    terminal.write("pyproject.toml", tool)
    terminal.fails("uv init --bare")
    assert "missing a `[project]` table" in terminal.fails(ADD.replace(" --quiet", ""))
    terminal.write("pyproject.toml", f"{PROJECT}\n{tool}")
    terminal.run(ADD)
    assert "line-length = 100" in terminal.run(DEPENDENCIES)


def test_a_version_for_a_newer_python_stops_uv_add(terminal):
    """If a version in `requirements.txt` needs a newer Python than `requires-python` allows, `uv
    add` fails and recommends a higher `requires-python`."""
    terminal.write("requirements.in", "django\n")
    terminal.write("requirements.txt", "django==6.0\n")
    terminal.write("pyproject.toml", PROJECT)
    output = terminal.fails(ADD)
    assert "Consider using a more restrictive `requires-python` value (like >=3.12)" in output


def test_uv_pip_tree_lists_packages_that_no_other_package_needs(terminal):
    """In an environment that was installed from `requirements.txt`, `uv pip tree --depth 0` lists
    only packages that no other package needs."""
    terminal.write("requirements.txt", COMPILED)
    terminal.run("uv venv --quiet && uv pip sync --quiet requirements.txt")
    assert terminal.run("uv pip tree --depth 0") == "django v5.2.8"


def test_uv_add_ignores_the_index_in_a_requirements_file(terminal):
    """`uv add -r` silently ignores `--index-url` and `--extra-index-url` in requirements files, and
    locks packages from the public index. `uv pip compile` uses the index in the file."""
    terminal.write("requirements.in", f"--index-url {DEAD}\nsqlparse\n")
    terminal.write("requirements.txt", f"--extra-index-url {DEAD}\nsqlparse==0.5.5\n")
    assert "Connection refused" in terminal.fails(f"{ONCE} uv pip compile requirements.in")
    terminal.run(INIT)
    assert terminal.run(f"{ONCE} {ADD}") == ""
    assert "index" not in terminal.run("grep -v requires pyproject.toml")
    assert DEAD not in terminal.run("grep '^source' uv.lock")


def test_uv_add_ignores_find_links_in_a_requirements_file(terminal):
    """`uv add -r` ignores `--find-links` in a requirements file, so it does not find a package that
    is only in that folder. With `find-links` under `[tool.uv]`, it does."""
    prices(terminal)
    terminal.run(WHEEL)
    terminal.write("requirements.in", "--find-links wheels\nacme-prices\n")
    terminal.write("requirements.txt", "--find-links wheels\nacme-prices==1.0.0\n")
    terminal.write("pyproject.toml", PROJECT)
    assert "acme-prices was not found" in terminal.fails(ADD)
    terminal.write("pyproject.toml", f'{PROJECT}\n[tool.uv]\nfind-links = ["wheels"]\n')
    terminal.run(ADD)
    assert terminal.run(EXPORT) == "acme-prices==1.0.0"


def test_uv_add_ignores_no_binary_in_a_requirements_file(terminal):
    """`uv add -r` ignores `--no-binary` in a requirements file, so `uv sync` installs a wheel. With
    `no-binary-package` under `[tool.uv]`, it refuses the wheel."""
    prices(terminal)
    terminal.run(WHEEL)
    terminal.write("requirements.in", "--no-binary acme-prices\nacme-prices\n")
    terminal.write("requirements.txt", "--no-binary acme-prices\nacme-prices==1.0.0\n")
    terminal.write("pyproject.toml", f'{PROJECT}\n[tool.uv]\nfind-links = ["wheels"]\n')
    terminal.run(ADD)
    terminal.run("uv sync")
    assert terminal.installed() == ["acme-prices"]
    terminal.run("echo 'no-binary-package = [\"acme-prices\"]' >> pyproject.toml")
    assert "marked as `--no-binary`" in terminal.fails("rm -r .venv && uv sync")


def test_uv_add_ignores_the_hashes_in_a_requirements_file(terminal):
    """`uv add -c` does not compare the hashes in `requirements.txt` with those of the index, and
    writes the hashes of the index to `uv.lock`. `uv pip sync` rejects a package whose hash is
    wrong."""
    terminal.write("requirements.in", "sqlparse\n")
    terminal.write("requirements.txt", WITH_HASH)
    terminal.run(f"uv venv --quiet && {INIT}")
    assert "Hash mismatch" in terminal.fails("uv pip sync requirements.txt")
    terminal.run(ADD)
    terminal.fails(f"grep {'0' * 64} uv.lock")
    terminal.run("uv sync --locked")
    assert terminal.installed() == ["sqlparse"]


def test_uv_add_writes_a_git_requirement_to_the_sources(terminal):
    """`uv add -r` writes a requirement from a Git repository to `[tool.uv.sources]`, even in the
    form `git+URL#egg=NAME`."""
    prices(terminal)
    terminal.write("~/.gitconfig", IDENTITY)
    terminal.run(f"{REPOSITORY} && git tag v1.0.0")
    terminal.run('echo "git+file://$HOME/prices@v1.0.0#egg=acme-prices" > requirements.in')
    terminal.run(f"{INIT} && touch requirements.txt && {ADD}")
    assert 'acme-prices = { git = "file://~/prices", rev = "v1.0.0" }' in terminal.run(DEPENDENCIES)


def test_a_locked_commit_conflicts_with_its_branch(terminal):
    """If `requirements.in` names a Git branch and `requirements.txt` a commit, `uv add` stops at
    conflicting URLs. If you write the commit to `requirements.in`, uv locks that commit."""
    prices(terminal)
    terminal.write("~/.gitconfig", IDENTITY)
    terminal.run(REPOSITORY)
    terminal.run('echo "acme-prices @ git+file://$HOME/prices@main" > requirements.in')
    terminal.run("git -C ~/prices rev-parse HEAD > commit")
    compiled = '"acme-prices @ git+file://$HOME/prices@$(cat commit)"'
    terminal.run(f"echo {compiled} > requirements.txt")
    terminal.run(f"cd ~/prices && touch README.md && {COMMIT} Two")
    assert "conflicting URLs" in terminal.fails(f"{INIT} && {ADD}")
    terminal.run(f"cp requirements.txt requirements.in && {ADD}")
    terminal.run('grep "^source.*$(cat commit)" uv.lock')


def test_an_editable_line_cannot_be_a_constraint(terminal):
    """If `requirements.txt` has a line with `-e` and the path of an editable package, `uv add -c`
    fails. Without the line, it works."""
    terminal.write("requirements.in", REQUIREMENTS)
    terminal.write("requirements.txt", f"-e file:///src/prices\n{COMPILED}")
    terminal.run(INIT)
    assert "Unnamed requirements are not allowed as constraints" in terminal.fails(ADD)
    terminal.run("sed -i '/^-e /d' requirements.txt")
    terminal.run(ADD)


def test_uv_add_does_not_add_the_project_to_itself(terminal):
    """If `requirements.in` contains `-e .`, `uv add -r` fails, because a project cannot depend on
    itself."""
    terminal.write("requirements.in", "-e .\nsqlparse\n")
    output = terminal.fails(f"{INIT} && uv add -r requirements.in")
    assert "self-dependencies are not permitted" in output


def test_uv_add_makes_an_editable_package_a_workspace_member(terminal):
    """`uv add -r` makes a package in a subfolder, such as `-e ./prices`, a member of a uv
    workspace, and installs it in editable mode."""
    terminal.write("prices/pyproject.toml", PRICES)
    terminal.write("prices/src/acme_prices/__init__.py", "")
    terminal.write("requirements.in", "-e ./prices\n")
    terminal.run(f"{INIT} && uv add --quiet --no-sync -r requirements.in")
    assert "acme-prices = { workspace = true }" in terminal.run(DEPENDENCIES)
    assert 'source = { editable = "prices" }' in terminal.run("grep editable uv.lock")


def test_uv_add_copies_included_requirements_into_the_group(terminal):
    """If `requirements-dev.in` includes `requirements.in` with `-r`, `uv add --dev` copies these
    requirements into the `dev` group. If it names `requirements.txt` with `-c`, the group contains
    only the development packages."""
    pip_tools(terminal)
    terminal.write("requirements-dev.txt", "iniconfig==2.3.0\n")
    terminal.run(f"{INIT} && {ADD} && cp pyproject.toml before.toml")
    dev = f"{ADD_DEV} -c requirements-dev.txt"
    group = "sed -n '/^dev = /,/^]/p' pyproject.toml"
    terminal.write("requirements-dev.in", "-r requirements.in\niniconfig\n")
    terminal.run(dev)
    assert "django" in terminal.run(group)
    terminal.run("mv before.toml pyproject.toml")
    terminal.write("requirements-dev.in", "-c requirements.txt\niniconfig\n")
    terminal.run(dev)
    assert terminal.run(group).split() == ["dev", "=", "[", '"iniconfig>=2.3.0",', "]"]


def test_the_constraints_of_a_group_change_production(terminal):
    """`uv.lock` has one version of each package for all groups. If `requirements-dev.txt` pins a
    different version than `requirements.txt`, `uv add --dev -c requirements-dev.txt` silently
    changes the version for production. With both files as constraints, `uv add` fails instead."""
    pip_tools(terminal)
    terminal.write("requirements-dev.in", "iniconfig\n")
    terminal.write("requirements-dev.txt", "iniconfig==2.3.0\nsqlparse==0.5.4\n")
    terminal.run(f"{INIT} && {ADD} && cp uv.lock before.lock && cp pyproject.toml before.toml")
    terminal.run(f"{ADD_DEV} -c requirements-dev.txt")
    assert "sqlparse==0.5.4" in terminal.run(EXPORT)
    terminal.run("mv before.lock uv.lock && mv before.toml pyproject.toml")
    output = terminal.fails(f"{ADD_DEV} -c requirements.txt -c requirements-dev.txt")
    assert "No solution found" in output


def test_uv_lock_has_packages_for_other_platforms(terminal):
    """`uv.lock` also contains packages for platforms other than that of `requirements.txt`. An
    example is tzdata, which Django needs only on Windows. `uv sync` does not install it on
    Linux."""
    pip_tools(terminal)
    terminal.run(f"{INIT} && {ADD}")
    assert "sys_platform == 'win32'" in terminal.run("grep --max-count 1 tzdata uv.lock")
    assert "tzdata" not in terminal.run("uv sync --dry-run")


def test_uv_pip_sync_dry_run_compares_an_environment_with_requirements_txt(terminal):
    """After `uv sync`, `uv pip sync --dry-run requirements.txt` prints `Would make no changes` if
    the virtual environment contains exactly the versions in `requirements.txt`. Otherwise, it lists
    the differences."""
    terminal.write("requirements.in", "asgiref\nsqlparse\n")
    terminal.write("requirements.txt", "asgiref==3.11.1\nsqlparse==0.5.5\n")
    terminal.run(f"{INIT} && {ADD} && uv sync --quiet")
    assert "Would make no changes" in terminal.run("uv pip sync --dry-run requirements.txt")
    terminal.run("uv add --quiet sqlparse==0.5.4")
    changes = terminal.run("uv pip sync --dry-run requirements.txt").splitlines()
    assert changes[-2:] == [" - sqlparse==0.5.4", " + sqlparse==0.5.5"]


def test_uv_ignores_the_dependencies_in_setup_cfg(terminal):
    """`uv init` and `uv sync` ignore the dependencies in `setup.cfg`, and `uv add -r` rejects that
    file. If `pyproject.toml` declares setuptools as the build backend and lists `dependencies` as
    dynamic, uv reads them from `setup.cfg`."""
    terminal.write("setup.cfg", SETUP_CFG)
    terminal.run(INIT)
    assert "not supported" in terminal.fails("uv add -r setup.cfg")
    terminal.run("uv sync --quiet")
    assert terminal.installed() == []
    terminal.write("pyproject.toml", SETUPTOOLS)
    terminal.run("uv lock")
    assert terminal.run(EXPORT) == "sqlparse==0.5.5"


def test_pip_installs_an_export_with_its_hashes(terminal):
    """`uv export` writes a `requirements.txt` with hashes, from which `pip install
    --require-hashes` installs the same versions."""
    terminal.write("requirements.in", "asgiref\nsqlparse\n")
    terminal.write("requirements.txt", "asgiref==3.11.1\nsqlparse==0.5.5\n")
    terminal.run(f"{INIT} && {ADD}")
    terminal.run("uv export --quiet --no-dev --no-emit-project -o requirements.txt")
    terminal.run("python3 -m venv ~/with-pip")
    pip = "~/with-pip/bin/pip --disable-pip-version-check --quiet"
    terminal.run(f"{pip} install --require-hashes -r requirements.txt")
    frozen = terminal.run("~/with-pip/bin/pip freeze")
    assert frozen.splitlines() == ["asgiref==3.11.1", "sqlparse==0.5.5"]

"""Workspaces and path dependencies"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image

WORKSPACE = """\
[tool.uv.workspace]
members = ["packages/*", "services/*"]
"""
BASE = """\
[project]
name = "base"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
SERVICE = """\
[project]
name = "{}"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["base"]

[tool.uv]
package = false
sources = {{ base = {{ workspace = true }} }}
"""
BOOKINGS = SERVICE.format("bookings")
WITH_SQLPARSE = BOOKINGS.replace('["base"]', '["base", "sqlparse==0.5.5"]')
EXPORT = "uv export --locked --package status --no-emit-workspace --no-annotate"
# How `uv pip freeze` prints the shared package.
EDITABLE_BASE = "-e file://~/shop/packages/base"
SHOW = "python -c 'import base; print(base.VERSION)'"


def write_workspace(terminal, bookings=BOOKINGS):
    """Write a workspace with two services and a shared package, and lock it."""
    terminal.write("pyproject.toml", WORKSPACE)
    terminal.write("packages/base/pyproject.toml", BASE)
    terminal.write("packages/base/src/base/__init__.py", 'VERSION = "first"\n')
    terminal.write("services/status/pyproject.toml", SERVICE.format("status"))
    terminal.write("services/bookings/pyproject.toml", bookings)
    terminal.run("uv lock")


def test_an_export_of_a_member_has_only_its_own_packages(terminal):
    """`uv export --package NAME --no-emit-workspace` exports the packages that one workspace member
    needs. It includes the dependencies of members that this member requires, and leaves out the
    packages that only other members need."""
    write_workspace(terminal, WITH_SQLPARSE)
    assert "sqlparse" not in terminal.run(EXPORT)
    bookings = terminal.run(EXPORT.replace("status", "bookings"))
    assert "asgiref==3.11.1" in bookings
    assert "sqlparse==0.5.5" in bookings


def test_another_members_packages_leave_an_export_unchanged(terminal):
    """The output of `uv export --package NAME --no-emit-workspace --no-annotate` does not change
    when you add a package to a member that this member does not require. It also stays the same
    when you bump the version of any member or rename another one."""
    write_workspace(terminal)
    terminal.run(f"{EXPORT} > before.txt")
    for edit in (
        "uv add --package bookings sqlparse==0.5.5 --no-sync",
        "uv version --package bookings --bump patch --no-sync",
        "uv version --package base --bump patch --no-sync",
        "uv version --package status --bump patch --no-sync",
        "sed -i s/bookings/rooms/ services/bookings/pyproject.toml && uv lock",
    ):
        terminal.run(edit)
        terminal.run(f"{EXPORT} > after.txt")
        terminal.run("cmp before.txt after.txt")
    edited = terminal.run("grep --no-filename -e version -e sqlparse */*/pyproject.toml")
    assert edited.count("1.0.1") == 3
    assert "sqlparse" in edited


def test_a_package_of_a_shared_member_changes_the_export(terminal):
    """If you add a dependency to a workspace member, the requirements that `uv export --package`
    exports change for every member that requires it."""
    write_workspace(terminal)
    terminal.run(f"{EXPORT} > before.txt")
    terminal.run("uv add --package base sqlparse==0.5.5 --no-sync")
    terminal.run(f"{EXPORT} > after.txt")
    assert "sqlparse==0.5.5" in terminal.fails("diff before.txt after.txt")


def test_one_constraint_applies_to_every_member(terminal):
    """A workspace has one lockfile, so all members get the same version of a package. If two
    members require different versions, `uv lock` fails."""
    write_workspace(terminal)
    other = BOOKINGS.replace('["base"]', '["base", "asgiref==3.10.0"]')
    terminal.write("services/bookings/pyproject.toml", other)
    # Older releases wrap the message.
    message = " ".join(terminal.fails("uv lock").split())
    assert "base and bookings are incompatible" in message


def test_a_locked_export_of_a_member_needs_every_pyproject_toml(terminal):
    """`uv export --locked --package NAME` needs the `pyproject.toml` files of all workspace
    members, but not their code. With `--frozen`, it needs only the root's `pyproject.toml` and the
    member's own."""
    write_workspace(terminal)
    terminal.run("rm -r packages/base/src")
    terminal.run(f"{EXPORT} > before.txt")
    terminal.run("rm services/bookings/pyproject.toml")
    assert "needs to be updated" in terminal.fails(EXPORT)
    terminal.run("rm packages/base/pyproject.toml")
    terminal.run(f"{EXPORT.replace('locked', 'frozen')} --no-header > after.txt")
    assert "asgiref==3.11.1" in terminal.run("grep --invert-match '^#' after.txt")
    terminal.run("rm services/status/pyproject.toml")
    message = terminal.fails(EXPORT.replace("locked", "frozen"))
    assert "The workspace does not have a member status" in message


def test_a_members_folder_without_pyproject_toml_is_an_error(terminal):
    """If the pattern in `members` matches a folder that contains files but no `pyproject.toml`, uv
    stops, even for another member."""
    write_workspace(terminal)
    terminal.run("rm services/bookings/pyproject.toml && touch services/bookings/views.py")
    message = terminal.fails(EXPORT)
    assert "is missing a `pyproject.toml` (matches: `services/*`)" in message


def test_a_locked_export_checks_every_member(terminal):
    """`uv export --locked --package NAME` fails if the lockfile does not match any member of the
    workspace, even if this member does not need the missing package. With `--frozen`, it does not
    check."""
    write_workspace(terminal)
    terminal.write("services/bookings/pyproject.toml", WITH_SQLPARSE)
    assert "needs to be updated" in terminal.fails(EXPORT)
    assert "asgiref==3.11.1" in terminal.run(EXPORT.replace("locked", "frozen"))


def test_without_no_emit_workspace_an_export_has_a_line_without_a_hash(terminal):
    """Without `--no-emit-workspace`, `uv export --package NAME` also writes the members that this
    member requires, as editable paths. These have no hash, so `uv pip sync --require-hashes`
    rejects the exported file."""
    write_workspace(terminal)
    terminal.run("uv export --quiet --locked --package status > requirements.txt")
    assert terminal.run("grep ^-e requirements.txt") == "-e ./packages/base"
    terminal.run("uv venv")
    message = terminal.fails("uv pip sync --require-hashes requirements.txt")
    assert "all requirements must have a hash" in message


def test_uv_pip_install_installs_a_member_without_its_packages(terminal):
    """After `uv pip sync` has installed the exported packages, `uv pip install --no-deps FOLDER`
    adds a workspace member as a copy that does not need its folder. It needs no network if uv can
    build the member itself."""
    write_workspace(terminal)
    terminal.run(f"{EXPORT} --quiet > requirements.txt")
    terminal.run("uv venv")
    terminal.run("uv pip sync --require-hashes requirements.txt")
    terminal.run("uv pip install --no-deps --offline --no-cache packages/base")
    terminal.run("mv packages elsewhere")
    assert terminal.run(f".venv/bin/{SHOW}") == "first"


def test_uv_sync_in_a_root_without_a_project_installs_all_members(terminal):
    """If the `pyproject.toml` in the root of a workspace has no `[project]` table, `uv sync` in the
    root installs the packages of all members."""
    write_workspace(terminal, WITH_SQLPARSE)
    terminal.run("uv sync")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE, "sqlparse"]


def test_uv_sync_in_a_root_project_leaves_members_out(terminal):
    """If the root of a workspace is a project, `uv sync` in the root installs only the root's own
    dependencies. With `--all-packages`, it installs the packages of all members."""
    write_workspace(terminal, WITH_SQLPARSE)
    root = '[project]\nname = "root"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n'
    terminal.write("pyproject.toml", f"{root}\n{WORKSPACE}")
    terminal.run("uv lock")
    terminal.run("uv sync")
    assert terminal.installed() == []
    terminal.run("uv sync --all-packages")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE, "sqlparse"]


def test_uv_sync_package_removes_what_other_members_need(terminal):
    """All members of a workspace share the virtual environment in its root. `uv sync --package
    NAME` installs one member's packages and removes those of the others. It does the same as `uv
    sync` in the member's folder."""
    write_workspace(terminal, WITH_SQLPARSE)
    terminal.run("uv sync --all-packages")
    terminal.run("uv sync --package status")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE]
    terminal.run("cd services/bookings && uv sync")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE, "sqlparse"]
    terminal.run("ls -d .venv")
    terminal.fails("ls -d services/bookings/.venv")


def test_uv_run_in_a_members_folder_installs_what_it_needs(terminal):
    """`uv run` in the folder of a workspace member installs the packages that this member needs,
    and keeps those of other members."""
    write_workspace(terminal, WITH_SQLPARSE)
    terminal.run(f"cd services/status && uv run {SHOW}")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE]
    terminal.run(f"cd services/bookings && uv run {SHOW}")
    terminal.run(f"cd services/status && uv run {SHOW}")
    assert terminal.installed() == ["asgiref", EDITABLE_BASE, "sqlparse"]


def test_an_edit_of_a_shared_member_counts_without_a_new_sync(terminal):
    """By default, uv installs the members that another member requires in editable mode, so edits
    to their code take effect without another `uv sync`. With `--no-editable`, uv copies the code,
    and later edits have no effect."""
    write_workspace(terminal)
    terminal.run("uv sync --package status")
    terminal.write("packages/base/src/base/__init__.py", 'VERSION = "second"\n')
    assert terminal.run(f".venv/bin/{SHOW}") == "second"
    terminal.run("uv sync --package status --no-editable")
    terminal.write("packages/base/src/base/__init__.py", 'VERSION = "third"\n')
    assert terminal.run(f".venv/bin/{SHOW}") == "second"


def test_uv_add_package_changes_one_member(terminal):
    """`uv add --package NAME` adds a dependency to the `pyproject.toml` of one workspace member. In
    a root without a `[project]` table, `uv add` fails without this option."""
    write_workspace(terminal)
    assert "missing a `[project]` table" in terminal.fails("uv add sqlparse==0.5.5")
    terminal.run("uv add --package bookings sqlparse==0.5.5 --no-sync")
    assert terminal.run("grep --files-with-matches sqlparse */*/pyproject.toml") == (
        "services/bookings/pyproject.toml"
    )


WEB = """\
[project]
name = "web"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["prices"]

[tool.uv]
package = false
sources = { prices = { path = "../prices" } }
"""
PATH_DEPENDENCY = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
START = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
"""
INSTALL = "RUN {}uv sync --locked --offline --no-editable\n"


def write_path_dependency(docker, dockerfile):
    docker.write("pyproject.toml", WEB)
    docker.write("~/prices/pyproject.toml", PATH_DEPENDENCY)
    docker.write("~/prices/src/prices/__init__.py", "")
    docker.run("uv lock")
    docker.write("Dockerfile", dockerfile)


def test_a_path_dependency_outside_the_build_context_is_not_found(docker):
    """If a path dependency is outside the build context, `uv sync --locked` fails in the build.
    `COPY ../prices` does not help, because Docker looks for the folder in the build context."""
    write_path_dependency(docker, START + INSTALL.format(""))
    assert "Distribution not found at: file:///prices" in docker.build_fails()
    docker.write("Dockerfile", START + "COPY ../prices /prices\n" + INSTALL.format(""))
    assert '"/prices": not found' in docker.build_fails()


def test_a_build_context_adds_a_folder_outside_the_context(docker):
    """With `docker build --build-context prices=../prices`, a step can mount a folder that is
    outside the build context with `RUN --mount=from=prices`. `uv sync` then finds a path dependency
    there."""
    mount = "--mount=from=prices,target=/prices "
    write_path_dependency(docker, START + INSTALL.format(mount))
    docker.build("--build-context", "prices=../prices")
    assert "prices @ file:///prices" in docker.start("uv pip freeze")


MEMBERS = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1", "prices"]

[tool.uv.sources]
prices = { workspace = true }

[tool.uv.workspace]
members = ["prices"]
"""
PRICES = """\
[project]
name = "prices"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["sqlparse==0.5.5"]
"""
PACKAGED_PRICES = f"""{PRICES}
[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""


def test_locked_needs_the_members_of_a_workspace(terminal):
    """If you copy only `pyproject.toml` and `uv.lock` from the root of a workspace, `uv sync
    --locked` fails, but `uv sync --frozen --no-install-workspace` works. If the root project
    requires a member, the second command also installs that member's dependencies."""
    terminal.write("pyproject.toml", MEMBERS)
    terminal.write("prices/pyproject.toml", PRICES)
    terminal.run("uv lock")
    terminal.run("mkdir ../layer && cp pyproject.toml uv.lock ../layer")
    terminal.fails("cd ../layer && uv sync --locked --no-install-workspace")
    terminal.run("cd ../layer && uv sync --frozen --no-install-workspace")
    assert "sqlparse" in terminal.run("cd ../layer && uv pip freeze")
    terminal.run("uv sync --locked")


def test_locked_works_with_the_members_pyproject_toml_files(terminal):
    """`uv sync --locked --no-install-workspace` needs the `pyproject.toml` file of each workspace
    member, but not the member's code. It fails if the dependencies in any of these files no longer
    match the lockfile."""
    terminal.write("pyproject.toml", MEMBERS)
    terminal.write("prices/pyproject.toml", PACKAGED_PRICES)
    terminal.run("uv lock")
    terminal.run("uv sync --locked --no-install-workspace")
    assert terminal.installed() == ["asgiref", "sqlparse"]
    terminal.write("prices/pyproject.toml", PACKAGED_PRICES.replace("0.5.5", "0.5.4"))
    terminal.fails("uv sync --locked --no-install-workspace")


def test_package_installs_one_member_of_a_workspace(terminal):
    """In a workspace, `uv sync --package prices` installs the dependencies of the member `prices`,
    and not those of the root project. With `--no-install-workspace`, it needs only the
    `pyproject.toml` files, and with `--no-editable`, it copies the member's code into the virtual
    environment."""
    terminal.write("pyproject.toml", MEMBERS)
    terminal.write("prices/pyproject.toml", PACKAGED_PRICES)
    terminal.run("uv lock")
    terminal.run("uv sync --locked --package prices --no-install-workspace")
    assert terminal.installed() == ["sqlparse"]
    terminal.write("prices/src/prices/__init__.py", "PRICE = 9\n")
    terminal.run("uv sync --locked --package prices --no-editable && rm -r prices")
    assert terminal.run(".venv/bin/python -c 'import prices; print(prices.PRICE)'") == "9"

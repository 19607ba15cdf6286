"""Migrating from Poetry to uv"""

from guide.content.examples import examples
from guide.engine.uv import PYTHON_IMAGE

UV = examples()[0].uv_image
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
BOTH = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["asgiref==3.11.1"]

[dependency-groups]
dev = ["iniconfig==2.3.0"]

[tool.poetry]
package-mode = false
"""
DYNAMIC = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dynamic = ["dependencies"]

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
asgiref = "^3.11"
"""
OPTIONAL = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"

[tool.poetry.group.test.dependencies]
iniconfig = "2.3.0"

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
asgiref = "3.11.1"
"""
MIGRATE = "uvx --quiet migrate-to-uv@0.12.0 --skip-lock"
SHOW = "grep -A2 '^.build-system' pyproject.toml"


LOCKED_NAMES = "grep '^name' poetry.lock"


def test_poetry_reads_dependency_groups_since_2_2(terminal, poetry):
    """Poetry 2.1 silently ignores `[dependency-groups]`, so `poetry.lock` does not contain the
    packages in these groups. Poetry 2.2 locks them."""
    terminal.write("pyproject.toml", BOTH)
    poetry("2.1.4")
    terminal.run("poetry --version && poetry lock")
    assert terminal.run(LOCKED_NAMES) == 'name = "asgiref"'
    poetry("2.2.0")
    terminal.run("poetry --version && poetry lock")
    assert "iniconfig" in terminal.run(LOCKED_NAMES)


def test_poetry_2_2_refuses_a_lockfile_of_poetry_2_5(terminal, poetry):
    """In a project with `[dependency-groups]`, `poetry check --lock` fails in Poetry 2.2 if Poetry
    2.5 wrote the lockfile."""
    terminal.write("pyproject.toml", BOTH)
    poetry()
    terminal.run("poetry --version && poetry lock")
    poetry("2.2.0")
    assert "changed significantly" in terminal.fails("poetry --version && poetry check --lock")


def test_poetry_and_migrate_to_uv_leave_an_optional_group_out(terminal, poetry):
    """By default, Poetry does not install optional groups. migrate-to-uv keeps an optional group
    but does not make it a default group. Even with the option `--dependency-groups-strategy
    include-in-dev`, it does not add the optional group to the `dev` group."""
    terminal.write("pyproject.toml", OPTIONAL)
    poetry()
    in_project = "POETRY_VIRTUALENVS_IN_PROJECT=true"
    terminal.run(f"{in_project} poetry lock && {in_project} poetry install --quiet")
    assert "asgiref" not in terminal.installed()
    option = "--dry-run --dependency-groups-strategy include-in-dev"
    groups = "sed -n '/^.dependency-groups/,/^$/p'"
    written = terminal.run(f"{MIGRATE.replace(' --quiet', '')} {option} 2>&1 | {groups}")
    assert 'docs = ["asgiref==3.11.1"]' in written
    assert 'dev = [{ include-group = "test" }]' in written
    terminal.run(MIGRATE)
    assert terminal.run("grep default-groups pyproject.toml") == 'default-groups = ["test"]'


def test_poetry_env_remove_also_removes_the_venv_of_uv(terminal, poetry):
    """`poetry env remove --all` removes the project's `.venv` even if uv created it."""
    terminal.write("pyproject.toml", BOTH)
    poetry()
    terminal.run("uv sync && ls -d .venv")
    terminal.run("poetry env remove --all")
    terminal.fails("ls -d .venv")


def test_poetry_2_2_needs_python_3_9(terminal):
    """Poetry 2.2 requires Python 3.9 or later, so uv cannot resolve it for Python 3.8."""
    resolve = "echo poetry==2.2.0 | uv pip compile --quiet --no-deps --python-version"
    assert "Python>=3.9" in terminal.fails(f"{resolve} 3.8 -")
    terminal.run(f"{resolve} 3.9 - | grep ^poetry")


def test_migrate_to_uv_needs_every_path_dependency(terminal):
    """migrate-to-uv stops if the folder of a path dependency is missing, even if only an optional
    group contains that dependency."""
    by_path = OPTIONAL.replace('asgiref = "3.11.1"', 'plugin = { path = "plugins/one" }')
    terminal.write("pyproject.toml", by_path)
    tool = MIGRATE.removesuffix(" --skip-lock")
    assert "Distribution not found at" in terminal.fails(tool)


def test_migrate_to_uv_stops_at_dynamic_dependencies(terminal):
    """migrate-to-uv cannot lock a project that lists `dependencies` under `dynamic`. If you remove
    that entry, migrate-to-uv moves the dependencies from `[tool.poetry.dependencies]` to
    `[project]`."""
    terminal.write("pyproject.toml", DYNAMIC)
    tool = MIGRATE.removesuffix(" --skip-lock").replace(" --quiet", "")
    terminal.fails(f"{tool} 2> log")
    assert "cannot provide a value for" in terminal.run(
        "grep -m1 'configuration error' log | cut -c 1-125"
    )
    terminal.run("sed -i '/^dynamic = /d' pyproject.toml")
    terminal.run(tool)
    assert terminal.run("grep -A2 '^dependencies' pyproject.toml") == (
        'dependencies = ["asgiref>=3.11,<4"]\n\n[tool.uv]'
    )


def test_migrate_to_uv_drops_comments_and_keeps_a_build_system(terminal):
    """migrate-to-uv drops comments next to dependencies. It replaces Poetry's build backend with
    `uv_build` and adds classifiers, even in a project with `package-mode = false`."""
    mode = "authors = []\npackage-mode = false\n"
    text = POETRY.replace("authors = []\n", mode).replace(
        'asgiref = "^3.11"', 'asgiref = "^3.11"  # 4 needs Python 3.12'
    )
    terminal.write("pyproject.toml", text)
    terminal.run("git init --quiet && git add pyproject.toml")
    terminal.run(f"{MIGRATE} 2> /dev/null")
    changes = terminal.run("git diff --unified=0 pyproject.toml | tail -n +5")
    assert "# 4 needs Python 3.12" in changes
    written = (terminal.folder / "pyproject.toml").read_text()
    assert "# 4 needs" not in written
    assert {"package = false", 'build-backend = "uv_build"'} <= {*written.splitlines()}
    assert "classifiers = [" in written


def test_migrate_to_uv_needs_a_python_that_the_project_allows(terminal):
    """migrate-to-uv needs a Python version that the project allows. If no such version is installed
    and Python downloads are disabled, it stops before it changes `pyproject.toml`."""
    terminal.write("pyproject.toml", POETRY.replace('"^3.11"\nasg', '"~3.99"\nasg'))
    before = terminal.run("cat pyproject.toml")
    tool = MIGRATE.removesuffix(" --skip-lock")
    assert "No interpreter found" in terminal.fails(tool)
    assert (terminal.folder / "pyproject.toml").read_text().strip() == before


def test_migrate_to_uv_replaces_poetrys_build_back_end(terminal):
    """By default, migrate-to-uv replaces Poetry's build backend with `uv_build`. With
    `--keep-current-build-backend`, it keeps Poetry's build backend."""
    terminal.write("pyproject.toml", POETRY)
    terminal.run(f"{MIGRATE} --dry-run --keep-current-build-backend > kept.toml 2>&1")
    assert "poetry.core.masonry.api" in terminal.run("grep build-backend kept.toml")
    terminal.run(f"{MIGRATE} 2> /dev/null")
    assert 'build-backend = "uv_build"' in terminal.run(SHOW)


def test_migrate_to_uv_takes_hatch_where_packages_are_listed(terminal):
    """If the Poetry configuration lists `packages` with a source folder (`from`), migrate-to-uv
    chooses Hatchling as the build backend and prints a warning."""
    packages = 'packages = [{ include = "shop", from = "src" }]\n'
    terminal.write("pyproject.toml", POETRY.replace("authors = []\n", f"authors = []\n{packages}"))
    assert "Build backend was migrated to Hatch" in terminal.run(MIGRATE.replace(" --quiet", ""))
    assert 'build-backend = "hatchling.build"' in terminal.run(SHOW)


def test_migrate_to_uv_turns_a_caret_into_two_bounds(terminal):
    """migrate-to-uv converts the constraint `^3.11` to `>=3.11,<4`, and `~0.5` to `>=0.5,<0.6`."""
    tilde = POETRY.replace('asgiref = "^3.11"', 'asgiref = "^3.11"\nsqlparse = "~0.5"')
    terminal.write("pyproject.toml", tilde)
    terminal.run(f"{MIGRATE} 2> /dev/null")
    written = terminal.run("sed -n '/^dependencies/,/^]/p' pyproject.toml")
    assert '"asgiref>=3.11,<4"' in written
    assert '"sqlparse>=0.5,<0.6"' in written


def test_git_reverts_several_merges(terminal):
    """`git revert -m 1` can revert several merge commits at once if you list them from newest to
    oldest. `git rev-list` prints commits in that order."""
    terminal.write("~/.gitconfig", "[user]\nname = Dev\nemail = dev@example.com\n")
    terminal.run(
        "git init --quiet --initial-branch main && git commit --quiet --allow-empty -m Old"
    )
    steps = "lock image pipeline"
    change = "git switch --quiet -c $step && echo uv > $step && git add $step"
    merge = "git switch --quiet main && git merge --quiet --no-ff -m Merge-$step $step"
    terminal.run(
        f"for step in {steps}; do {change} && git commit --quiet -m $step && {merge}; done"
    )
    assert terminal.run("ls").split() == ["image", "lock", "pipeline"]
    merges = "git rev-list --merges --first-parent --max-count 3 HEAD"
    terminal.run(f"git revert --no-edit -m 1 $({merges}) > /dev/null && git log -n 3 --format=%s")
    assert terminal.run("ls") == ""


def test_pip_compiles_what_it_installs(terminal):
    """By default, pip compiles packages to bytecode when it installs them. With `--no-compile`, it
    does not."""
    count = "find .venv/lib/*/site-packages/asgiref -name '*.pyc' | wc -l"
    terminal.run("uv venv --quiet --seed && .venv/bin/pip install --quiet asgiref==3.11.1")
    assert int(terminal.run(count)) > 5
    terminal.run("uv venv --quiet --clear --seed")
    terminal.run(".venv/bin/pip install --quiet --no-compile asgiref==3.11.1")
    assert terminal.run(count) == "0"


def test_pip_keeps_what_it_downloads_in_a_cache(terminal):
    """pip keeps the packages that it downloads in a cache in the home folder. With
    `--no-cache-dir`, it keeps nothing."""
    install = "uv venv --quiet --clear --seed && HOME=$PWD/home .venv/bin/pip install --quiet"
    count = "find home -type f | wc -l"
    terminal.run(f"mkdir home && {install} --no-cache-dir asgiref==3.11.1")
    assert terminal.run(count) == "0"
    terminal.run(f"{install} asgiref==3.11.1")
    assert int(terminal.run(count)) > 0


def test_uv_sync_reads_no_page_of_the_index(terminal):
    """`uv sync --locked` makes no index requests, because `uv.lock` contains the download URLs. In
    contrast, `uv pip sync` has to query the index when it installs from an exported requirements
    file."""
    terminal.write("pyproject.toml", LOCKED)
    terminal.run("uv lock && uv export --quiet --no-hashes -o requirements.txt > /dev/null")
    pages = "--no-cache --verbose 2>&1 | grep -c 'No cache entry for.*/simple/' || true"
    assert terminal.run(f"uv sync --locked {pages}") == "0"
    terminal.run("uv venv --quiet --clear")
    assert int(terminal.run(f"uv pip sync requirements.txt {pages}")) > 0


IN_IMAGE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
ENV PATH="/app/.venv/bin:$PATH"
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
COPY . .
"""
OUTSIDE = IN_IMAGE.replace(
    'ENV PATH="/app/.venv/bin:$PATH"',
    'ENV UV_PROJECT_ENVIRONMENT=/opt/venv PATH="/opt/venv/bin:$PATH"',
)
FORMATTER = LOCKED.replace("asgiref==3.11.1", "sqlparse==0.5.5")


def write_image(docker, dockerfile, project=LOCKED):
    docker.write("pyproject.toml", project)
    docker.run("uv lock")
    docker.write("Dockerfile", dockerfile)


def test_a_mount_over_the_code_hides_the_environment(docker):
    """Mounting a folder over `/app` hides `/app/.venv`, so Python does not find the installed
    packages. A virtual environment outside the mounted folder, for example at `/opt/venv`, stays
    visible."""
    mounted = "docker run --rm --volume .:/app shop python -c 'import asgiref'"
    write_image(docker, IN_IMAGE)
    docker.build()
    docker.start("python -c 'import asgiref'")
    assert "No module named 'asgiref'" in docker.fails(mounted)
    docker.write("Dockerfile", OUTSIDE)
    docker.build()
    docker.run(mounted)


def test_a_venv_that_dockerignore_does_not_name_is_in_the_image(docker):
    """Unless `.dockerignore` excludes `.venv`, `COPY . .` copies your local `.venv` over the
    virtual environment that the build created."""
    write_image(docker, IN_IMAGE)
    docker.run("uv sync --quiet && touch .venv/from-the-laptop")
    docker.build()
    docker.start("ls .venv/from-the-laptop")
    docker.write(".dockerignore", ".venv\n")
    docker.build()
    docker.start_fails("ls .venv/from-the-laptop")


def test_a_full_path_to_a_program_fails_at_the_start(docker):
    """If you switch from the system Python to a virtual environment and `CMD` still contains a
    program's old full path, the build succeeds, but the container does not start. With only the
    program's name in `CMD`, the container starts."""
    write_image(docker, f'{IN_IMAGE}CMD ["/usr/local/bin/sqlformat", "--version"]\n', FORMATTER)
    docker.build()
    assert "no such file or directory" in docker.start_fails()
    docker.write("Dockerfile", f'{IN_IMAGE}CMD ["sqlformat", "--version"]\n')
    docker.build()
    assert docker.start() == "0.5.5"


def test_poetry_in_the_python_of_the_service_is_in_the_image(docker):
    """If you install Poetry into the Python that runs your service, the image also contains Poetry
    and its dependencies. To list the Python packages in an image, use `importlib.metadata`."""
    program = "import importlib.metadata as m; print(*sorted({d.name for d in m.distributions()}))"
    write_image(docker, f"FROM {PYTHON_IMAGE}\nRUN pip install --quiet poetry==2.5.1\n")
    docker.build()
    before = docker.start(f'python -c "{program}"').split()
    docker.write("Dockerfile", IN_IMAGE)
    docker.build()
    assert docker.start(f'python -c "{program}"').split() == ["asgiref"]
    assert {"poetry", "pip", "requests"} <= {*before}

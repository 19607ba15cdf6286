"""What was typed with Poetry and what is typed with uv, run on twin projects and compared.

The twins want the same packages and lock the same versions. Each row starts from a copy of both,
types one line in each, and looks at what came of it.
"""

import base64
import email
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from guide import ROOT, Problem
from guide.content.tool_versions import tools
from guide.engine import terminal as terminals
from guide.machine.commands import reason, run
from guide.machine.installing import cached
from guide.machine.progress import doing
from guide.machine.serving import FolderHandler, folder_server
from guide.record import uv_versions
from guide.start.environment import find_uv

EXPORT_PLUGIN = "poetry-plugin-export==1.10.1"


def poetry() -> Path:
    """The Python that has the Poetry of the examples and its export plugin, from PyPI."""
    version = tools()["poetry"]

    def install(folder: Path) -> None:
        make = ("venv", "--quiet", "--no-project", "--python", sys.executable, folder)
        run(find_uv(), *make, failing="Poetry's virtual environment could not be created")
        command = ("pip", "install", "--quiet", "--compile-bytecode", "--python", folder)
        packages = (f"poetry=={version}", EXPORT_PLUGIN)
        run(find_uv(), *command, *packages, failing=f"Poetry {version} could not be installed")

    return cached(f"poetry-{version}", install, "poetry") / "bin/python"


# Poetry asks the package index's JSON API about single releases. Where the index is a mirror that
# has only the simple API, this answers out of that; elsewhere it changes nothing.
SHIM = """\
#!{python}
import sys

sys.path.append("{scripts}")
from guide.engine.release_api import release
from poetry.console.application import main
from poetry.repositories.pypi_repository import PyPiRepository

ask = PyPiRepository._get


def get(self, endpoint, *arguments, **options):
    answer = ask(self, endpoint, *arguments, **options)
    words = endpoint.strip("/").split("/")
    if answer is None and len(words) == 4 and words[-1] == "json":
        return release(self._base_url + "simple", words[1], words[2])
    return answer


PyPiRepository._get = get
sys.exit(main())
"""


# --- the twins ---

POETRY = """\
[tool.poetry]
name = "shop"
version = "1.0.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"
markdown-it-py = "3.0.0"
sqlparse = ">=0.5.3,<0.5.5"
et-xmlfile = { version = "2.0.0", optional = true }
webencodings = { version = "0.5.1", optional = true }

[tool.poetry.extras]
reports = ["et-xmlfile"]
pages = ["webencodings"]

[tool.poetry.group.dev.dependencies]
iniconfig = ">=2.0.0,<2.2"

[tool.poetry.group.lint.dependencies]
mccabe = "0.7.0"

[tool.poetry.group.test]
optional = true

[tool.poetry.group.test.dependencies]
pluggy = "1.5.0"
"""
UV = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11,<4"
dependencies = [
    "markdown-it-py==3.0.0",
    "sqlparse>=0.5.3,<0.5.5",
]

[project.optional-dependencies]
reports = ["et-xmlfile==2.0.0"]
pages = ["webencodings==0.5.1"]

[dependency-groups]
dev = ["iniconfig>=2.0.0,<2.2"]
lint = ["mccabe==0.7.0"]
test = ["pluggy==1.5.0"]

[tool.uv]
package = false
default-groups = ["dev", "lint"]
"""
# With these, the first lockfile has older versions than the ranges allow.
OLD = {">=0.5.3,<0.5.5": "==0.5.3", ">=2.0.0,<2.2": "==2.0.0"}
# What makes packages of them.
POETRY_PACKAGE = """
[tool.poetry.scripts]
shop = "shop:main"

[build-system]
requires = ["poetry-core>=2,<3"]
build-backend = "poetry.core.masonry.api"
"""
UV_PACKAGE = """
[project.scripts]
shop = "shop:main"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
MODULE = 'import sys\n\n\ndef main():\n    print("shop", *sys.argv[1:])\n'
# A package of the private index.
PRIVATE = """\
[project]
name = "acme-vat"
version = "1.2.0"

[build-system]
requires = ["uv_build>=0.13,<0.14"]
build-backend = "uv_build"
"""
# How the commands call the index that stands behind the password.
INDEX = "http://packages.example.com/simple/"


@dataclass
class Twin(terminals.Terminal):
    """A project in `~/shop` and the tool that manages it, "poetry" or "uv"."""

    tool: str = ""
    # Where the private index really is.
    index: str = ""
    # Where the tool's other files are: its program, and the projects to start from.
    place: Path = Path()
    # What the project was copied from.
    state: str = ""

    @property
    def programs(self) -> tuple[str, ...]:
        return (*super().programs, str(self.place))

    @property
    def environ(self) -> dict[str, str]:
        return {
            **super().environ,
            "POETRY_CACHE_DIR": f"{self.cache}-poetry",
            "POETRY_CONFIG_DIR": str(self.home / "config"),
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "POETRY_NO_INTERACTION": "1",
            # No keyring of this machine: Poetry keeps passwords in a file beside its settings.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def _really(self, command: str) -> str:
        return command.replace(INDEX, self.index)

    def normalised(self, output: str) -> str:
        return super().normalised(output.replace(self.index, INDEX))

    def begin(self, state: str) -> None:
        """Make the home folder anew, with the project in one of the STATES."""
        kept = self.place / state
        if not kept.exists():
            STATES[state](self)
            self.folder.rename(kept)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(kept, self.folder, symlinks=True)
        self.state = state

    def type(self, command: str, before: str = "", then: str = "") -> tuple[str, int]:
        """What a command prints, and its exit code. Raises Problem if the others fail."""
        script = [command, "code=$?"]
        if before:
            script.insert(0, f"{{ {before}; }} > {self.place}/log 2>&1 || exit {BROKEN}")
        if then:
            script.append(f"{{ {then}; }} > {self.place}/log 2>&1 || exit {BROKEN}")
        output, code = self._type("\n".join([*script, "exit $code"]))
        if code == BROKEN:
            log = (self.place / "log").read_text()
            raise Problem(f"{before or then} failed beside {command!r}: {reason(log)}")
        return output, code


# The exit code of a script that did not get to what was to be tried.
BROKEN = 99


def _locked(twin: Twin) -> None:
    """The project with a lockfile that could be newer, and no environment."""
    shutil.rmtree(twin.home, ignore_errors=True)
    text = POETRY if twin.tool == "poetry" else UV
    old = text
    for new_range, old_version in OLD.items():
        old = old.replace(new_range, old_version)
    for each in (old, text):
        twin.write("pyproject.toml", each)
        twin.run(f"{twin.tool} lock")


def _installed(twin: Twin) -> None:
    """The same, with its environment."""
    twin.begin("locked")
    twin.run("poetry install" if twin.tool == "poetry" else "uv sync")


def _packaged(twin: Twin) -> None:
    """The same as a package, with no environment."""
    twin.begin("locked")
    text, package = (POETRY, POETRY_PACKAGE) if twin.tool == "poetry" else (UV, UV_PACKAGE)
    twin.write("pyproject.toml", re.sub("(?m)^package(-mode)? = false\n", "", text) + package)
    twin.write("src/shop/__init__.py", MODULE)
    twin.run(f"{twin.tool} lock")


def _private(twin: Twin) -> None:
    """The project with a package of the private index in its lockfile."""
    twin.begin("locked")
    twin.run(f"{CREDENTIALS[twin.tool]}; {SOURCE[twin.tool]}")
    shutil.rmtree(twin.folder / ".venv")


def _empty(twin: Twin) -> None:
    """A folder with nothing in it."""
    shutil.rmtree(twin.home, ignore_errors=True)
    twin.folder.mkdir(parents=True)


STATES = {
    "empty": _empty,
    "locked": _locked,
    "installed": _installed,
    "packaged": _packaged,
    "private": _private,
}
CREDENTIALS = {
    "poetry": "export POETRY_HTTP_BASIC_ACME_USERNAME=alice POETRY_HTTP_BASIC_ACME_PASSWORD=secret",
    "uv": "export UV_INDEX_ACME_USERNAME=alice UV_INDEX_ACME_PASSWORD=secret",
}
SOURCE = {
    "poetry": f"poetry source add --priority=explicit acme {INDEX} && "
    "poetry add --source acme acme-vat",
    "uv": f"uv add --index acme={INDEX} acme-vat",
}


@contextmanager
def twins() -> Iterator[tuple[Twin, Twin]]:
    """The two projects, with a private index beside them."""
    uv = uv_versions.installed()
    program = poetry()
    with tempfile.TemporaryDirectory(prefix="guide-twins-") as name:
        folder = Path(name)
        with _private_index(folder, uv) as index:
            made = []
            for tool in ("poetry", "uv"):
                place = folder / tool
                place.mkdir()
                twin = Twin(folder / f"{tool}-home", uv, str(folder / "cache"))
                twin.tool, twin.index, twin.place = tool, index, place
                made.append(twin)
            shim = made[0].place / "poetry"
            shim.write_text(SHIM.format(python=program, scripts=ROOT / "scripts"))
            shim.chmod(0o755)
            yield tuple(made)


@contextmanager
def _private_index(folder: Path, uv: str) -> Iterator[str]:
    """The address of a package index with one package, which wants a name and a password."""
    source = terminals.Terminal(folder / "acme", uv, str(folder / "cache"))
    source.home.mkdir()
    source.write("pyproject.toml", PRIVATE)
    source.write("src/acme_vat/__init__.py", "")
    simple = folder / "index/simple/acme-vat"
    source.run(f"uv build --wheel --out-dir {simple}")
    (wheel,) = simple.glob("*.whl")
    (simple / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    with folder_server(folder / "index", _PasswordHandler) as origin:
        yield f"{origin}/simple/"


class _PasswordHandler(FolderHandler):
    def do_GET(self) -> None:
        wanted = f"Basic {base64.b64encode(b'alice:secret').decode()}"
        if self.headers.get("Authorization") == wanted:
            super().do_GET()
            return
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *arguments) -> None:
        """Nothing: the answers are of no interest."""


# --- what is looked at ---


@dataclass(frozen=True)
class Outcome:
    """A twin after its line was typed, with what that printed and its exit code."""

    twin: Twin
    output: str
    code: int


def _packages(environment: Path) -> list[str]:
    """What is installed, but for pip: Poetry puts that into each environment, uv does not."""
    sites = environment.glob("lib/python*/site-packages")
    found = distributions(path=[str(each) for each in sites])
    return sorted(_pin(each.name, each.version) for each in found if each.name != "pip")


def _lockfile(outcome: Outcome) -> list[str]:
    file = outcome.twin.folder / f"{outcome.twin.tool}.lock"
    packages = tomllib.loads(file.read_text())["package"]
    return sorted(
        _pin(each["name"], each["version"]) for each in packages if each["name"] != "shop"
    )


def _pin(name: str, version: str) -> str:
    return f"{canonicalize_name(name)}=={version}"


def _version(outcome: Outcome) -> str:
    content = tomllib.loads((outcome.twin.folder / "pyproject.toml").read_text())
    project = content["project"] if outcome.twin.tool == "uv" else content["tool"]["poetry"]
    return project["version"]


def _written(outcome: Outcome) -> list[str]:
    """The lines that pyproject.toml has now and had not, without their indentation."""
    name = "pyproject.toml"
    before = (outcome.twin.place / outcome.twin.state / name).read_text().splitlines()
    after = (outcome.twin.folder / name).read_text().splitlines()
    added = [line.strip(" ,") for line in after if line.strip() and line not in before]
    return [outcome.twin.normalised(line) for line in added]


def _files(outcome: Outcome) -> list[str]:
    """The files of the project, without what Git does not see."""
    folder = outcome.twin.folder
    files = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
    return sorted(str(each) for each in files if not {".git", ".venv"} & {*each.parts})


def _wheel(outcome: Outcome) -> dict[str, object]:
    """The files of the wheel and what is in them, without what names the tool and its layout."""
    (file,) = (outcome.twin.folder / "dist").glob("*.whl")
    found: dict[str, object] = {}
    with ZipFile(file) as wheel:
        for name in sorted(wheel.namelist()):
            text = wheel.read(name).decode()
            if name.endswith("/METADATA"):
                metadata = email.message_from_string(text)
                needs = sorted(
                    str(Requirement(each)) for each in metadata.get_all("Requires-Dist", [])
                )
                found[name] = [metadata["Name"], metadata["Version"], *needs]
            elif name.endswith("/entry_points.txt"):
                found[name] = text.replace(" = ", "=").strip()
            elif not name.endswith(("/", "/RECORD", "/WHEEL")):
                found[name] = text
    return found


def _named(outcome: Outcome) -> list[str]:
    """The packages of the twins that an output names."""
    pattern = rf"(?<![\w-])({'|'.join(PACKAGES)})(?![\w-])"
    return sorted({*re.findall(pattern, outcome.output)})


def _required(outcome: Outcome) -> list[str]:
    """The requirements that an output pins, each with its hashes."""
    text = outcome.output.replace("\\\n", " ")
    found = re.findall(r"(?m)^([a-z][\w-]*==[\w.]+)(.*)", text)
    return [" ".join([pin, *sorted(re.findall(r"sha256:\S+", rest))]) for pin, rest in found]


def _compiled(outcome: Outcome) -> bool:
    """Whether there is bytecode of each module but pip's."""
    (site,) = (outcome.twin.folder / ".venv").glob("lib/python*/site-packages")
    modules = [each for each in site.rglob("*.py") if each.relative_to(site).parts[0] != "pip"]
    caches = (each.parent / "__pycache__" for each in modules)
    return all(
        [*cache.glob(f"{each.stem}.*.pyc")] for each, cache in zip(modules, caches, strict=True)
    )


# What can be compared, by what the page calls it.
LOOKS: dict[str, Callable[[Outcome], object]] = {
    "packages in the environment": lambda outcome: _packages(outcome.twin.folder / ".venv"),
    "packages in ~/venv": lambda outcome: _packages(outcome.twin.home / "venv"),
    "lockfile": _lockfile,
    "version": _version,
    "lines written": _written,
    "files": _files,
    "wheel": _wheel,
    "exit code": lambda outcome: outcome.code,
    "output": lambda outcome: outcome.output,
    "packages named": _named,
    "requirements and hashes": _required,
    "distributions named": lambda outcome: sorted(
        {*re.findall(r"shop-[\w.-]+?\.(?:whl|tar\.gz)", outcome.output)}
    ),
    "whether modules are compiled": _compiled,
    "environment exists": lambda outcome: (outcome.twin.folder / ".venv").exists(),
    "files in the cache": lambda outcome: len(
        [each for each in (outcome.twin.home / "cache").rglob("*") if each.is_file()]
    ),
}


# --- the rows ---


@dataclass(frozen=True)
class Row:
    """A line for each tool, typed in the same situation, and what is compared afterwards.

    `same` are the LOOKS that show no difference. `differs` has a sentence for each that does:
    in it, {poetry} and {uv} are what was seen, {only_poetry} and {only_uv} what the other lacks.
    """

    group: str
    poetry: str
    uv: str
    same: tuple[str, ...] = ()
    differs: dict[str, str] = field(default_factory=dict)
    # The situation: for the reader, and how it comes about on either side.
    when: str = ""
    state: str = "locked"
    before: tuple[str, str] = ("", "")
    # What has to work afterwards, before anything is looked at.
    then: tuple[str, str] = ("", "")


ENVIRONMENT, LOCK = "packages in the environment", "lockfile"
COMPILED = "whether modules are compiled"
STALE = ("sed -i s/0.7.0/0.6.1/ pyproject.toml",) * 2
IS_STALE = {"when": "pyproject.toml has changed since the lock", "before": STALE}
HAS_MORE = {
    "when": "with a package in the environment that nothing asks for",
    "state": "installed",
    "before": (
        "poetry run pip install text-unidecode==1.3",
        "uv pip install text-unidecode==1.3",
    ),
}
IMPORT = "python -c 'import sqlparse; print(sqlparse.__version__)'"
ROWS = (
    Row("Install", "poetry install", "uv sync", (ENVIRONMENT, COMPILED)),
    Row("Install", "poetry install", "uv sync --locked", ("exit code",), **IS_STALE),
    Row(
        "Install",
        "poetry install",
        "uv sync",
        differs={"exit code": "Poetry refuses. uv locks anew and installs."},
        **IS_STALE,
    ),
    Row(
        "Install",
        "poetry install",
        "uv sync",
        differs={ENVIRONMENT: "Poetry leaves {only_poetry}. uv removes it."},
        **HAS_MORE,
    ),
    Row("Install", "poetry install", "uv sync --inexact", (ENVIRONMENT,), **HAS_MORE),
    Row("Install", "poetry sync", "uv sync", (ENVIRONMENT,), **HAS_MORE),
    Row("Install", "poetry install --only main", "uv sync --no-default-groups", (ENVIRONMENT,)),
    Row("Install", "poetry install --without dev", "uv sync --no-group dev", (ENVIRONMENT,)),
    Row("Install", "poetry install --only lint", "uv sync --only-group lint", (ENVIRONMENT,)),
    Row("Install", "poetry install --with test", "uv sync --group test", (ENVIRONMENT,)),
    Row("Install", "poetry install --extras reports", "uv sync --extra reports", (ENVIRONMENT,)),
    Row("Install", "poetry install --all-extras", "uv sync --all-extras", (ENVIRONMENT,)),
    Row(
        "Install",
        "poetry install --no-root",
        "uv sync --no-install-project",
        (ENVIRONMENT,),
        when="in a project that is a package",
        state="packaged",
    ),
    Row(
        "Install",
        "poetry install --compile",
        "uv sync --compile-bytecode",
        (ENVIRONMENT, COMPILED),
    ),
    Row(
        "Change packages",
        "poetry add text-unidecode",
        "uv add text-unidecode",
        (ENVIRONMENT, LOCK),
        {"lines written": "Poetry writes {poetry}, uv {uv}."},
        state="installed",
    ),
    Row(
        "Change packages",
        "poetry add text-unidecode",
        "uv add --bounds major text-unidecode",
        (ENVIRONMENT, LOCK),
        {"lines written": "Poetry writes {poetry}, uv {uv}."},
        state="installed",
    ),
    Row(
        "Change packages",
        "poetry add --group dev text-unidecode",
        "uv add --group dev text-unidecode",
        (ENVIRONMENT, LOCK),
        state="installed",
    ),
    Row(
        "Change packages",
        "poetry remove markdown-it-py",
        "uv remove markdown-it-py",
        (ENVIRONMENT, LOCK),
        state="installed",
    ),
    Row("Lock", "poetry lock", "uv lock", (LOCK,), **IS_STALE),
    Row("Lock", "poetry lock --regenerate", "uv lock --upgrade", (LOCK,)),
    Row("Lock", "poetry update", "uv sync --upgrade", (ENVIRONMENT, LOCK), state="installed"),
    Row(
        "Lock",
        "poetry update sqlparse",
        "uv sync --upgrade-package sqlparse",
        (ENVIRONMENT, LOCK),
        state="installed",
    ),
    Row("Lock", "poetry check --lock", "uv lock --check", ("exit code",)),
    Row("Lock", "poetry check --lock", "uv lock --check", ("exit code",), **IS_STALE),
    Row(
        "Lock",
        "poetry check --lock",
        "uv lock --check",
        differs={"exit code": "uv's lockfile has the project's version too, so uv fails."},
        when="the project's version was edited by hand",
        before=("sed -i s/1.0.0/1.0.1/ pyproject.toml",) * 2,
    ),
    Row(
        "Look",
        "poetry show",
        "uv pip list",
        differs={"packages named": "uv lists the environment only, so not {only_poetry}."},
        state="installed",
    ),
    Row("Look", "poetry show --tree", "uv tree", ("packages named",), state="installed"),
    Row(
        "Look",
        "poetry show --top-level",
        "uv tree --depth 1",
        ("packages named",),
        state="installed",
    ),
    Row(
        "Look",
        "poetry show --tree --why mdurl",
        "uv tree --invert --package mdurl",
        ("packages named",),
        state="installed",
    ),
    Row(
        "Look",
        "poetry show --outdated",
        "uv pip list --outdated",
        differs={"packages named": "uv looks at the environment only, so not at {only_poetry}."},
        state="installed",
    ),
    Row(
        "Look",
        "poetry export",
        "uv export --no-default-groups",
        ("requirements and hashes",),
    ),
    Row(
        "Look",
        "poetry export",
        "uv export",
        differs={"packages named": "uv exports the default groups too: {only_uv}."},
    ),
    Row("Run", f"poetry run {IMPORT}", f"uv run {IMPORT}", ("output",), state="installed"),
    Row(
        "Run",
        f"poetry run {IMPORT}",
        f"uv run {IMPORT}",
        differs={"exit code": "Poetry runs it without the packages. uv installs them first."},
        when="before anything is installed",
    ),
    Row(
        "Run",
        "poetry run shop --all",
        "uv run shop --all",
        ("output",),
        when="a script of a project that is a package",
        state="packaged",
        before=("poetry install", "uv sync"),
    ),
    Row(
        "Run",
        "eval $(poetry env activate) && which python",
        "source .venv/bin/activate && which python",
        ("output",),
        state="installed",
    ),
    Row("Run", "poetry run pip list", "uv pip list", ("packages named",), state="installed"),
    Row("Version and build", "poetry version --short", "uv version --short", ("output",)),
    Row(
        "Version and build",
        "poetry version patch",
        "uv version --bump patch",
        ("version",),
        {ENVIRONMENT: "uv locks and installs as well."},
    ),
    Row(
        "Version and build",
        "poetry build",
        "uv build",
        ("wheel", "distributions named"),
        state="packaged",
    ),
    Row(
        "Version and build",
        "poetry publish --dry-run --repository acme",
        f"uv publish --dry-run --publish-url {INDEX}",
        ("distributions named",),
        state="packaged",
        before=(f"poetry build && poetry config repositories.acme {INDEX}", "uv build"),
    ),
    Row("Environment", "poetry env use python3", "uv venv --python python3", (ENVIRONMENT,)),
    Row(
        "Environment",
        "poetry env info --executable",
        "uv python find",
        ("output",),
        state="installed",
    ),
    Row(
        "Environment",
        "poetry env remove --all",
        "rm -rf .venv",
        ("environment exists",),
        state="installed",
    ),
    Row(
        "Environment",
        "poetry config virtualenvs.create false",
        "export UV_PROJECT_ENVIRONMENT=~/venv",
        differs={"packages in ~/venv": "Poetry leaves {only_poetry} there. uv removes it."},
        when="install into an environment that is there already",
        before=(
            "uv venv ~/venv && uv pip install --python ~/venv text-unidecode==1.3",
            "uv venv ~/venv && uv pip install --python ~/venv text-unidecode==1.3",
        ),
        then=(
            "unset POETRY_VIRTUALENVS_IN_PROJECT && source ~/venv/bin/activate && poetry install",
            "uv sync",
        ),
    ),
    Row(
        "Environment",
        "poetry cache clear --all PyPI --no-interaction",
        "uv cache clean",
        differs={"files in the cache": "Poetry keeps the downloaded packages ({poetry} files)."},
        before=(
            "export POETRY_CACHE_DIR=~/cache && poetry install",
            "export UV_CACHE_DIR=~/cache && uv sync",
        ),
    ),
    Row(
        "Environment",
        "poetry new store",
        "uv init store",
        differs={"files": "Only Poetry: {only_poetry}. Only uv: {only_uv}."},
        state="empty",
    ),
    Row("Environment", "poetry init --no-interaction", "uv init --bare", ("files",), state="empty"),
    Row(
        "Private index",
        SOURCE["poetry"],
        SOURCE["uv"],
        (ENVIRONMENT, LOCK),
        state="installed",
        before=(CREDENTIALS["poetry"], CREDENTIALS["uv"]),
    ),
    Row(
        "Private index",
        CREDENTIALS["poetry"],
        CREDENTIALS["uv"],
        (ENVIRONMENT,),
        state="private",
        then=("poetry install --no-cache", "uv sync --no-cache"),
    ),
    Row(
        "Private index",
        "poetry config http-basic.acme alice secret",
        f"uv auth login {INDEX} --username alice --password secret",
        (ENVIRONMENT,),
        state="private",
        then=("poetry install --no-cache", "uv sync --no-cache"),
    ),
)
# Every package that a row may meet.
PACKAGES = (
    *("acme-vat", "et-xmlfile", "iniconfig", "markdown-it-py", "mccabe", "mdurl", "pluggy"),
    *("sqlparse", "text-unidecode", "webencodings"),
)


def tried(row: Row, poetry_twin: Twin, uv_twin: Twin, recorded: dict | None = None) -> dict:
    """What came of a row. Raises Problem when it is not as the row says.

    With what was recorded of the row, Poetry's half is taken from there: its version is pinned.
    """
    halves = ((poetry_twin, row.poetry), (uv_twin, row.uv))
    seen = []
    for (twin, command), before, then in zip(halves, row.before, row.then, strict=True):
        if twin is poetry_twin and recorded:
            differs = {look: each["poetry"] for look, each in recorded["differs"].items()}
            seen.append({**recorded["same"], **differs})
            continue
        twin.begin(row.state)
        outcome = Outcome(twin, *twin.type(command, before, then))
        seen.append({look: LOOKS[look](outcome) for look in (*row.same, *row.differs)})
    poetry_saw, uv_saw = seen
    sentences = []
    for look, other in uv_saw.items():
        one = poetry_saw[look]
        if (one == other) != (look in row.same):
            what = "differ" if look in row.same else "do not differ"
            raise Problem(
                f"{row.poetry!r} and {row.uv!r} {what} in {look}: {one!r}, {other!r}. "
                "Change the row."
            )
        if look in row.differs:
            sentences.append(_sentence(row.differs[look], one, other))
    return {
        "group": row.group,
        "when": row.when,
        "poetry": row.poetry,
        "uv": row.uv,
        "same": {look: poetry_saw[look] for look in row.same},
        "differs": {look: {"poetry": poetry_saw[look], "uv": uv_saw[look]} for look in row.differs},
        "difference": " ".join(sentences),
    }


def _sentence(text: str, one: object, other: object) -> str:
    """A sentence of a row with what was seen in it."""
    pairs = {"poetry": (one, []), "uv": (other, [])}
    pairs |= {"only_poetry": (one, other), "only_uv": (other, one)}
    return text.format(**{name: _listed(*pair) for name, pair in pairs.items()})


def _listed(values: object, without: object) -> str:
    if not isinstance(values, list):
        return str(values)
    words = [f"`{value.partition('==')[0]}`" for value in values if value not in without]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def recording() -> dict:
    """Every row, as it came out."""
    with twins() as (poetry_twin, uv_twin):
        rows = []
        for row in ROWS:
            with doing("commands", f"{row.poetry} → {row.uv}"):
                rows.append(tried(row, poetry_twin, uv_twin))
    return {"rows": rows}

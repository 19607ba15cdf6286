"""Two projects with the same packages and versions, one for Poetry and one for uv.

Releases after a fixed date are ignored, so that new releases of packages change nothing.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guide import Problem
from guide.engine.terminal import Terminal
from guide.machine.commands import reason
from guide.machine.uv_releases import installed_uv
from guide.record.installed_poetry import write_poetry_program
from guide.record.package_index import private_index

# Newer files are ignored: the day after the command map was recorded. Change it only together with
# a new recording.
EXCLUDE_NEWER = "2026-11-25T00:00:00Z"

PROJECTS = Path(__file__).with_name("twin_projects")
# Replacements for version constraints, so that the first lockfile has older versions.
OLD_VERSIONS = {">=0.5.3,<0.5.5": "==0.5.3", ">=2.0.0,<2.2": "==2.0.0"}
MODULE = 'import sys\n\n\ndef main():\n    print("shop", *sys.argv[1:])\n'

# The URL of the private index in commands and transcripts.
INDEX = "https://packages.example.com/simple/"
CREDENTIALS = {
    "poetry": "export POETRY_HTTP_BASIC_ACME_USERNAME=alice POETRY_HTTP_BASIC_ACME_PASSWORD=secret",
    "uv": "export UV_INDEX_ACME_USERNAME=alice UV_INDEX_ACME_PASSWORD=secret",
}
ADD_FROM_INDEX = {
    "poetry": f"poetry source add --priority=explicit acme {INDEX} && "
    "poetry add --source acme acme-vat",
    "uv": f"uv add --index acme={INDEX} acme-vat",
}

# The exit code of a script in which something other than the command failed.
PREPARATION_FAILED = 99


@dataclass
class Twin(Terminal):
    """A project in `~/shop` and the tool that manages it, "poetry" or "uv".

    `scratch` contains the tool's program, its log, and a copy of the project in every state.
    """

    tool: str = field(kw_only=True)
    # The URL under which the private index is served.
    index: str = field(kw_only=True)
    scratch: Path = field(kw_only=True)
    # The state that the project was copied from.
    state: str = field(default="", kw_only=True)

    @property
    def program_folders(self) -> tuple[str, ...]:
        """The folders that precede the system's in PATH, including the folder of the tool."""
        return (*super().program_folders, str(self.scratch))

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a command, including Poetry's variables."""
        return {
            **super().environ,
            "UV_EXCLUDE_NEWER": EXCLUDE_NEWER,
            "POETRY_CACHE_DIR": f"{self.cache}-poetry",
            "POETRY_CONFIG_DIR": str(self.home / "config"),
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "POETRY_NO_INTERACTION": "1",
            # Makes Poetry store passwords in its settings instead of this machine's keyring.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def _script(self, command: str) -> str:
        return command.replace(INDEX, self.index)

    def normalised(self, output: str) -> str:
        """Return the normalised output with the index URL that commands use."""
        return super().normalised(output.replace(self.index, INDEX))

    def start_from(self, state: str) -> None:
        """Replace the home folder with a new one that has the project in one of the STATES."""
        template = self.scratch / state
        if not template.exists():
            STATES[state](self)
            self.folder.rename(template)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(template, self.folder, symlinks=True)
        self.state = state

    def type(self, command: str, before: str = "", then: str = "") -> tuple[str, int]:
        """Run a command in Bash, and return its output and exit code.

        `before` and `then` run before and after it in the same shell. Raises Problem if one of
        them fails.
        """
        log = self.scratch / "log"
        script = [command, "code=$?"]
        if before:
            script.insert(0, f"{{ {before}; }} > {log} 2>&1 || exit {PREPARATION_FAILED}")
        if then:
            script.append(f"{{ {then}; }} > {log} 2>&1 || exit {PREPARATION_FAILED}")
        output, code = self._type("\n".join([*script, "exit $code"]))
        if code == PREPARATION_FAILED:
            why = reason(log.read_text())
            raise Problem(f"Before or after {command!r}, {before or then!r} failed: {why}")
        return output, code

    def pyproject(self) -> str:
        """Return the text of the tool's pyproject.toml."""
        return (PROJECTS / f"{self.tool}.toml").read_text()


@contextmanager
def twins() -> Iterator[tuple[Twin, Twin]]:
    """Yield the Poetry project and the uv project, while a private package index runs."""
    uv = installed_uv()
    with tempfile.TemporaryDirectory(prefix="guide-twins-") as name:
        folder = Path(name)
        with private_index(folder, uv) as index:

            def twin(tool: str) -> Twin:
                scratch = folder / tool
                scratch.mkdir()
                home, cache = folder / f"{tool}-home", str(folder / "cache")
                return Twin(home, uv, cache, tool=tool, index=index, scratch=scratch)

            with_poetry, with_uv = twin("poetry"), twin("uv")
            write_poetry_program(with_poetry.scratch / "poetry")
            yield with_poetry, with_uv


def _empty(twin: Twin) -> None:
    """Create an empty folder."""
    shutil.rmtree(twin.home, ignore_errors=True)
    twin.folder.mkdir(parents=True)


def _locked(twin: Twin) -> None:
    """Create the project with outdated versions in its lockfile, and without `.venv`."""
    shutil.rmtree(twin.home, ignore_errors=True)
    text = twin.pyproject()
    old = text
    for constraint, version in OLD_VERSIONS.items():
        old = old.replace(constraint, version)
    for each in (old, text):
        twin.write("pyproject.toml", each)
        twin.run(f"{twin.tool} lock")


def _installed(twin: Twin) -> None:
    """Create the locked project with its virtual environment."""
    twin.start_from("locked")
    twin.run("poetry install" if twin.tool == "poetry" else "uv sync")


def _packaged(twin: Twin) -> None:
    """Create the locked project as a package, without `.venv`."""
    twin.start_from("locked")
    package = (PROJECTS / f"{twin.tool}-package.toml").read_text()
    text = re.sub("(?m)^package(-mode)? = false\n", "", twin.pyproject())
    twin.write("pyproject.toml", f"{text}\n{package}")
    twin.write("src/shop/__init__.py", MODULE)
    twin.run(f"{twin.tool} lock")


def _private(twin: Twin) -> None:
    """Create the project with a package of the private index in its lockfile."""
    twin.start_from("locked")
    twin.run(f"{CREDENTIALS[twin.tool]}; {ADD_FROM_INDEX[twin.tool]}")
    shutil.rmtree(twin.folder / ".venv")


STATES: dict[str, Callable[[Twin], None]] = {
    "empty": _empty,
    "locked": _locked,
    "installed": _installed,
    "packaged": _packaged,
    "private": _private,
}

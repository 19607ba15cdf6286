"""Two projects with the same packages in the same versions, one of Poetry's and one of uv's.

Releases are limited to one day, so that a new release of a package changes nothing.
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
# With these, the first lockfile has older versions than the version constraints allow.
OLD_VERSIONS = {">=0.5.3,<0.5.5": "==0.5.3", ">=2.0.0,<2.2": "==2.0.0"}
MODULE = 'import sys\n\n\ndef main():\n    print("shop", *sys.argv[1:])\n'

# The URL of the private index in commands and transcripts.
INDEX = "http://packages.example.com/simple/"
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

    `scratch` has the tool's program, its log, and a copy of the project in every state.
    """

    tool: str = field(kw_only=True)
    # The URL under which the private index is served.
    index: str = field(kw_only=True)
    scratch: Path = field(kw_only=True)
    # The state that the project was copied from.
    state: str = field(default="", kw_only=True)

    @property
    def program_folders(self) -> tuple[str, ...]:
        """The folders that come first in PATH, with the one of the tool's program."""
        return (*super().program_folders, str(self.scratch))

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables of a command, with those of Poetry."""
        return {
            **super().environ,
            "UV_EXCLUDE_NEWER": EXCLUDE_NEWER,
            "POETRY_CACHE_DIR": f"{self.cache}-poetry",
            "POETRY_CONFIG_DIR": str(self.home / "config"),
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "POETRY_NO_INTERACTION": "1",
            # Makes Poetry keep passwords beside its settings, and not in this machine's keyring.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def _script(self, command: str) -> str:
        return command.replace(INDEX, self.index)

    def normalised(self, output: str) -> str:
        """The normalised output with the URL of the index that commands use."""
        return super().normalised(output.replace(self.index, INDEX))

    def start_from(self, state: str) -> None:
        """Replace the home folder by a new one, with the project in one of the STATES."""
        template = self.scratch / state
        if not template.exists():
            STATES[state](self)
            self.folder.rename(template)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(template, self.folder, symlinks=True)
        self.state = state

    def type(self, command: str, before: str = "", then: str = "") -> tuple[str, int]:
        """Run a command in bash and return its output and exit code.

        `before` and `then` run in the same bash around it. Raises Problem if one of them fails.
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
            raise Problem(f"{before or then!r} failed beside {command!r}: {why}")
        return output, code

    def pyproject(self) -> str:
        """The text of the tool's pyproject.toml."""
        return (PROJECTS / f"{self.tool}.toml").read_text()


@contextmanager
def twins() -> Iterator[tuple[Twin, Twin]]:
    """Yield the project of Poetry and the project of uv, beside a private package index."""
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
    """Make an empty folder."""
    shutil.rmtree(twin.home, ignore_errors=True)
    twin.folder.mkdir(parents=True)


def _locked(twin: Twin) -> None:
    """Make the project with a lockfile that could be newer, and without an environment."""
    shutil.rmtree(twin.home, ignore_errors=True)
    text = twin.pyproject()
    old = text
    for constraint, version in OLD_VERSIONS.items():
        old = old.replace(constraint, version)
    for each in (old, text):
        twin.write("pyproject.toml", each)
        twin.run(f"{twin.tool} lock")


def _installed(twin: Twin) -> None:
    """Make the locked project with its environment."""
    twin.start_from("locked")
    twin.run("poetry install" if twin.tool == "poetry" else "uv sync")


def _packaged(twin: Twin) -> None:
    """Make the locked project a package, without an environment."""
    twin.start_from("locked")
    package = (PROJECTS / f"{twin.tool}-package.toml").read_text()
    text = re.sub("(?m)^package(-mode)? = false\n", "", twin.pyproject())
    twin.write("pyproject.toml", f"{text}\n{package}")
    twin.write("src/shop/__init__.py", MODULE)
    twin.run(f"{twin.tool} lock")


def _private(twin: Twin) -> None:
    """Make the project with a package of the private index in its lockfile."""
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

"""Compare the twin projects after a command has run in each of them."""

import email
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from guide.content.recording_types import Effect
from guide.record.twins import Twin

# All packages that the twins may contain.
PACKAGES = (
    *("acme-vat", "et-xmlfile", "iniconfig", "markdown-it-py", "mccabe", "mdurl", "pluggy"),
    *("sqlparse", "text-unidecode", "webencodings"),
)


@dataclass(frozen=True)
class CommandResult:
    """A twin after a command, with the output and the exit code of the command."""

    twin: Twin
    output: str
    code: int


def _installed_packages(environment: Path) -> list[str]:
    """Return the packages in a virtual environment except pip, which only Poetry installs."""
    sites = [str(each) for each in environment.glob("lib/python*/site-packages")]
    installed = distributions(path=sites)
    return sorted(_pin(each.name, each.version) for each in installed if each.name != "pip")


def _locked_packages(result: CommandResult) -> list[str]:
    file = result.twin.folder / f"{result.twin.tool}.lock"
    packages = tomllib.loads(file.read_text())["package"]
    return sorted(
        _pin(each["name"], each["version"]) for each in packages if each["name"] != "shop"
    )


def _pin(name: str, version: str) -> str:
    return f"{canonicalize_name(name)}=={version}"


def _project_version(result: CommandResult) -> str:
    content = tomllib.loads((result.twin.folder / "pyproject.toml").read_text())
    project = content["project"] if result.twin.tool == "uv" else content["tool"]["poetry"]
    return str(project["version"])


def _added_lines(result: CommandResult) -> list[str]:
    """Return the lines that the command added to pyproject.toml, without indentation."""
    name = "pyproject.toml"
    before = (result.twin.scratch / result.twin.state / name).read_text().splitlines()
    after = (result.twin.folder / name).read_text().splitlines()
    added = [line.strip(" ,") for line in after if line.strip() and line not in before]
    return [result.twin.normalised(line) for line in added]


def _project_files(result: CommandResult) -> list[str]:
    """Return the files of the project that Git would track."""
    folder = result.twin.folder
    files = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
    return sorted(str(each) for each in files if not {".git", ".venv"} & {*each.parts})


def _wheel_contents(result: CommandResult) -> dict[str, str | list[str]]:
    """Return the contents of the files in the wheel, without the name of the build backend."""
    (file,) = (result.twin.folder / "dist").glob("*.whl")
    contents: dict[str, str | list[str]] = {}
    with ZipFile(file) as wheel:
        for name in sorted(wheel.namelist()):
            text = wheel.read(name).decode()
            if name.endswith("/METADATA"):
                metadata = email.message_from_string(text)
                requirements = metadata.get_all("Requires-Dist", [])
                needs = sorted(str(Requirement(each)) for each in requirements)
                contents[name] = [metadata["Name"], metadata["Version"], *needs]
            elif name.endswith("/entry_points.txt"):
                contents[name] = text.replace(" = ", "=").strip()
            elif not name.endswith(("/", "/RECORD", "/WHEEL")):
                contents[name] = text
    return contents


def _named_packages(result: CommandResult) -> list[str]:
    """Return the packages of the twins that the output mentions."""
    pattern = rf"(?<![\w-])({'|'.join(PACKAGES)})(?![\w-])"
    return sorted({*re.findall(pattern, result.output)})


def _pinned_requirements(result: CommandResult) -> list[str]:
    """Return the requirements that the output pins, each with its hashes."""
    text = result.output.replace("\\\n", " ")
    requirements = re.findall(r"(?m)^([a-z][\w-]*==[\w.]+)(.*)", text)
    return [" ".join([pin, *sorted(re.findall(r"sha256:\S+", rest))]) for pin, rest in requirements]


def _named_distributions(result: CommandResult) -> list[str]:
    return sorted({*re.findall(r"shop-[\w.-]+?\.(?:whl|tar\.gz)", result.output)})


def _is_compiled(result: CommandResult) -> bool:
    """Return whether all modules in the virtual environment except pip's are compiled."""
    (site,) = (result.twin.folder / ".venv").glob("lib/python*/site-packages")
    modules = [each for each in site.rglob("*.py") if each.relative_to(site).parts[0] != "pip"]
    return all([*(each.parent / "__pycache__").glob(f"{each.stem}.*.pyc")] for each in modules)


def _cached_files(result: CommandResult) -> int:
    return sum(1 for each in (result.twin.home / "cache").rglob("*") if each.is_file())


# Keyed by the name that the page shows.
COMPARISONS: dict[str, Callable[[CommandResult], Effect]] = {
    "packages in the environment": lambda each: _installed_packages(each.twin.folder / ".venv"),
    "packages in ~/venv": lambda each: _installed_packages(each.twin.home / "venv"),
    "lockfile": _locked_packages,
    "version": _project_version,
    "lines written": _added_lines,
    "files": _project_files,
    "wheel": _wheel_contents,
    "exit code": lambda each: each.code,
    "output": lambda each: each.output,
    "packages named": _named_packages,
    "requirements and hashes": _pinned_requirements,
    "distributions named": _named_distributions,
    "whether modules are compiled": _is_compiled,
    "environment exists": lambda each: (each.twin.folder / ".venv").exists(),
    "files in the cache": _cached_files,
}

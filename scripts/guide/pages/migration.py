"""Show the migration from Poetry to uv: its commands, changed files, and equivalent commands."""

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.contenders import AFTER, BEFORE
from guide.content.examples import example
from guide.content.recording_types import CommandMapRow, Effect
from guide.pages.markup import (
    TerminalEntry,
    block,
    code,
    difference,
    inline_code,
    session,
    table,
)
from guide.pages.registry import macro

# For each comparison, maps a result, as text, to a sentence about both commands.
_SENTENCES = {
    "exit code": {"0": "Both succeed.", "1": "Both fail."},
    "packages in the environment": {"[]": "Neither installs a package."},
    "whether modules are compiled": {
        "True": "Both compile packages to bytecode.",
        "False": "Neither compiles packages to bytecode.",
    },
    "environment exists": {"False": "Both delete the virtual environment."},
}
# Maps the other comparisons to what both commands do if their results are the same.
_BOTH = {
    "packages in the environment": "leave the same packages installed",
    "lockfile": "lock the same versions",
    "wheel": "build wheels with the same contents",
    "packages named": "list the same packages",
    "distributions named": "print the same package file names",
    "requirements and hashes": "export the same requirements and hashes",
    "output": "print the same output",
    "version": "set the same version",
    "files": "create the same set of files",
}


@macro("moved")
def migration_session(part: str) -> Markup:
    """Return the commands of one part of the migration, with their output."""
    try:
        commands = recordings.migration()["parts"][part]
    except KeyError:
        raise Problem(f"The recording of the migration has no part {part!r}.") from None
    entries = (
        TerminalEntry(command["text"], command["output"], command["exit_code"])
        for command in commands
    )
    return block(session(entries))


@macro("moved_file")
def migrated_file(name: str, folded: bool = False) -> Markup:
    """Return the changes that the migration makes to a file of the project."""
    changes = block(difference(_lines(BEFORE, name), _lines(AFTER, name)), name)
    if not folded:
        return changes
    return Markup('<details class="note"><summary>{}</summary>{}</details>').format(name, changes)


@macro("left_by_the_tool")
def manual_changes() -> Markup:
    """Return the manual changes to pyproject.toml after the conversion."""
    converted = recordings.migration()["pyproject"]["converted"].splitlines()
    return block(difference(converted, _lines(AFTER, "pyproject.toml")), "pyproject.toml")


@macro("moved_packages")
def locked_package_count() -> int:
    """Return the number of packages in the lockfile, not counting the project itself."""
    return recordings.migration()["packages"]


@macro
def package_changes() -> int:
    """Return the number of packages whose versions differ after the migration."""
    return len(recordings.migration()["other_versions"])


@macro("command_map")
def command_table(group: str) -> Markup:
    """Return the Poetry commands of a group, each with its uv command and both results."""
    pairs = [pair for pair in recordings.command_map()["rows"] if pair["group"] == group]
    if not pairs:
        raise Problem(f"No commands of the group {group!r} are recorded.")
    return table(map(_pair, pairs), ("Poetry", "uv", "Result"), "facts map", is_searched=True)


@macro
def command_count() -> int:
    """Return the number of command pairs that were compared."""
    return len(recordings.command_map()["rows"])


def _pair(pair: CommandMapRow) -> Markup:
    when = Markup("<small>{}</small>").format(pair["when"]) if pair["when"] else ""
    return Markup('<tr><td>{}{}</td>\n<td>{}</td>\n<td class="{}">{}</td></tr>\n').format(
        code(pair["poetry"]),
        when,
        code(pair["uv"]),
        "differs" if pair["difference"] else "same",
        inline_code(" ".join(filter(None, (pair["difference"], _same_results(pair["same"]))))),
    )


def _same_results(same: dict[str, Effect]) -> str:
    """Return sentences about the results that both commands of a pair have in common."""
    sentences = {name: _SENTENCES.get(name, {}).get(str(value)) for name, value in same.items()}
    actions = [_BOTH[name] for name, sentence in sentences.items() if not sentence]
    compared = f"Both {' and '.join(actions)}." if actions else None
    return " ".join(filter(None, (compared, *sentences.values())))


def _lines(project: str, name: str) -> list[str]:
    return (example(project).folder / name).read_text().splitlines()

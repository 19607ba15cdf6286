"""What each command of uv installs in one example: its packages, by the command.

A *line* is what stands behind `uv sync` or `uv run`, without the flag for the lockfile. An
*outcome* is the packages that are there afterwards, or uv's reason for refusing the line.
"""

import json
import tomllib
from collections.abc import Iterable
from itertools import combinations

from guide import Problem
from guide.catalogue import Example
from guide.engine import Engine
from guide.layers import uv_image

EXAMPLE = "dependency-groups"

COMMANDS = ("uv sync", "uv run")
LOCKS = ("--locked", "--frozen", "")
# What else is installed, before any group is named.
BASES = ("", "--no-dev", "--no-default-groups", "--all-groups", "--only-dev")
WAYS = ("--group", "--only-group", "--no-group")
# What people add. The last is an extra that the example does not have.
ALSO = (
    "--dev", "--no-sync", "--exact", "--inexact", "--no-install-project", "--all-extras",
    "--extra prod",
)  # fmt: skip
# One command after another in the same environment, and what the last one runs.
SEQUENCES = (
    ("uv sync --only-group lint && uv run", "ruff check"),
    ("uv sync --only-group lint && uv run --only-group lint", "ruff check"),
    ("uv sync --only-group lint && uv run --no-sync", "ruff check"),
    ("uv sync --no-dev && uv run", "python --version"),
    ("uv sync --no-dev --group prod && uv run", "gunicorn --version"),
    ("uv sync --no-dev --group prod && uv run --no-dev", "gunicorn --version"),
    ("uv sync --no-dev --group prod && uv run --no-sync", "gunicorn --version"),
    ("uv sync --no-default-groups --group test && uv run --no-default-groups", "pytest --version"),
    ("uv sync && uv run --no-dev", "python --version"),
    ("uv sync && uv sync --no-dev", ""),
)

# The arguments are lines of commands: those before "--" are typed on whole packages, the others on
# packages without their files. uv takes its decisions by what is recorded about a package, and
# thousands of environments are made faster without the files.
SCRIPT = """
import json, os, pathlib, shutil, subprocess, sys
from importlib.metadata import distributions

cache, venv = pathlib.Path("/tmp/cache"), pathlib.Path("/tmp/venv")
shutil.copytree("/example", ".", dirs_exist_ok=True)
os.environ.pop("UV_NO_CACHE", None)
os.environ |= {"UV_CACHE_DIR": str(cache), "UV_PROJECT_ENVIRONMENT": str(venv)}

def found(what):
    return sorted(venv.glob("lib/python*/site-packages/" + what))

def typed(line):
    shutil.rmtree(venv, ignore_errors=True)
    for command in line.split(" && "):
        words = command.split()
        words.insert(2, "--quiet")
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            errors = done.stderr.strip().splitlines() or ["error: it gave no reason"]
            return {"refused": errors[0].removeprefix("error: ")}
    names = (path.name.partition("-")[0] for path in found("*.dist-info"))
    return {"packages": sorted(name.replace("_", "-") for name in names)}

subprocess.run(["uv", "sync", "--quiet", "--locked", "--all-groups"], check=True)
sizes = {}
for each in distributions(path=[str(path.parent) for path in found("*.dist-info")[:1]]):
    files = (pathlib.Path(each.locate_file(file)) for file in each.files)
    size = sum(file.stat().st_size for file in files if file.exists())
    sizes[each.metadata["Name"].lower().replace("_", "-")] = round(size / 1000)
print(json.dumps(dict(sorted(sizes.items()))))

whole = sys.argv.index("--")
for number, line in enumerate(sys.argv[1:]):
    if number + 1 == whole:
        for path in cache.glob("archive-v0/*/*"):
            if path.is_dir() and not path.name.endswith(".dist-info"):
                shutil.rmtree(path)
    else:
        print(json.dumps([line, typed(line)]), flush=True)
"""


def groups(example: Example) -> list[str]:
    """The names of its dependency groups, in their order."""
    project = tomllib.loads((example.folder / "pyproject.toml").read_text())
    return [*project["dependency-groups"]]


def known(names: list[str]) -> list[str]:
    """Every option that is typed, in the order in which a line has them."""
    named = [f"{way} {name}" for way in WAYS for name in names]
    return [option for option in (*LOCKS, *BASES, *ALSO, *named) if option]


def lines(names: list[str]) -> list[str]:
    """Every line that is recorded, each written in the one order in which it is looked up."""
    one = {way: [f"{way} {name}" for name in names] for way in WAYS}
    found = [*BASES]
    for base in BASES:
        for way in WAYS:
            found += [_join(base, *(f"{way} {name}" for name in some)) for some in _some(names)]
    for pair in combinations(BASES[1:], 2):
        found += [_join(*pair, group) for group in ("", *one["--group"])]
    for also in ALSO:
        found += [_join(base, also) for base in BASES]
        found += [_join(base, also, group) for base in BASES[:3] for group in one["--group"]]
    for base in ("", "--no-default-groups"):
        found += [_join(base, a, b) for a in one["--group"] for b in one["--no-group"]]
    for other in ("--group", "--no-group"):
        both = ((a, b) for a in one["--only-group"] for b in one[other])
        found += [_join(*(pair if other == "--no-group" else pair[::-1])) for pair in both]
    # The only two flags of which the last one counts.
    return [*found, "--dev --no-dev", "--locked --frozen"]


def spelled(command: str, lock: str, line: str) -> str:
    """A whole command for a line. Without a flag for the lockfile, it is typed backwards and
    with `=`: that must not matter."""
    tail = "true" if command == "uv run" else ""
    if lock or {"--dev", "--no-dev"} <= set(line.split()):
        return _join(command, lock, line, tail)
    return _join(command, *(option.replace(" ", "=") for option in reversed(options(line))), tail)


def locked(line: str, lock: str, tail: str) -> str:
    """A sequence with a flag for the lockfile in each of its commands, and what it runs."""
    steps = (each.split() for each in line.split(" && "))
    typed = " && ".join(_join(*step[:2], lock, *step[2:]) for step in steps)
    return _join(typed, tail)


def options(line: str) -> list[str]:
    """The options of a line, each with its value."""
    return ["--" + option.strip() for option in line.split("--")[1:]]


def measure(engine: Engine, example: Example) -> dict:
    """The content of the recording: each command typed in an environment of its own."""
    names = groups(example)
    whole = [locked(line, lock, tail) for line, tail in SEQUENCES for lock in LOCKS]
    wanted = [spelled(*way, line) for line in lines(names) for way in ways(line)]
    return recording(names, *observe(engine, example, whole, wanted))


def observe(
    engine: Engine, example: Example, whole: Iterable[str], wanted: Iterable[str]
) -> tuple[dict[str, int], dict[str, dict]]:
    """The size of each package in kB, and what comes of each command.

    `whole` are typed on whole packages, `wanted` on packages without their files.
    """
    mount = f"type=bind,source={example.folder},target=/example,readonly"
    # In memory: environments come and go by the thousand.
    options = ("--mount", mount, "--tmpfs", "/tmp:exec")
    typed = (*dict.fromkeys(whole), "--", *dict.fromkeys(wanted))
    image = uv_image(engine, example)
    command = ("python3", "-c", SCRIPT, *typed)
    # Thousands of commands take some minutes, and longer on a machine that is busy.
    printed = engine.run(image, *command, options=options, timeout=3600).stdout
    sizes, *rows = (json.loads(line) for line in printed.splitlines())
    return sizes, dict(rows)


def recording(names: list[str], sizes: dict[str, int], seen: dict[str, dict]) -> dict:
    """What was seen, written once for each line where `uv sync` and `uv run` come to the same.

    Raises Problem when the flag for the lockfile, or another way to type a line, changes what is
    installed, and when a command failed for a reason other than what was typed.
    """
    outcomes: list[dict] = []

    def number(typed: list[str]) -> int:
        first, *others = (seen[each] for each in typed)
        if any(each.get("packages") != first.get("packages") for each in others):
            raise Problem(f"These do not come to the same: {', '.join(typed)}")
        if "refused" in first and not any(why in first["refused"] for why in REFUSALS):
            raise Problem(f"{typed[0]} failed, and not because of what was typed: {first}")
        if first not in outcomes:
            outcomes.append(first)
        return outcomes.index(first)

    shared, apart = {}, {command: {} for command in COMMANDS}
    for line in lines(names):
        which = {
            command: number([spelled(*way, line) for way in ways(line) if way[0] == command])
            for command in COMMANDS
        }
        if len(set(which.values())) == 1:
            shared[line] = which[COMMANDS[0]]
        else:
            for command in COMMANDS:
                apart[command][line] = which[command]
    sequences = {
        line: {"runs": tail, "outcome": number([locked(line, lock, tail) for lock in LOCKS])}
        for line, tail in SEQUENCES
    }
    return {
        "commands": [*COMMANDS],
        # Every option that was typed, in the order in which a line has them.
        "options": known(names),
        "bases": [base for base in BASES if base],
        "also": [*ALSO],
        "ways": [*WAYS],
        "groups": names,
        # Of the files, in kB.
        "sizes": sizes,
        "outcomes": outcomes,
        # A line, and the number of its outcome: with both commands, or with one.
        "lines": shared,
        **apart,
        "sequences": sequences,
    }


# What uv says to a line that it does not understand or that contradicts itself.
REFUSALS = ("cannot be used with", "unexpected argument", "is not defined in")


def outcome(recorded: dict, command: str, line: str) -> dict:
    """What was recorded for a line. Raises Problem if nothing was."""
    for place in (recorded[command], recorded["lines"]):
        if line in place:
            return recorded["outcomes"][place[line]]
    raise Problem(f"{command} {line} was not recorded.")


def sample(recorded: dict) -> tuple[list[str], list[str], dict[str, dict]]:
    """Commands to type again, on whole packages and without, and what is to come of each.

    Every sequence, the first line of each outcome, and one line in thirty of the others.
    """
    sequences, found = {}, {}
    for place, (line, each) in enumerate(recorded["sequences"].items()):
        typed = locked(line, LOCKS[place % len(LOCKS)], each["runs"])
        sequences[typed] = recorded["outcomes"][each["outcome"]]
    for place, line in enumerate(lines(recorded["groups"])):
        command, lock = ways(line)[place % len(ways(line))]
        expected = outcome(recorded, command, line)
        if "refused" in expected:
            # The text names the options as they were typed.
            lock = ways(line)[0][1]
        if expected not in found.values() or place % 30 == 0:
            found[spelled(command, lock, line)] = expected
    return [*sequences], [*found], sequences | found


def ways(line: str) -> list[tuple[str, str]]:
    """The commands and flags for the lockfile with which a line is typed."""
    locks = ("",) if line.startswith("--locked") else LOCKS
    return [(command, lock) for command in COMMANDS for lock in locks]


def _some(names: list[str]) -> list[tuple[str, ...]]:
    """Every choice of at least one of the names, in their order."""
    return [some for count in range(1, len(names) + 1) for some in combinations(names, count)]


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)

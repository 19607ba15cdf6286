"""What each command of uv installs in one example: its packages, by the command.

A *line* is what stands behind `uv sync` or `uv run`, without the flag for the lockfile. An
*outcome* is the packages that are there afterwards, or uv's reason for refusing the line.
"""

import json
from collections.abc import Iterable

from guide import Problem
from guide.content.examples import Example
from guide.content.uv_options import (
    ALSO,
    BASES,
    COMMANDS,
    LOCKS,
    SEQUENCES,
    WAYS,
    groups,
    known,
    lines,
    locked,
    outcome,
    spelled,
    ways,
)
from guide.engine.docker import Engine
from guide.engine.uv import build_uv_image

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
    image = build_uv_image(engine, example)
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

"""uv commands are read as uv reads them."""

import pytest

from guide import ROOT
from guide.content import recordings
from guide.machine import commands, node
from guide.machine.uv_releases import installed_uv
from guide.record import option_grammar

MODULE = ROOT / "docs/assets/js/check/uv-command.js"
READ = """({ lists, grammar }) =>
    lists.map((words) => module.readCommand(words, grammar) ?? null)"""


def read(*lines):
    """Return what is read from each line, whose words are separated by single spaces."""
    lists = [line if isinstance(line, list) else line.split(" ") for line in lines]
    return node.call(MODULE, READ, {"lists": lists, "grammar": recordings.uv_options()})


def test_the_recorded_options_are_those_of_the_pinned_uv():
    assert option_grammar.record_grammar() == recordings.uv_options()["commands"], (
        "Run scripts/record uv-options."
    )


def test_completions_give_the_arity_and_the_short_name_of_an_option():
    script = "\n".join(
        [
            "complete -c uv -n \"__fish_uv_needs_command\" -s q -l quiet -d 'Use quiet output'",
            'complete -c uv -n "__fish_uv_using_subcommand sync" -s q -l quiet',
            "complete -c uv -n \"__fish_uv_using_subcommand sync\" -l extra -d 'Don\\'t -r' -r -f",
            "complete -c uv -n \"__fish_uv_using_subcommand sync\" -l no-dev -d 'Not -r '",
            'complete -c uv -n "__fish_uv_using_subcommand tree" -l depth -r',
        ]
    )
    options = option_grammar.read_completions(script)
    assert options[""] == {"flags": ["--quiet"], "values": [], "short": {"-q": "--quiet"}}
    assert options["sync"]["flags"] == ["--quiet", "--no-dev"]
    assert options["sync"]["values"] == ["--extra"]


REFUSED = [
    "uv sync --only-group a --dev",
    "uv sync --only-dev --all-groups",
    "uv sync --only-dev --no-dev",
    "uv sync --group a --only-group b",
    "uv sync --all-groups --only-group b",
    "uv sync --extra a --all-extras",
    "uv sync --extra a --only-group b",
    "uv export --only-group a --all-extras",
    "uv sync --frozen --locked",
    "uv run --locked -U true",
    "uv sync --no-sources --frozen",
    "uv sync --package a --all-packages",
    "uv sync --no-install-project --only-install-project",
    "uv sync --no-install-package a --only-install-package a",
    "uv export --no-emit-workspace --only-install-workspace",
    "uv sync --no-sync",
    "uv run --no-install-project true",
    "uv sync -x",
    "uv sync -qx",
    "uv sync --no-dev --no-dev",
    "uv sync --no-dev=1",
    "uv sync --group",
    "uv sync ruff",
    "uv sync -- ruff",
    "uv pip sync --exact a",
]
OPTIONS = {
    "uv sync": [],
    "uv --quiet sync --group=a": [["--quiet"], ["--group", "a"]],
    "/bin/uv sync --group a -qq": [["--group", "a"], ["--quiet"]],
    "uv sync -p3.12": [["--python", "3.12"]],
    "uv sync -np 3.12": [["--no-cache"], ["--python", "3.12"]],
    "uv sync -p=3.12": [["--python", "3.12"]],
    "uv sync --dev --no-dev": [["--no-dev"]],
    "uv sync --no-dev --dev": [["--dev"]],
    "uv sync --inexact --exact": [["--exact"]],
    "uv sync --group 'a' --extra \"b\"": [["--group", "a"], ["--extra", "b"]],
    "uv export --no-install-project": [["--no-emit-project"]],
    "uv pip install --requirement a": [["--requirements", "a"]],
    "uv run --no-dev pytest --dev -x": [["--no-dev"]],
    "uv run -m pytest --group a": [["--module"]],
    "uv build --wheel": [["--wheel"]],
}


@pytest.fixture(scope="module")
def refusals():
    """Return the predicted reason for each refused line."""
    return {line: each.get("refused") for line, each in zip(REFUSED, read(*REFUSED), strict=True)}


@pytest.mark.parametrize("line", REFUSED)
def test_what_uv_refuses_is_refused_for_the_same_reason(tmp_path, refusals, line):
    arguments = [installed_uv(), *line.split()[1:]]
    done = commands.run(*arguments, cwd=tmp_path, check=False, failing="uv failed")
    assert done.returncode == 2
    assert refusals[line] == done.stderr.splitlines()[0].removeprefix("error: ")


def test_the_options_of_a_command():
    for command, options in zip(read(*OPTIONS), OPTIONS.values(), strict=True):
        assert "refused" not in command
        assert [[*each.values()] for each in command["options"]] == options


def test_the_other_words_of_a_command():
    export, run, pip, other, unclear = read(
        ["A=1", "B='2 3'", "uv", "export", "-q", ">", "requirements.txt", "2>", "/dev/null"],
        "uv run --no-dev -- pytest --dev -x",
        "uv pip install -r a.txt django ruff",
        "python -m uv",
        "uv sync $UV_OPTIONS",
    )
    assert (export["variables"], export["output"]) == ({"A": "1", "B": "2 3"}, "requirements.txt")
    assert (run["name"], run["operands"]) == ("run", ["pytest", "--dev", "-x"])
    assert (pip["name"], pip["operands"]) == ("pip install", ["django", "ruff"])
    assert other is None
    assert unclear["unclear"] == "$UV_OPTIONS"

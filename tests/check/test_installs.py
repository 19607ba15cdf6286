"""The install predictor gives every recorded set of packages."""

from guide import ROOT
from guide.content import recordings, shell, uv_options
from guide.content.examples import example
from guide.content.lockfiles import locked_versions
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/installs.js"
PREDICT = """({ files, lists, settings }) => {
    const { project, problem } = module.readProject(files);
    if (problem) throw new Error(problem);
    return lists.map((commands) => module.runAll(project, commands, settings));
}"""
RECORDED = recordings.sets(uv_options.EXAMPLE)
FOLDER = example(uv_options.EXAMPLE).folder
FILES = {name: (FOLDER / name).read_text() for name in ("pyproject.toml", "uv.lock")}


def predict(lines, files=FILES, **settings):
    """Return the outcomes of the uv commands in each line."""
    settings = {"python": "3.14", "grammar": recordings.uv_options(), **settings}
    lists = [[command.words for command in shell.commands(line)] for line in lines]
    return node.call(MODULE, PREDICT, {"files": files, "lists": lists, "settings": settings})


def result(outcomes):
    """Return the outcome of a line as recordings have it."""
    last = outcomes[-1]
    if "refused" in last:
        return {"refused": last["refused"]}
    return {"packages": [each["name"] for each in last["packages"]]}


def recorded_lines():
    """Return every recorded line with its outcome."""
    lines = {
        uv_options.command_line(command, lock, options): uv_options.outcome(
            RECORDED, command, options
        )
        for options in uv_options.option_strings(RECORDED["groups"])
        for command, lock in uv_options.command_variants(options)
    }
    for line, each in RECORDED["sequences"].items():
        for lock in uv_options.LOCKS:
            text = uv_options.sequence_line(line, lock, each["runs"])
            lines[text] = RECORDED["outcomes"][each["outcome"]]
    return lines


def test_every_recorded_line_gives_its_recorded_set():
    wanted = recorded_lines()
    outcomes = predict(wanted)
    got = dict(zip(wanted, map(result, outcomes), strict=True))
    # The recorded reason of a refusal names the options in the order of the line with a lockfile
    # option.
    assert len(wanted) > 4_000
    assert got == wanted

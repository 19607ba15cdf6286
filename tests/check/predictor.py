"""Call the install predictor under Node."""

from guide import ROOT
from guide.content import recordings, shell, uv_options
from guide.content.examples import example
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/installs.js"
FOLDER = example(uv_options.EXAMPLE).folder
FILES = {name: (FOLDER / name).read_text() for name in ("pyproject.toml", "uv.lock")}

_RUN_ALL = """({ files, lists, settings }) => {
    const { project, problem } = module.readProject(files);
    if (problem) throw new Error(problem);
    return lists.map((commands) => module.runAll(project, commands, settings));
}"""
_REASONS = """({ files, name, settings }) =>
    module.reasonsFor(module.readProject(files).project, name, settings)"""
_PROBLEM = "(files) => module.readProject(files).problem ?? null"


def predict(*lines, files=FILES, **settings):
    """Return the outcomes of the uv commands in each line.

    A line is a shell script, or a list of commands as lists of words.
    """
    lists = [
        [command.words for command in shell.commands(line)] if isinstance(line, str) else line
        for line in lines
    ]
    argument = {"files": files, "lists": lists, "settings": _settings(settings)}
    return node.call(MODULE, _RUN_ALL, argument)


def reasons_for(name, files=FILES, **settings):
    """Return everything in a project that asks for a package."""
    argument = {"files": files, "name": name, "settings": _settings(settings)}
    return node.call(MODULE, _REASONS, argument)


def problem(files):
    """Return the problem with a project's files, or None."""
    return node.call(MODULE, _PROBLEM, files)


def names(outcome):
    """Return the names of the packages after a command."""
    return [each["name"] for each in outcome.get("packages", [])]


def result(outcomes):
    """Return the outcome of a line as the recordings have it."""
    last = outcomes[-1]
    return {"refused": last["refused"]} if "refused" in last else {"packages": names(last)}


def _settings(settings):
    return {"python": "3.14", "grammar": recordings.uv_options(), **settings}

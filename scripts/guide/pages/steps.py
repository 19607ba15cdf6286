"""Show the steps of recorded builds, with their durations or as cached."""

from itertools import takewhile

from markupsafe import Markup

from guide.content import recordings
from guide.content.dockerfile import Instruction
from guide.content.recording_types import RecordedBuild, RecordedStep
from guide.pages import numbers
from guide.pages.builds import find_build, steps_run
from guide.pages.markup import Cell, code, join, row, table
from guide.pages.registry import macro

# Maximum length of an instruction shown next to its duration.
_LENGTH = 120
# Commands that precede the main command of a RUN, and prefixes that start a Python program.
_PREPARATIONS = (("apt-get", "update"), ("uv", "venv"), ("poetry", "config"))
_PYTHON = (("python", "-m"), ("python", "manage.py"))


@macro("steps")
def step_list(example: str, edit: str) -> Markup:
    """Return the steps of a build, each with its duration or as cached."""
    build = find_build(example, edit)
    has_stages = len({step["stage"] for step in build["steps"]}) > 1
    return Markup(
        '<ol class="steps" data-search-exclude="1">{}'
        '<li class="total"><strong>{}: total build time</strong><span>{}</span></li></ol>'
    ).format(
        join(_step(step, has_stages) for step in build["steps"]),
        build["title"],
        numbers.seconds(build["seconds"]),
    )


def edit_table(example: str) -> Markup:
    """Return a table of the build time and the rebuilt steps after each edit."""
    builds = recordings.layers(example)["builds"]
    longest = max(build["seconds"] for build in builds)
    return table(
        [_edit_row(build, longest) for build in builds],
        heads=("Edit", "Build time", "Steps that ran again", "Slowest steps"),
        css_class="edits",
    )


def step_label(instruction: str) -> str:
    """Return the main command or keyword of an instruction, such as `uv sync` or `COPY`."""
    parsed = Instruction.parse(instruction)
    if parsed.keyword != "RUN":
        return parsed.keyword
    calls = (command.call for command in parsed.commands)
    call = next((each for each in calls if each and not _is_preparation(each)), ())
    if call[:2] in _PYTHON:
        call = call[2:]
    return " ".join(takewhile(lambda word: word[0].isalpha(), call))


def step_labels(steps: list[RecordedStep]) -> list[str]:
    """Return the label of each step, in order."""
    return [step_label(step["instruction"]) for step in steps]


def _is_preparation(call: tuple[str, ...]) -> bool:
    return call[0] == "export" or call[:2] in _PREPARATIONS


def _step(step: RecordedStep, has_stages: bool) -> Markup:
    label = Markup("<small>{}</small>").format(step["stage"]) if has_stages else ""
    return Markup('<li class="{}"><div>{}{}</div><span>{}</span></li>').format(
        _css_class(step),
        label,
        code(_shortened(step["instruction"])),
        "cached" if step["cached"] else numbers.seconds(step["seconds"]),
    )


def _edit_row(build: RecordedBuild, longest: float) -> Markup:
    steps = build["steps"]
    count = steps_run(build)
    bar = Markup('<span class="bar" style="--share:{}"></span>{}').format(
        numbers.fixed_digits(build["seconds"] / longest, 3), numbers.seconds(build["seconds"])
    )
    strip = Markup(
        '<span class="strip" aria-hidden="true">{}</span><span class="count">{}</span>'
    ).format(
        join(Markup('<i class="{}"></i>').format(_css_class(step)) for step in steps),
        f"{count} of {len(steps)}" if count else "none",
    )
    slowest = join((code(step_label(step["instruction"])) for step in _slow_steps(steps)), ", ")
    return row(build["title"], Cell(bar, "time"), strip, Cell(slowest, "said"))


def _slow_steps(steps: list[RecordedStep]) -> list[RecordedStep]:
    """Return the steps that ran for at least a tenth of a second, slowest first."""
    slow = [step for step in steps if not step["cached"] and step["seconds"] >= 0.1]
    return sorted(slow, key=lambda step: -step["seconds"])


def _css_class(step: RecordedStep) -> str:
    return "hit" if step["cached"] else "ran"


def _shortened(instruction: str) -> str:
    """Return an instruction, truncated with an ellipsis if it is too long."""
    if len(instruction) <= _LENGTH:
        return instruction
    return instruction[: _LENGTH - 1].rstrip() + "…"

"""How pages show what scripts/bench timed."""

import html
from dataclasses import dataclass

from guide.content import recordings
from guide.pages import charts, numbers
from guide.pages.charts import Timed
from guide.pages.registry import macro

# The headings of a picture.
TITLES = {
    "view": "A view is edited",
    "dependency": "A package is added",
    "version": "The version is bumped",
    "cold": "Nothing is there yet",
}
# What was timed apart from the rest has a recording of its own.
RECORDINGS = {"runner": "bench-runner", "line": "bench-line"}


@macro
def chart(scenario: str, *names: str, against: str = "", of: str = "builds") -> str:
    """What was timed after a change, of the named or of everything, as bars with the figures.

    `of` is a kind of thing that scripts/bench times, or "line" for builds on a slower line.
    """
    reference = _one(of, scenario, against) if against else None
    return charts.bars(_timed(of, scenario, *names), reference)


@macro
def picture_of(**groups: str) -> str:
    """A few contenders as bars under a heading each: the change, and their names."""
    found = [
        (TITLES[change], [_one("builds", change, name) for name in names.split()])
        for change, names in groups.items()
    ]
    return charts.picture(found)


@macro
def timed(name: str, scenario: str, of: str = "builds") -> str:
    """The median seconds of one thing."""
    return numbers.seconds(_one(of, scenario, name).median)


@macro
def ratio(slow: str, fast: str, scenario: str, of: str = "builds") -> str:
    """How many times faster one is than another, by the medians: `31×`."""
    return numbers.ratio(charts.ratio(_one(of, scenario, slow), _one(of, scenario, fast)).value)


@macro
def outside_steps(name: str, change: str) -> str:
    """What a build takes besides its steps: Docker reads the project and writes the layers."""
    rows = {each["name"]: each["runs"] for each in recordings.bench()["builds"]}
    run = rows[name][change]
    return numbers.seconds(run["seconds"] - sum(step["seconds"] for step in run["steps"]))


@macro
def bench_rounds() -> int:
    """How often everything was timed."""
    return len(_one("builds", "cold", "floor").every_round)


@macro
def line_rate() -> str:
    """How fast the slower line was, and what else is to be said about it."""
    network = recordings.bench("bench-line")["network"]
    return f"{network['rate'].removesuffix('mbit')} Mbit/s"


@macro
def line_has_delay() -> bool:
    """Whether the slower line had a delay too."""
    return recordings.bench("bench-line")["network"]["delay"][0].isdigit()


@macro
def order_or_tool(scenario: str) -> str:
    """The four of layer order by tool, and what each of the two does alone."""
    tools = {
        "Poetry": ("poetry-code-first", "poetry-best"),
        "uv": ("pattern-a-code-first", "pattern-a-uncompiled"),
    }
    found = {
        tool: [_one("builds", scenario, name) for name in names] for tool, names in tools.items()
    }
    rows = "".join(
        f'<tr><th scope="row">{tool}</th>'
        + "".join(f"<td>{numbers.seconds(each.median)}</td>" for each in pair)
        + f"<td>{numbers.ratio(charts.ratio(*pair).value)}</td></tr>"
        for tool, pair in found.items()
    )
    columns = [charts.ratio(a, b).value for a, b in zip(*found.values(), strict=True)]
    last = "".join(f"<td>{numbers.ratio(each)}</td>" for each in columns)
    return (
        '<div class="scroll"><table class="facts" data-search-exclude="1"><thead><tr><td></td>'
        '<th scope="col">Code copied first</th><th scope="col">Lockfile copied first</th>'
        '<th scope="col">What the order does</th></tr></thead>'
        f'<tbody>{rows}<tr><th scope="row">What uv does</th>{last}<td></td></tr></tbody>'
        "</table></div>"
    )


@macro
def images() -> str:
    """What is in each image, and what a cold build of it fetches and needs."""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(each["title"])}</th>'
        f"<td>{numbers.size(each['size'])}</td><td>{each['layers']}</td><td>{numbers.size(each['downloaded'])}</td>"
        f"<td>{numbers.size(each['peak_memory'])}</td></tr>"
        for each in recordings.bench()["images"]
    )
    heads = ("Contender", "Image", "Layers", "Downloaded", "Memory at most")
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        '<div class="scroll"><table class="facts" data-search-exclude="1">'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


@macro
def commands(of: str) -> str:
    """The command lines of the jobs that were timed."""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(each["title"])}</th>'
        f"<td><code>{html.escape(each['command'])}</code></td></tr>"
        for each in recordings.bench()[of]
    )
    return (
        '<div class="scroll"><table class="facts" data-search-exclude="1">'
        f"<tbody>{rows}</tbody></table></div>"
    )


@dataclass(frozen=True)
class Goal:
    """What we set out to reach: one thing so many times as slow as another, or no more."""

    text: str
    slow: str
    fast: str
    scenario: str
    at_least: float | None = None
    at_most: float | None = None
    of: str = "builds"

    @property
    def ratio(self) -> charts.Ratio:
        return charts.ratio(
            _one(self.of, self.scenario, self.slow), _one(self.of, self.scenario, self.fast)
        )

    @property
    def is_met(self) -> bool:
        if self.at_least is not None:
            return self.ratio.value >= self.at_least
        return self.ratio.value <= self.at_most


GOALS = [
    Goal("A view edited: Pattern A against Poetry as most have it",
         "poetry-usual", "pattern-a", "view", at_least=25),
    Goal("A view edited: Pattern A against only copying the code",
         "pattern-a", "floor", "view", at_most=1.25),
    Goal("A dependency added, not compiling: a cache mount against Poetry at its best",
         "poetry-best", "pattern-a-mount", "dependency", at_least=2.5),
    Goal("A dependency added, compiling: a kept venv against Poetry at its best",
         "poetry-best-compiled", "kept-venv", "dependency", at_least=2.5),
    Goal("A dependency added, compiling: a kept venv against pip at its best",
         "pip", "kept-venv", "dependency", at_least=3),
    Goal("Cold, not compiling: Pattern A against Poetry at its best",
         "poetry-best", "pattern-a-uncompiled", "cold", at_least=3),
    Goal("Cold, compiling: Pattern A against Poetry at its best",
         "poetry-best-compiled", "pattern-a", "cold", at_least=1.8),
    Goal("Version bumped: the lock stage against only copying the code",
         "lock-stage", "floor", "version", at_most=1.5),
    Goal("Version bumped: the lock stage, offline, against only copying the code",
         "lock-stage-offline", "floor", "version", at_most=1.5),
    Goal("A linter setting: the lock stage against only copying the code",
         "lock-stage", "floor", "ruff", at_most=1.5),
    Goal("The lint job: uv with one group against Poetry",
         "poetry", "uv", "command", at_least=5, of="lint"),
    Goal("A sync with nothing to do: uv against Poetry",
         "poetry", "uv", "command", at_least=20, of="sync"),
]  # fmt: skip


@macro
def goals() -> str:
    """Each goal, what was measured, and whether it was reached."""
    rows = ""
    for goal in GOALS:
        bound = f"at least {goal.at_least}" if goal.at_least else f"at most {goal.at_most}"
        said = "reached" if goal.is_met else "missed"
        rows += (
            f'<tr><th scope="row">{html.escape(goal.text)}</th><td>{bound}×</td>'
            f'<td>{goal.ratio}</td><td class="{said}">{said}</td></tr>'
        )
    heads = ("Goal", "Wanted", "Measured (by round)", "")
    head = "".join(f'<th scope="col">{each}</th>' if each else "<td></td>" for each in heads)
    return (
        '<div class="scroll"><table class="facts goals" data-search-exclude="1">'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _timed(of: str, scenario: str, *names: str) -> list[Timed]:
    kind = "builds" if of == "line" else of
    return charts.timed(kind, scenario, *names, recording=RECORDINGS.get(of, "bench"))


def _one(of: str, scenario: str, name: str) -> Timed:
    return _timed(of, scenario, name)[0]

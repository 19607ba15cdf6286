"""Show the timings of scripts/bench: charts, single figures, and goals."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from guide.content import recordings
from guide.pages import charts, numbers
from guide.pages.charts import Ratio, Timed, ratio_of
from guide.pages.markup import Cell, code, row, table
from guide.pages.registry import macro

# The kinds of timings. "line" selects the builds on a slow network.
TimedKind = Literal["builds", "line", "lint", "runner", "start", "sync"]

# Maps a change to the heading of its bars.
_HEADINGS = {
    "view": "A view is edited",
    "dependency": "A package is added",
    "version": "The version is bumped",
    "cold": "Nothing is there yet",
}
# For each tool, a contender that copies the code first and one that copies the lockfile first.
_TOOLS = {
    "Poetry": ("poetry-code-first", "poetry-best"),
    "uv": ("pattern-a-code-first", "pattern-a-uncompiled"),
}


@macro
def chart(change: str, *names: str, against: str = "", of: TimedKind = "builds") -> Markup:
    """Return a chart of the named builds or jobs after a change, or of all of them.

    `against` names a reference, and adds a column that compares each row with the reference.
    """
    reference = _timing(of, change, against) if against else None
    return charts.bars(_timings(of, change, *names), reference)


@macro("picture_of")
def bars_by_change(**groups: str) -> Markup:
    """Return bars of contenders, grouped by change.

    Each keyword is a change, and its value contains the names of the contenders.
    """
    return charts.grouped_bars(
        [
            (_HEADINGS[change], [_timing("builds", change, name) for name in names.split()])
            for change, names in groups.items()
        ]
    )


@macro("timed")
def median_seconds(name: str, change: str, of: TimedKind = "builds") -> str:
    """Return the median seconds of one contender or job."""
    return numbers.seconds(_timing(of, change, name).median)


@macro
def outside_steps(name: str, change: str) -> str:
    """Return the time of a build outside its steps, for reading files and writing layers."""
    contenders = {each["name"]: each["runs"] for each in recordings.bench()["builds"]}
    run = contenders[name][change]
    return numbers.seconds(run["seconds"] - sum(step["seconds"] for step in run["steps"]))


@macro
def bench_rounds() -> int:
    """Return the number of rounds in which the contenders were timed."""
    return len(_timing("builds", "cold", "floor").every_round)


@macro("line_rate")
def slow_network_rate() -> str:
    """Return the bandwidth of the slow network."""
    return f"{recordings.bench('bench-line')['network']['rate'].removesuffix('mbit')} Mbit/s"


@macro("line_has_delay")
def slow_network_has_latency() -> bool:
    """Return whether the slow network also had added latency."""
    return recordings.bench("bench-line")["network"]["delay"][0].isdigit()


@macro
def order_or_tool(change: str) -> Markup:
    """Return a table of timings by tool and layer order, with the ratios between them."""
    timed = {
        tool: [_timing("builds", change, name) for name in names] for tool, names in _TOOLS.items()
    }
    rows = [
        row(tool, *(numbers.seconds(each.median) for each in pair), _ratio(*pair))
        for tool, pair in timed.items()
    ]
    poetry, uv = timed.values()
    rows.append(row("What uv does", *map(_ratio, poetry, uv), ""))
    heads = ("", "Code copied first", "Lockfile copied first", "What the order does")
    return table(rows, heads)


@macro("images")
def contender_images() -> Markup:
    """Return the size of each image, and the downloads and memory of its cold build."""
    rows = [
        row(
            each["title"],
            numbers.size(each["size"]),
            each["layers"],
            numbers.size(each["downloaded"]),
            numbers.size(each["peak_memory"]),
        )
        for each in recordings.bench()["images"]
    ]
    return table(rows, ("Contender", "Image", "Layers", "Downloaded", "Memory at most"))


@macro("commands")
def timed_commands(of: Literal["lint", "sync"]) -> Markup:
    """Return a table of the timed commands."""
    jobs = recordings.bench()[of]
    return table([row(each["title"], code(each["command"])) for each in jobs])


@dataclass(frozen=True)
class Goal:
    """A limit for the ratio of two timings. `slow` and `fast` name the contenders or jobs."""

    text: str
    slow: str
    fast: str
    change: str
    at_least: float | None = None
    at_most: float | None = None
    of: TimedKind = "builds"

    @property
    def ratio(self) -> Ratio:
        """The ratio of the slow timing to the fast timing."""
        return ratio_of(
            _timing(self.of, self.change, self.slow), _timing(self.of, self.change, self.fast)
        )

    @property
    def is_met(self) -> bool:
        """True if the ratio is within the limit."""
        value = self.ratio.value
        return (self.at_least is None or value >= self.at_least) and (
            self.at_most is None or value <= self.at_most
        )

    @property
    def limit(self) -> str:
        """The limit as text, such as "at least 25×"."""
        return f"at most {self.at_most}×" if self.at_least is None else f"at least {self.at_least}×"


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
def goals() -> Markup:
    """Return a table of the goals, with the wanted and the measured ratios and the outcomes."""
    rows = []
    for goal in GOALS:
        outcome = "reached" if goal.is_met else "missed"
        rows.append(row(goal.text, goal.limit, str(goal.ratio), Cell(outcome, outcome)))
    return table(rows, ("Goal", "Wanted", "Measured (by round)", ""), "facts goals")


def _timings(of: TimedKind, change: str, *names: str) -> list[Timed]:
    # The slow network and the fresh runner have separate recordings.
    if of == "line":
        return charts.select(recordings.bench("bench-line")["builds"], change, *names)
    recorded = recordings.bench("bench-runner" if of == "runner" else "bench")
    return charts.select(recorded[of], change, *names)


def _timing(of: TimedKind, change: str, name: str) -> Timed:
    return _timings(of, change, name)[0]


def _ratio(slow: Timed, fast: Timed) -> str:
    return numbers.ratio(ratio_of(slow, fast).value)

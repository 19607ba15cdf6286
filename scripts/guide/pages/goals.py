"""Show the goals of the benchmarks, and whether the timings reach them."""

from dataclasses import dataclass

from markupsafe import Markup

from guide import Problem
from guide.pages import numbers
from guide.pages.benchmarks import TimedKind, timing
from guide.pages.charts import Ratio, ratio_of
from guide.pages.markup import Cell, inline_code, row, table
from guide.pages.registry import macro

# The number of rounds in which the timings of a goal have to be measured.
ROUNDS = 5


@dataclass(frozen=True)
class Goal:
    """A limit for the ratio of two timings. `slow` and `fast` name the contenders or jobs."""

    name: str
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
        slow, fast = (timing(self.of, self.change, name) for name in (self.slow, self.fast))
        return ratio_of(slow, fast)

    def is_met(self, ratio: float) -> bool:
        """Return whether a ratio is within the limit."""
        return (self.at_least is None or ratio >= self.at_least) and (
            self.at_most is None or ratio <= self.at_most
        )

    @property
    def limit(self) -> str:
        """The limit as text, such as "at least 25×"."""
        return f"at most {self.at_most}×" if self.at_least is None else f"at least {self.at_least}×"

    def outcome(self, ratio: Ratio) -> str:
        """Return the outcome as text, such as "reached" or "missed by 12%".

        The text says so if the timings were measured in too few rounds.
        """
        limit = self.at_most if self.at_least is None else self.at_least
        by = numbers.percent(abs(ratio.value / limit - 1) if limit else 0)
        outcome = "reached" if self.is_met(ratio.value) else f"missed by {by}"
        count = len(ratio.every_round)
        if count >= ROUNDS:
            return outcome
        return f"{outcome}; measured in only {numbers.rounds(count)} instead of {ROUNDS}"


GOALS = [
    Goal("view-floor",
         "Status page, after you edit a view: Pattern A compared with only copying the code",
         "pattern-a", "pattern-a-floor", "view", at_most=1.6),
    Goal("view-poetry",
         "Status page, after you edit a view: Pattern A compared with Poetry when everything is "
         "copied first",
         "status-poetry-everything-first", "pattern-a", "view", at_least=10),
    Goal("cold-status",
         "Status page, first build, compiling: Pattern A compared with Poetry at its best",
         "status-poetry-compiled", "pattern-a", "cold", at_least=2.5),
    Goal("line-status",
         "Status page, after you add a package on a slow network, compiling: Pattern A compared "
         "with Poetry at its best",
         "status-poetry-compiled", "pattern-a", "dependency", at_least=1.5, of="line"),
    Goal("runner-status",
         "Status page, after you add a package on a fresh CI runner, compiling: Pattern A compared "
         "with Poetry at its best",
         "status-poetry-compiled", "pattern-a", "dependency", at_least=1.3, of="runner"),
    Goal("start",
         "Status page, from `docker run` to the first page: Pattern A compared with an image in "
         "which the whole standard library is compiled",
         "pattern-a", "status-whole-standard-library", "start", at_most=1.1, of="start"),
    Goal("cold-shop",
         "Shop, first build, compiling: uv in a single stage compared with Poetry at its best",
         "shop-poetry-compiled", "shop-single-stage", "cold", at_least=2.5),
    Goal("line-shop",
         "Shop, after you add a package on a slow network, compiling: uv in a single stage "
         "compared with Poetry at its best",
         "shop-poetry-compiled", "shop-single-stage", "dependency", at_least=1.5, of="line"),
    Goal("runner-shop",
         "Shop, after you add a package on a fresh CI runner, compiling: uv in a single stage "
         "compared with Poetry at its best",
         "shop-poetry-compiled", "shop-single-stage", "dependency", at_least=1.3, of="runner"),
    Goal("kept-poetry",
         "Shop, after you add a package, compiling: a kept venv compared with Poetry at its "
         "best",
         "shop-poetry-compiled", "shop-kept-venv", "dependency", at_least=2.5),
    Goal("kept-pip",
         "Shop, after you add a package, compiling: a kept venv compared with pip at its "
         "best",
         "shop-pip", "shop-kept-venv", "dependency", at_least=3),
    Goal("version-status",
         "Status page, after you bump the version: the lock stage compared with only copying the "
         "code",
         "lock-stage", "pattern-a-floor", "version", at_most=1.5),
    Goal("version-shop",
         "Shop, after you bump the version: the lock stage compared with only copying the code",
         "shop-lock-stage", "shop-floor", "version", at_most=1.5),
    Goal("lint-installed",
         "Lint job: uv with one group compared with Poetry installed by the job",
         "poetry", "uv", "command", at_least=5, of="lint"),
    Goal("lint-in-the-image",
         "Lint job: uv with one group compared with Poetry in the job's image",
         "poetry-in-the-image", "uv", "command", at_least=5, of="lint"),
    Goal("sync", "A sync with nothing to install: uv compared with Poetry",
         "poetry", "uv", "command", at_least=20, of="sync"),
]  # fmt: skip


@macro
def goals() -> Markup:
    """Return a table of the goals with their targets, measured ratios and outcomes."""
    rows = []
    for goal in GOALS:
        ratio = goal.ratio
        css_class = "reached" if goal.is_met(ratio.value) else "missed"
        outcome = Cell(goal.outcome(ratio), css_class)
        rows.append(row(inline_code(goal.text), goal.limit, str(ratio), outcome))
    return table(rows, ("Goal", "Target", "Measured (range)", ""), "facts stacked goals")


@macro
def goal_ratio(name: str) -> str:
    """Return the measured ratio of a goal, such as "2.6×"."""
    return numbers.ratio(find_goal(name).ratio.value)


@macro("is_missed")
def is_goal_missed(name: str) -> bool:
    """Return whether a goal is missed, so that the page gives a reason."""
    goal = find_goal(name)
    return not goal.is_met(goal.ratio.value)


@macro("missed")
def missed_goal(name: str) -> str:
    """Return the text of a missed goal, and by how much it is missed. A page adds the reason."""
    goal = find_goal(name)
    return f"**{goal.text}** (target: {goal.limit}; {goal.outcome(goal.ratio)})."


def find_goal(name: str) -> Goal:
    """Return the goal with this name. Raises Problem if it does not exist."""
    for goal in GOALS:
        if goal.name == name:
            return goal
    raise Problem(f"There is no goal {name!r}.")

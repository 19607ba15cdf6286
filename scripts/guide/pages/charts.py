"""Charts of timings: tables with a bar in each row, drawn when the site is built.

A bar is two elements of SVG that stretch with their cell. So a chart fits a phone, follows the
colours of the page and prints, none of which the images of a chart library do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from guide import Problem
from guide.content.recording_types import TimedContender
from guide.pages import numbers
from guide.pages.markup import Content, join, row, table


@dataclass(frozen=True)
class Timed:
    """A contender or job, with its seconds in every round and their median."""

    name: str
    title: str
    every_round: list[float]
    median: float


@dataclass(frozen=True)
class Ratio:
    """How many times slower one contender was than another: of the medians, and in each round."""

    value: float
    every_round: list[float]

    def __str__(self) -> str:
        return numbers.ratio_with_spread(self.value, self.every_round)


def select(recorded: Iterable[TimedContender], change: str, *names: str) -> list[Timed]:
    """Return the timings after a change, of the contenders named or of all.

    Raises Problem when one of them was not recorded.
    """
    rows = {each["name"]: each for each in recorded}
    timed = []
    for name in names or rows:
        if name not in rows or change not in rows[name]["runs"]:
            raise Problem(f"No time of {name!r} after {change!r} is recorded.")
        run = rows[name]["runs"][change]
        timed.append(Timed(name, rows[name]["title"], run["every_round"], run["seconds"]))
    return timed


def ratio_of(slow: Timed, fast: Timed) -> Ratio:
    """Return the ratio of two contenders that were timed in the same rounds."""
    ratios = [a / b for a, b in zip(slow.every_round, fast.every_round, strict=True)]
    return Ratio(slow.median / fast.median, ratios)


def bars(timed: list[Timed], reference: Timed | None = None) -> Markup:
    """Return a table with a bar in each row, a dot for each round, and the ratio to a reference."""
    longest = max(max(each.every_round) for each in timed)
    heads = ["What", "", "Median", "All rounds"]
    if reference:
        heads.append(f"Against {_lower(reference.title)}")
    return table([_bar_row(each, longest, reference) for each in timed], heads, "chart")


def picture(groups: list[tuple[str, list[Timed]]]) -> Markup:
    """Return bars under headings, all on one scale."""
    longest = max(each.median for _, timed in groups for each in timed)
    parts = (
        Markup('<p class="change">{}</p><ul>{}</ul>').format(
            title, join(_labelled_bar(each, longest) for each in timed)
        )
        for title, timed in groups
    )
    return Markup('<figure class="picture" data-search-exclude="1">{}</figure>').format(join(parts))


def against(timed: Timed, reference: Timed) -> str:
    """Return a comparison with a reference, such as "12× faster" or "1.3× slower"."""
    quotient = reference.median / timed.median
    if 0.95 < quotient < 1.05:
        return "the same"
    if quotient > 1:
        return f"{numbers.ratio(quotient)}{numbers.NBSP}faster"
    return f"{numbers.ratio(1 / quotient)}{numbers.NBSP}slower"


def _bar_row(timed: Timed, longest: float, reference: Timed | None) -> Markup:
    cells: list[Content] = [
        _bar(timed, longest),
        numbers.seconds(timed.median),
        numbers.spread(timed.every_round),
    ]
    if reference:
        cells.append("" if timed.name == reference.name else against(timed, reference))
    return row(timed.title, *cells)


def _bar(timed: Timed, longest: float) -> Markup:
    """Return the median as a bar and each round as a dot, on a scale that ends at `longest`."""
    # Leave room for the right half of the last dot.
    scale = 97 / longest
    width = numbers.fixed(max(timed.median * scale, 0.3), 1)
    dots = "".join(f"M{numbers.fixed(each * scale, 1)} 7h0" for each in timed.every_round)
    return Markup(
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 14" preserveAspectRatio="none">'
        '<rect y="2" width="{}" height="10"/><path d="{}"/></svg>'
    ).format(width, dots)


def _labelled_bar(timed: Timed, longest: float) -> Markup:
    return Markup(
        '<li><span class="label">{}</span><span class="value">{}</span>'
        '<span class="track"><i class="sync" style="--share:{}"></i></span></li>'
    ).format(timed.title, numbers.seconds(timed.median), numbers.fixed(timed.median / longest, 3))


def _lower(title: str) -> str:
    """Return a title as it stands inside a sentence; a name keeps its capital."""
    return title if title.startswith(("Poetry", "Pattern")) else title[:1].lower() + title[1:]

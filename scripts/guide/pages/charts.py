"""Draw charts of timings as tables with a bar in each row, when the site is built.

A bar consists of two SVG elements that stretch with their cell. A chart therefore fits on a phone,
uses the colours of the page and can be printed, unlike the images of a chart library.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from guide import Problem
from guide.content.recording_types import TimedSubject
from guide.pages import numbers
from guide.pages.markup import UNSEARCHED, Content, join, listed, row, table


@dataclass(frozen=True)
class Timed:
    """A contender or job with its seconds in every round, and their median.

    `facts` lists what has to be the same in a fair comparison, such as what is compiled.
    """

    name: str
    title: str
    every_round: list[float]
    median: float
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ratio:
    """The ratio of two contenders' timings: the ratio of the medians, and of each round."""

    value: float
    every_round: list[float]

    def __str__(self) -> str:
        return numbers.ratio_with_spread(self.value, self.every_round)


def select(recorded: Iterable[TimedSubject], change: str, *names: str) -> list[Timed]:
    """Return the timings of the named contenders, or of all contenders, after a change.

    Raises Problem if a timing was not recorded.
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
    """Return the ratio of two timings from the same rounds."""
    ratios = [a / b for a, b in zip(slow.every_round, fast.every_round, strict=True)]
    return Ratio(slow.median / fast.median, ratios)


def bars(timed: list[Timed], reference: Timed | None = None, noun: str = "build") -> Markup:
    """Return a table of bars with a dot for each round, and comparisons with the reference.

    Each row states the facts that not all rows share. A line below the table states the others.
    `noun` is what the rows time.
    """
    longest = max(max(each.every_round) for each in timed)
    heads = ["Variant", "", "Median", "Range"]
    if reference:
        heads.append(f"Compared with {_lower(reference.title)}")
    facts = [each.facts for each in timed]
    shared = shared_facts(facts)
    rows = [_bar_row(each, longest, reference, shared) for each in timed]
    return table(rows, heads, "chart") + facts_below(facts, noun)


def shared_facts(facts: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the facts that all rows share, apart from exceptions."""
    first, *others = _without_exceptions([*facts])
    return [fact for fact in first if all(fact in each for each in others)]


def _without_exceptions(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the rows without those that have one fact, if others have several."""
    return [each for each in rows if len(each) > 1] or rows


def facts_below(facts: Iterable[tuple[str, ...]], noun: str = "build") -> Markup:
    """Return a sentence with the facts that the rows above share, or nothing."""
    rows = list(facts)
    shared = shared_facts(rows)
    if not shared:
        return Markup("")
    text = listed(shared) if len(shared) < 3 else f"{', '.join(shared[:-1])}, and {shared[-1]}"
    exceptions = [each[0] for each in rows if each not in _without_exceptions(rows)]
    which = "In every row but one" if exceptions else "In every row"
    exception = f" The exception is the row that {exceptions[0]}." if exceptions else ""
    return Markup('<p class="shared"{}>{}, the {} {}.{}</p>').format(
        UNSEARCHED, which, noun, text, exception
    )


def grouped_bars(groups: list[tuple[str, list[Timed]]]) -> Markup:
    """Return groups of bars under headings. All bars have the same scale."""
    longest = max(each.median for _, timed in groups for each in timed)
    parts = (
        Markup('<p class="change">{}</p><ul>{}</ul>').format(
            title, join(_labelled_bar(each, longest) for each in timed)
        )
        for title, timed in groups
    )
    return Markup('<figure class="picture" data-search-exclude="1">{}</figure>').format(join(parts))


def compared_with(timed: Timed, reference: Timed) -> str:
    """Return a comparison with a reference, such as "12× faster" or "1.3× slower"."""
    quotient = reference.median / timed.median
    if 0.95 < quotient < 1.05:
        return "about the same"
    if quotient > 1:
        return f"{numbers.ratio(quotient)}{numbers.NBSP}faster"
    return f"{numbers.ratio(1 / quotient)}{numbers.NBSP}slower"


def _bar_row(timed: Timed, longest: float, reference: Timed | None, shared: list[str]) -> Markup:
    cells: list[Content] = [
        _bar(timed, longest),
        numbers.seconds(timed.median),
        numbers.spread(timed.every_round),
    ]
    if reference:
        cells.append("" if timed.name == reference.name else compared_with(timed, reference))
    return row(head_with_facts(timed.title, timed.facts, shared), *cells)


def head_with_facts(title: str, facts: Iterable[str], shared: list[str]) -> Markup:
    """Return the title of a row, with the facts that not all rows share in small print."""
    different = "; ".join(fact for fact in facts if fact not in shared)
    small = Markup(" <small>{}</small>").format(different) if different else ""
    return Markup("{}{}").format(title, small)


def _bar(timed: Timed, longest: float) -> Markup:
    """Return the median as a bar and each round as a dot, on a scale that ends at `longest`."""
    # The right half of the last dot needs space.
    scale = 97 / longest
    width = numbers.fixed_digits(max(timed.median * scale, 0.3), 1)
    dots = "".join(f"M{numbers.fixed_digits(each * scale, 1)} 7h0" for each in timed.every_round)
    return Markup(
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 14" preserveAspectRatio="none">'
        '<rect y="2" width="{}" height="10"/><path d="{}"/></svg>'
    ).format(width, dots)


def _labelled_bar(timed: Timed, longest: float) -> Markup:
    return Markup(
        '<li><span class="label">{}</span><span class="value">{}</span>'
        '<span class="track"><i class="sync" style="--share:{}"></i></span></li>'
    ).format(
        timed.title, numbers.seconds(timed.median), numbers.fixed_digits(timed.median / longest, 3)
    )


def _lower(title: str) -> str:
    """Return a title for use inside a sentence. Proper names keep their capital."""
    return title if title.startswith(("Poetry", "Pattern")) else title[:1].lower() + title[1:]

"""Charts of what scripts/bench timed: tables with a bar in each row, drawn when the site is built.

Drawn by hand: a bar is two elements of SVG that are stretched to whatever width there is, so a
chart fits a phone, follows the colours of the page and prints. Chart libraries fix all three.
"""

import html
from dataclasses import dataclass

from guide import Problem
from guide.content import recordings
from guide.pages import numbers


@dataclass(frozen=True)
class Timed:
    """Something timed in every round: a title, the median and each single run, in seconds."""

    name: str
    title: str
    every_round: list[float]
    median: float


def timed(kind: str, scenario: str, *names: str, recording: str = "bench") -> list[Timed]:
    """What was timed of a kind after a change, of the named or of everything.

    Raises Problem when something named was not recorded.
    """
    rows = {each["name"]: each for each in recordings.bench(recording).get(kind, [])}
    found = []
    for name in names or rows:
        run = rows.get(name, {}).get("runs", {}).get(scenario)
        if run is None:
            raise Problem(f"{recording} has no {kind} of {name!r} after {scenario!r}.")
        title = rows[name]["title"]
        found.append(Timed(name, title, run["every_round"], run["seconds"]))
    return found


def bars(rows: list[Timed], reference: Timed | None = None) -> str:
    """A table with a bar for each row, each run as a dot on it, and its ratio to another."""
    longest = max(max(row.every_round) for row in rows)
    heads = '<th scope="col">What</th><td></td><th scope="col">Median</th>'
    heads += '<th scope="col">All rounds</th>'
    if reference:
        heads += f'<th scope="col">Against {html.escape(_lower(reference.title))}</th>'
    body = []
    for row in rows:
        cells = (
            f'<th scope="row">{html.escape(row.title)}</th><td>{_bar(row, longest)}</td>'
            f"<td>{numbers.seconds(row.median)}</td><td>{numbers.spread(row.every_round)}</td>"
        )
        if reference:
            cells += f"<td>{'' if row.name == reference.name else times(row, reference)}</td>"
        body.append(f"<tr>{cells}</tr>")
    return (
        '<div class="scroll"><table class="chart" data-search-exclude="1">'
        f"<thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def picture(groups: list[tuple[str, list[Timed]]]) -> str:
    """Bars under headings, all on one scale: few enough to read at a glance."""
    longest = max(row.median for _, rows in groups for row in rows)
    parts = []
    for title, rows in groups:
        bars_of_it = "".join(
            f'<li><span class="label">{html.escape(row.title)}</span>'
            f'<span class="value">{numbers.seconds(row.median)}</span><span class="track">'
            f'<i class="sync" style="--share:{row.median / longest:.3f}"></i></span></li>'
            for row in rows
        )
        parts.append(f'<p class="change">{html.escape(title)}</p><ul>{bars_of_it}</ul>')
    return f'<figure class="picture" data-search-exclude="1">{"".join(parts)}</figure>'


def _bar(row: Timed, longest: float) -> str:
    """The median as a bar and each round as a dot, on a scale that ends at `longest`."""
    # A little room, so that the last dot is whole.
    scale = 97 / longest
    dots = "".join(f"M{each * scale:.1f} 7h0" for each in row.every_round)
    return (
        '<svg class="bar" aria-hidden="true" viewBox="0 0 100 14" preserveAspectRatio="none">'
        f'<rect y="2" width="{max(row.median * scale, 0.3):.1f}" height="10"/>'
        f'<path d="{dots}"/></svg>'
    )


def times(row: Timed, reference: Timed) -> str:
    """How the row compares with a reference: "12 times faster", "1.3 times slower"."""
    quotient = reference.median / row.median
    if 0.95 < quotient < 1.05:
        return "the same"
    said = quotient if quotient > 1 else 1 / quotient
    return f"{numbers.ratio(said)}{numbers.NBSP}{'faster' if quotient > 1 else 'slower'}"


@dataclass(frozen=True)
class Ratio:
    """How many times slower one thing was than another: of the medians, and round by round."""

    value: float
    every_round: list[float]

    def __str__(self) -> str:
        return numbers.ratio_with_spread(self.value, self.every_round)


def ratio(slow: Timed, fast: Timed) -> Ratio:
    """The ratio of two things that were timed in the same rounds."""
    each = [a / b for a, b in zip(slow.every_round, fast.every_round, strict=True)]
    return Ratio(slow.median / fast.median, each)


def _lower(title: str) -> str:
    """A title inside a sentence; a name keeps its capital."""
    return title if title.startswith(("Poetry", "Pattern")) else title[:1].lower() + title[1:]

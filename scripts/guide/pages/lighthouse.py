"""Show the Lighthouse scores of this site, and the transfer size of its pages."""

from pathlib import PurePosixPath
from statistics import median

from markupsafe import Markup

from guide.content import recordings
from guide.content.recording_types import LighthousePage
from guide.pages import numbers
from guide.pages.markup import listed, row, table
from guide.pages.provenance import machine_facts
from guide.pages.registry import macro

_KINDS = {
    ".html": "HTML",
    ".css": "CSS",
    ".js": "JavaScript",
    ".woff2": "Fonts",
}
_CATEGORIES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}


@macro
def site_scores() -> Markup:
    """Return the median scores of each page, with the range if the rounds differ."""
    performance, *others = _CATEGORIES.values()
    recording = recordings.site()
    rows = [
        _scores(_link(address, page["name"]), page) for address, page in recording["pages"].items()
    ]
    rows.append(_scores(recording["theme"]["name"], recording["theme"]))
    heads = ("", performance, "Calibrated", *others, "LCP", "TBT", "CLS")
    return table(rows, heads, "facts figures", is_searched=True)


@macro("site_missed")
def lost_audits() -> str:
    """Return a sentence with the pages that lost points in any round, and the audits."""
    missed = {
        page["name"]: sorted(page["missed"])
        for page in recordings.site()["pages"].values()
        if any(min(scores) < 100 for scores in page["scores"].values())
    }
    if not missed:
        return "No page lost points in any round."
    parts = [f"{name} ({', '.join(audits)})" for name, audits in missed.items()]
    return (
        "In at least one round, these pages lost points for the audits given in brackets: "
        f"{listed(parts)}."
    )


@macro("site_speed")
def benchmark_index() -> str:
    """Return the median benchmark index of the machine over all rounds."""
    recording = recordings.site()
    pages = (*recording["pages"].values(), recording["theme"])
    return numbers.fixed_digits(median(each for page in pages for each in page["benchmark"]), 0)


@macro("site_meant")
def calibrated_index() -> int:
    """Return the benchmark index of the machine that calibrated scores simulate."""
    return recordings.site()["calibrated_for"]


@macro
def site_rounds() -> str:
    """Return the number of rounds in which Lighthouse measured each page, such as "5 rounds"."""
    return numbers.rounds(len(next(iter(recordings.site()["pages"].values()))["lcp"]))


@macro
def site_weights() -> Markup:
    """Return the kB that a first visit to each page transfers, by file type."""
    kinds = [*_KINDS.values(), "Other"]
    rows = []
    for address, page in recordings.site()["weights"].items():
        sums = dict.fromkeys(kinds, 0)
        for path, size in page["bytes"].items():
            sums[_KINDS.get(PurePosixPath(path).suffix or ".html", "Other")] += size
        total = Markup("<strong>{}</strong>").format(numbers.kilobytes(sum(sums.values())))
        cells = [numbers.kilobytes(size) for size in sums.values()]
        rows.append(row(_link(address, page["name"]), *cells, total, len(page["bytes"])))
    return table(rows, ("kB", *kinds, "Total", "Requests"), "facts figures", is_searched=True)


@macro
def site_recorded() -> str:
    """Return a line with the date, versions and machine of the measurements."""
    recording = recordings.site()
    origin = recording["recorded"]
    versions = origin["versions"]
    speeds = [each for page in recording["pages"].values() for each in page["benchmark"]]
    line = (
        f"Recorded on {numbers.format_date(origin['date'])} with Lighthouse "
        f"{versions['lighthouse']} and Chromium {versions['chromium']}, on "
        f"{machine_facts(origin)}. Its benchmark index was between {min(speeds)} and "
        f"{max(speeds)}. [Raw data](/data/site.json)."
    )
    return f"\n\n{line}\n{{ .recorded }}\n\n"


def _scores(head: str, page: LighthousePage) -> Markup:
    performance, *others = (_score(page["scores"][category]) for category in _CATEGORIES)
    return row(
        head,
        performance,
        _score(page["calibrated"]),
        *others,
        numbers.seconds(median(page["lcp"]) / 1000),
        numbers.milliseconds(median(page["tbt"])),
        numbers.trim_zeros(max(page["cls"]), 3),
    )


def _score(rounds: list[int]) -> str:
    """Return the median score, with the range if the rounds differ."""
    middle = numbers.trim_zeros(median(rounds), 1)
    if min(rounds) == max(rounds):
        return middle
    return Markup("{} <small>{} to {}</small>").format(middle, min(rounds), max(rounds))


def _link(address: str, name: str) -> Markup:
    return Markup('<a href="..{}">{}</a>').format(address, name)

"""How pages show what was measured of the site itself."""

from pathlib import PurePosixPath
from statistics import median

from guide.content import recordings
from guide.pages import claim_pages, numbers
from guide.pages.registry import macro

KINDS = {
    "HTML": {".html"},
    "CSS": {".css"},
    "JavaScript": {".js"},
    "fonts": {".woff2"},
    "other": set(),
}
CATEGORIES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}


@macro
def site_scores() -> str:
    """The scores of Lighthouse, as a table: the median of each page, and every round if they
    differ.
    """
    performance, *others = CATEGORIES.values()
    heads = ["", performance, "Calibrated", *others, "Largest paint", "Blocked", "Layout shift"]
    recording = recordings.site()
    pages = {_link(address, page["name"]): page for address, page in recording["pages"].items()}
    pages[recording["theme"]["name"]] = recording["theme"]
    rows = []
    for head, page in pages.items():
        cells = [_score(page["scores"][category]) for category in CATEGORIES]
        cells.insert(1, _score(page["calibrated"]))
        cells.append(numbers.seconds(median(page["lcp"]) / 1000))
        cells.append(numbers.milliseconds(median(page["tbt"])))
        cells.append(numbers.short(max(page["cls"]), 3))
        rows.append(_row(head, cells))
    return _table(heads, rows)


@macro
def site_missed() -> str:
    """What cost a point in some round, by page, as a sentence; or that nothing did."""
    missed = {
        page["name"]: sorted(page["missed"])
        for page in recordings.site()["pages"].values()
        if any(min(scores) < 100 for scores in page["scores"].values())
    }
    if not missed:
        return "No round lost a point."
    parts = [f"on {name}: {', '.join(audits)}" for name, audits in missed.items()]
    return f"Points were lost {'; '.join(parts)}."


@macro
def site_speed() -> str:
    """The benchmark index of the machine as Lighthouse read it before each page: the median."""
    recording = recordings.site()
    pages = (*recording["pages"].values(), recording["theme"])
    return numbers.fixed(median(each for page in pages for each in page["benchmark"]), 0)


@macro
def site_meant() -> int:
    """The benchmark index of the machines that Lighthouse is set for."""
    return recordings.site()["calibrated_for"]


@macro
def site_rounds() -> int:
    """How often Lighthouse looked at each page."""
    return len(next(iter(recordings.site()["pages"].values()))["lcp"])


@macro
def site_weights() -> str:
    """What a first visit to each page transfers, by kind of file, as a table."""
    rows = []
    for address, page in recordings.site()["weights"].items():
        sums = dict.fromkeys(KINDS, 0)
        for path, size in page["bytes"].items():
            suffix = PurePosixPath(path).suffix or ".html"
            sums[next((kind for kind, own in KINDS.items() if suffix in own), "other")] += size
        cells = [numbers.kilobytes(size) for size in sums.values()]
        cells += [
            f"<strong>{numbers.kilobytes(sum(sums.values()))}</strong>",
            str(len(page["bytes"])),
        ]
        rows.append(_row(_link(address, page["name"]), cells))
    return _table(["kB", *KINDS, "all", "Requests"], rows)


@macro
def site_recorded() -> str:
    """One line that says when, with what and on what the site was measured."""
    recording = recordings.site()
    origin = recording["recorded"]
    versions, machine = origin["versions"], origin["machine"]
    speed = [each for page in recording["pages"].values() for each in page["benchmark"]]
    line = (
        f"Recorded {claim_pages.day(origin)}, Lighthouse {versions['lighthouse']}, Chromium "
        f"{versions['chromium']}, {machine['cores']} cores, {machine['memory']} GiB, "
        f"benchmark index {min(speed)} to {max(speed)}. "
        "[Raw data](/data/site.json)."
    )
    return f"\n\n{line}\n{{ .recorded }}\n\n"


def _score(rounds: list[int]) -> str:
    """The median, and the lowest and the highest where rounds differ."""
    middle = numbers.short(median(rounds), 1)
    if min(rounds) == max(rounds):
        return middle
    return f"{middle} <small>{min(rounds)} to {max(rounds)}</small>"


def _link(address: str, name: str) -> str:
    return f'<a href="..{address}">{name}</a>'


def _row(head: str, cells: list[str]) -> str:
    return f'<tr><th scope="row">{head}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _table(heads: list[str], rows: list[str]) -> str:
    first, *others = heads
    head = f'<th scope="col">{first}</th>' if first else "<td></td>"
    head += "".join(f'<th scope="col">{each}</th>' for each in others)
    return (
        f'<div class="scroll"><table class="facts figures"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )

"""Show the timings of the benchmarks: charts, single figures, and image sizes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

from markupsafe import Markup

from guide import Problem
from guide.content import build_facts, recordings
from guide.content.contenders import Contender, contender, contenders
from guide.content.recording_types import TimedCommand, TimedSubject
from guide.content.shell import commands as shell_commands
from guide.pages import charts, numbers
from guide.pages.charts import Timed, head_with_facts, ratio_of
from guide.pages.markup import code, listed, row, table
from guide.pages.registry import macro

# The kinds of timings. "line" selects the builds on a slow network.
TimedKind = Literal["builds", "line", "lint", "runner", "start", "sync"]
JobKind = Literal["lint", "sync"]

# Maps the kinds of timings to their recordings.
_RECORDINGS = {
    "builds": "bench",
    "line": "bench-line",
    "lint": "bench-commands",
    "runner": "bench-runner",
    "start": "bench-start",
    "sync": "bench-commands",
}
# Maps a change to the heading of its bars.
_HEADINGS = {
    "view": "After you edit a view",
    "dependency": "After you add a package",
    "version": "After you bump the version",
    "cold": "First build, with nothing cached",
}
# For each tool, a contender that copies the code first and one that copies the lockfile first.
_TOOLS = {
    "Poetry": ("shop-poetry-code-first", "shop-poetry"),
    "uv": ("shop-single-stage-code-first", "shop-single-stage-uncompiled"),
}


@macro
def chart(change: str, *names: str, against: str = "", of: TimedKind = "builds") -> Markup:
    """Return a chart of the named builds or jobs after a change. Without names, it shows all.

    `against` names a reference. The chart then has a column that compares each row with it.
    """
    reference = timing(of, change, against) if against else None
    timed = _with_facts(_timings(of, change, *names), of, change)
    if of not in {"lint", "sync"}:
        _require_one_service([each.name for each in timed])
    return charts.bars(timed, reference)


@macro("picture_of")
def bars_by_change(**groups: str) -> Markup:
    """Return bars of contenders, grouped by change.

    Each keyword is a change, and its value contains names of contenders, separated by spaces.
    """
    _require_one_service([name for names in groups.values() for name in names.split()])
    return charts.grouped_bars(
        [
            (_HEADINGS[change], [timing("builds", change, name) for name in names.split()])
            for change, names in groups.items()
        ]
    )


@macro("timed")
def median_seconds(name: str, change: str, of: TimedKind = "builds") -> str:
    """Return the median seconds of one contender or job."""
    return numbers.seconds(timing(of, change, name).median)


@macro
def outside_steps(name: str, change: str) -> str:
    """Return the time that a build spends outside its steps, for example on writing layers."""
    contenders = {each["name"]: each["runs"] for each in recordings.bench()["builds"]}
    run = contenders[name][change]
    return numbers.seconds(run["seconds"] - sum(step["seconds"] for step in run["steps"]))


@macro
def bench_rounds() -> int:
    """Return the number of rounds in which the contenders were timed."""
    return len(timing("builds", "cold", "pattern-a").every_round)


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
        tool: _with_facts(_timings("builds", change, *names), "builds", change)
        for tool, names in _TOOLS.items()
    }
    rows = [
        row(tool, *(numbers.seconds(each.median) for each in pair), _ratio(*pair))
        for tool, pair in timed.items()
    ]
    poetry, uv = timed.values()
    rows.append(row("Effect of uv", *map(_ratio, poetry, uv), ""))
    heads = ("", "Code copied first", "Lockfile copied first", "Effect of layer order")
    return table(rows, heads) + charts.facts_below(each.facts for each in (*poetry, *uv))


@macro("images")
def contender_images() -> Markup:
    """Return a table of image sizes, with the downloads and peak memory of the cold builds."""
    images = recordings.bench("bench-images")["images"]
    facts = {each["name"]: _facts(contender(each["name"]), "builds", "cold") for each in images}
    shared = charts.shared_facts(facts.values())
    rows = [
        row(
            head_with_facts(
                f"{each['title']}, {contender(each['name']).service_title}",
                facts[each["name"]],
                shared,
            ),
            numbers.size(each["size"]),
            each["layers"],
            numbers.size(each["downloaded"]),
            numbers.size(each["peak_memory"]),
        )
        for each in images
    ]
    heads = ("Contender", "Image", "Layers", "Downloaded", "Peak memory")
    return table(rows, heads) + charts.facts_below(facts.values())


@macro("commands")
def timed_commands(of: JobKind) -> Markup:
    """Return a table of the timed commands."""
    jobs = recordings.bench("bench-commands")[of]
    return table([row(each["title"], code(each["command"])) for each in jobs])


def timing(of: TimedKind, change: str, name: str) -> Timed:
    """Return the timing of a contender or job, without its facts."""
    return _timings(of, change, name)[0]


def _timings(of: TimedKind, change: str, *names: str) -> list[Timed]:
    return charts.select(_rows(of), change, *names)


def _rows(of: TimedKind) -> Sequence[TimedSubject]:
    recorded = recordings.bench(_RECORDINGS[of])
    return recorded["builds" if of == "line" else of]


def _with_facts(timed: list[Timed], of: TimedKind, change: str) -> list[Timed]:
    """Return the timings with the facts that have to be the same for a fair comparison."""
    if of == "lint" or of == "sync":
        jobs = recordings.bench("bench-commands")[of]
        facts = {each["name"]: _job_facts(each) for each in jobs}
    else:
        names = [each.name for each in timed]
        facts = {each.name: _facts(each, of, change) for each in contenders() if each.name in names}
    return [replace(each, facts=facts[each.name]) for each in timed]


def _job_facts(job: TimedCommand) -> tuple[str, ...]:
    """Return what has to be the same for a fair comparison of jobs."""
    parts = [
        part
        for command in shell_commands(job["command"])
        for part in build_facts.parts_compiled_by(command, {})
    ]
    return (_bytecode(parts), "no cache", f"starts from {job['starts_from']}")


def _facts(measured: Contender, of: TimedKind, change: str) -> tuple[str, ...]:
    """Return what has to be the same for a fair comparison of contenders."""
    start = f"starts from {_start(measured, of, change)}"
    if measured.starts_from:
        return (start,)
    parts = measured.compiled_parts
    others = [part for part in parts if part != build_facts.PACKAGES]
    facts = (_bytecode(parts), f"{listed(others) or 'nothing else'} compiled")
    if of == "start":
        return facts
    return (*facts, "cache mount" if measured.has_cache_mount else "no cache mount", start)


def _start(measured: Contender, of: TimedKind, change: str) -> str:
    """Return the image or cache that a build after this change starts from."""
    if measured.starts_from:
        return measured.start
    if of == "runner":
        return "the previous build's layers in a registry"
    if change == "cold":
        return f"{measured.start} with nothing cached"
    return "the previous build's layers and cache mounts"


def _bytecode(compiled: Collection[str]) -> str:
    return f"packages {'compiled' if build_facts.PACKAGES in compiled else 'not compiled'}"


def _require_one_service(names: list[str]) -> None:
    """Raise Problem if contenders build different services, which cannot be compared."""
    services = {contender(name).service for name in names}
    if len(services) > 1:
        raise Problem(f"{', '.join(names)} build different services. Compare one service.")


def _ratio(slow: Timed, fast: Timed) -> str:
    return numbers.ratio(ratio_of(slow, fast).value)

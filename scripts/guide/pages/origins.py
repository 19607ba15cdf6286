"""Show where every recording comes from, and compare recordings with those of a hosted runner."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from guide.content import recordings
from guide.content.recording_types import HOSTED, LayersRecording, Provenance, RunRecording
from guide.pages import numbers
from guide.pages.markup import Content, join, row, table
from guide.pages.provenance import base_images
from guide.pages.registry import macro
from guide.pages.titles import example_title

_UNKNOWN = "not recorded"


@macro
def provenance_list() -> Markup:
    """Return the commit, machine, engine and images of every recording made in containers."""
    groups: dict[tuple[str, Markup], list[str]] = defaultdict(list)
    for name in recordings.every_name():
        origin = recordings.provenance(name)
        if "machine" in origin:
            groups[origin["date"], _facts(origin)].append(name)
    newest_first = sorted(groups.items(), reverse=True)
    items = (
        Markup("<li><strong>{}</strong>: {}.<br><small>{}</small></li>").format(
            numbers.format_date(date), facts, _names(names)
        )
        for (date, facts), names in newest_first
    )
    return Markup('<ul data-search-exclude="1">{}</ul>').format(join(items))


def _facts(origin: Provenance) -> Markup:
    """Return the facts about the origin of a recording, apart from its date."""
    machine = origin["machine"]
    docker = origin["versions"].get("docker")
    facts: list[Markup | str] = [
        _commit(origin.get("commit")),
        f"{machine['cores']} cores, {machine['memory']}{numbers.NBSP}GiB of memory",
        f"processor {machine.get('cpu', _UNKNOWN)}",
        f"{machine['system']}, {machine['architecture']}",
        f"kernel {machine.get('kernel', _UNKNOWN)}",
        f"Docker {docker}" if docker else "no Docker",
    ]
    if "base_images" in origin:
        pairs = sorted(origin.get("images", {}).items())
        digests = ", ".join(f"{name} {_short(digest)}" for name, digest in pairs)
        facts.append(f"{base_images(origin)} ({digests or f'digests {_UNKNOWN}'})")
    return join(facts, "; ")


def _commit(commit: str | None) -> Markup | str:
    if commit is None:
        return f"commit {_UNKNOWN}"
    number, dirty, _ = commit.partition("-dirty")
    changed = " with changes" if dirty else ""
    return Markup('commit <code title="{}">{}</code>{}').format(number, number[:7], changed)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _names(names: Sequence[str]) -> Markup:
    """Return links to recordings. Claims have their own page."""
    others = [name for name in names if not name.startswith("claims/")]
    links = [Markup('<a href="/data/{0}.json">{0}</a>').format(name) for name in others]
    if claims := len(names) - len(others):
        page = "/reference/tested-statements/"
        noun = "tested statement" if claims == 1 else "tested statements"
        links.append(Markup('<a href="{}">{} {}</a>').format(page, claims, noun))
    return join(links, ", ")


@macro
def hosted_comparison() -> str:
    """Return a table of recordings with stand-ins and of the same ones with official images.

    Without recordings of a hosted runner, return a sentence that says so.
    """
    rows = [*_hosted_rows()]
    if not rows:
        return "We have not made the recordings with official images on a hosted runner yet."
    heads = ("What", "Our recording", "Hosted runner")
    return f"{table(rows, heads)}\n"


def _hosted_rows() -> Iterator[Markup]:
    for example in recordings.names(f"{HOSTED}runs"):
        yield row(f"Image size, {example_title(example)}", *_sizes(example))
    for example in recordings.names(f"{HOSTED}layers"):
        yield row(f"Build after editing a view, {example_title(example)}", *_seconds(example))


def _sizes(example: str) -> Iterator[Content]:
    """Yield the size of an example's image in our recording and in that of a hosted runner."""
    for name in (f"runs/{example}", f"{HOSTED}runs/{example}"):
        recorded = recordings.read(name, RunRecording)
        yield _figure(name, numbers.size(recorded["image_size"]), recorded["recorded"])


def _seconds(example: str) -> Iterator[Content]:
    """Yield the seconds of a build after an edit of a view, in both recordings."""
    for name in (f"layers/{example}", f"{HOSTED}layers/{example}"):
        recorded = recordings.read(name, LayersRecording)
        [build] = (each for each in recorded["builds"] if each["name"] == "view")
        yield _figure(name, numbers.seconds(build["seconds"]), recorded["recorded"])


def _figure(name: str, figure: str, origin: Provenance) -> Markup:
    link = Markup('<a href="/data/{}.json">{}</a>').format(name, figure)
    return Markup("{}, {}").format(link, base_images(origin))

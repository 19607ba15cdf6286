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
_HEADS = ("Recordings", "Date", "Commit", "Machine", "Kernel", "Engine", "Base images")


@macro
def provenance_table() -> Markup:
    """Return the commit, machine, engine and images of every recording made in containers."""
    groups: dict[tuple[Markup | str, ...], list[str]] = defaultdict(list)
    for name in recordings.every_name():
        origin = recordings.provenance(name)
        if "machine" in origin:
            groups[_facts(origin)].append(name)
    rows = (row(_names(names), *facts) for facts, names in sorted(groups.items(), reverse=True))
    return table(rows, _HEADS, "facts origins")


def _facts(origin: Provenance) -> tuple[Markup | str, ...]:
    """Return the cells of a recording after its name."""
    machine = origin["machine"]
    docker = origin["versions"].get("docker")
    images = "none"
    if "base_images" in origin:
        digests = origin.get("images")
        images = f"{base_images(origin)}, digests {_UNKNOWN}"
        if digests:
            pairs = (f"{name} {_short(digest)}" for name, digest in sorted(digests.items()))
            images = f"{base_images(origin)}: {', '.join(pairs)}"
    return (
        origin["date"],
        _commit(origin.get("commit")),
        f"{machine.get('cpu', f'CPU {_UNKNOWN}')}, {machine['cores']} cores, "
        f"{machine['memory']}{numbers.NBSP}GiB, {machine['system']}, {machine['architecture']}",
        machine.get("kernel", _UNKNOWN),
        f"Docker {docker}" if docker else "none",
        images,
    )


def _commit(commit: str | None) -> Markup | str:
    if commit is None:
        return _UNKNOWN
    number, dirty, _ = commit.partition("-dirty")
    changed = " with changes" if dirty else ""
    return Markup('<code title="{}">{}</code>{}').format(number, number[:7], changed)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _names(names: Sequence[str]) -> Markup:
    """Return a folded list of links to recordings. Claims have their own page."""
    others = [name for name in names if not name.startswith("claims/")]
    links = join(
        Markup('<li><a href="/data/{0}.json">{0}</a></li>').format(name) for name in others
    )
    parts = []
    if others:
        summary = _count(len(others), "recording")
        parts.append(
            Markup("<details><summary>{}</summary><ul>{}</ul></details>").format(summary, links)
        )
    if claims := len(names) - len(others):
        page = "/reference/tested-statements/"
        count = _count(claims, "tested statement")
        parts.append(Markup('<a href="{}">{}</a>').format(page, count))
    return join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


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

"""Show the dates, versions and machines of recordings."""

from collections.abc import Sequence
from typing import Literal

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import Provenance
from guide.pages import numbers
from guide.pages.markup import listed
from guide.pages.registry import macro
from guide.pages.titles import recording_title

# Maps the name of a tool in recordings to its name on pages.
_TOOLS = {"uv": "uv", "poetry": "Poetry", "renovate": "Renovate"}
# What recordings that pages compare have to agree in. A kernel is updated often.
_MACHINE: tuple[Literal["cores", "memory", "system", "architecture", "cpu"], ...]
_MACHINE = ("cores", "memory", "system", "architecture", "cpu")
_ORIGINS = "/how-this-guide-is-tested.md#provenance"
_STAND_INS = "/how-this-guide-is-tested.md#real-images-and-stand-ins"


@macro("recorded")
def provenance_line(*names: str) -> str:
    """Return a line with the dates, versions, machine and raw data of recordings.

    A sentence describes all recordings that were made with the same versions on the same machine.
    Raises Problem if recordings of one kind, which pages compare, need more than one sentence.
    """
    groups: list[tuple[Provenance, list[str]]] = []
    for name in names:
        _add(name, groups)
    kinds = [kind for _, group in groups for kind in {each.partition("/")[0] for each in group}]
    if len(kinds) > len({*kinds}):
        raise Problem(
            f"{', '.join(names)} differ in versions or machine. Record all of them again."
        )
    line = " ".join(_sentences(origin, group, names) for origin, group in groups)
    return f"\n\n{line}\n{{ .recorded data-search-exclude=1 }}\n\n"


@macro
def if_stand_in(recording: str, image: str, text: str) -> str:
    """Return `text` if a recording used a stand-in for a base image, or an empty string."""
    return text if image in recordings.provenance(recording).get("stand_ins", []) else ""


def docker_version(origin: Provenance) -> str:
    """Return the version of Docker in a recording, without a distribution's suffix."""
    return f"Docker {origin['versions']['docker'].partition('+')[0]}"


def base_images(origin: Provenance) -> str:
    """Return which kind of base images a recording used."""
    kind = "substitute" if origin["base_images"] == "stand-ins" else "official"
    return f"{kind} base images"


def machine_facts(origin: Provenance) -> str:
    """Return a description of a recording's machine, with its cores and memory."""
    machine = origin["machine"]
    return f"a machine with {machine['cores']} cores and {machine['memory']} GiB of memory"


def _add(name: str, groups: list[tuple[Provenance, list[str]]]) -> None:
    """Add a recording to the first group with the same versions and machine, or to a new group."""
    origin = recordings.provenance(name)
    for number, (shared, names) in enumerate(groups):
        if _agree(shared, origin):
            versions = {**shared["versions"], **origin["versions"]}
            groups[number] = ({**shared, **origin, "versions": versions}, [*names, name])
            return
    groups.append((origin, [name]))


def _agree(one: Provenance, other: Provenance) -> bool:
    """Return whether recordings have the same machine and versions, as far as both state them."""
    facts, others = map(_compared, (one, other))
    return all(facts[key] == others[key] for key in facts.keys() & others.keys())


def _compared(origin: Provenance) -> dict[str, object]:
    """Return the facts in which recordings that pages compare have to agree."""
    facts: dict[str, object] = {**origin["versions"]}
    if "machine" in origin:
        machine = origin["machine"]
        facts |= {key: machine[key] for key in _MACHINE if key in machine}
    if "base_images" in origin:
        facts["base_images"] = origin["base_images"]
    return facts


def _sentences(origin: Provenance, group: list[str], names: Sequence[str]) -> str:
    """Return when and how a group of recordings was made, and links to its raw data."""
    versions = origin["versions"]
    facts = [f"{name} {versions[tool]}" for tool, name in _TOOLS.items() if tool in versions]
    machine = ""
    if "machine" in origin:
        images = base_images(origin)
        if origin["base_images"] == "stand-ins":
            images = f"[{images}]({_STAND_INS})"
        facts += [docker_version(origin), images]
        machine = f", on [{machine_facts(origin)}]({_ORIGINS})"
    dates = sorted({recordings.provenance(name)["date"] for name in group})
    when = listed([numbers.format_date(date) for date in dates])
    data = f"[Raw data](/data/{group[0]}.json)"
    if len(names) > 1:
        links = (f"[{recording_title(name, names)}](/data/{name}.json)" for name in group)
        data = f"Raw data: {', '.join(links)}"
    made_with = f" with {listed(facts)}" if facts else ""
    return f"Recorded on {when}{made_with}{machine}. {data}."

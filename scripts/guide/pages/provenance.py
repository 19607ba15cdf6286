"""Show the dates, versions and machines of recordings."""

from guide import Problem
from guide.content import recordings
from guide.content.recording_types import Provenance
from guide.pages import numbers
from guide.pages.markup import listed
from guide.pages.registry import macro
from guide.pages.titles import example_title

# Maps the name of a tool in recordings to its name on pages.
_TOOLS = {"uv": "uv", "poetry": "Poetry", "renovate": "Renovate"}
_STAND_INS = "/how-this-guide-is-tested.md#real-images-and-stand-ins"


@macro("recorded")
def provenance_line(*names: str) -> str:
    """Return a line with the date, versions, machine and raw data of recordings.

    Raises Problem unless all of the recordings have the same date, versions and machine.
    """
    origin, *others = (_origin(name) for name in names)
    if any(other != origin for other in others):
        raise Problem(
            f"{', '.join(names)} differ in date, versions or machine. Record all of them again."
        )
    versions = origin["versions"]
    facts = [f"{name} {versions[tool]}" for tool, name in _TOOLS.items() if tool in versions]
    machine = ""
    if "machine" in origin:
        images = base_images(origin)
        if origin["base_images"] == "stand-ins":
            images = f"[{images}]({_STAND_INS})"
        facts += [docker_version(origin), images]
        machine = f", on {machine_facts(origin)}"
    data = f"[Raw data](/data/{names[0]}.json)"
    if others:
        links = (f"[{example_title(name)}](/data/{name}.json)" for name in names)
        data = f"Raw data: {', '.join(links)}"
    date = numbers.format_date(origin["date"])
    line = f"Recorded on {date} with {listed(facts)}{machine}. {data}."
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


def _origin(name: str) -> Provenance:
    """Return the provenance of a recording, without the names of stand-ins."""
    origin = recordings.provenance(name)
    origin.pop("stand_ins", None)
    return origin

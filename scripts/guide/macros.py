"""What pages can ask for: facts out of recordings, as text or as HTML.

A page asks with [[[ macro(…) ]]]. Whatever was not recorded raises Problem and stops the build.
"""

import html
import itertools
import re
from collections.abc import Callable
from datetime import date

from guide import Problem, downloads, recordings
from guide.catalogue import example as find_example
from guide.edits import edit as find_edit

MACROS: list[Callable] = []


def macro(function: Callable) -> Callable:
    MACROS.append(function)
    return function


def define_env(env) -> None:
    """Called by mkdocs-macros at the start of each build."""
    downloads.write_all()
    for function in MACROS:
        env.macro(function)


# --- facts, as text ---


@macro
def seconds(example: str, edit: str) -> str:
    """The median seconds of a build: "cold", or after an edit."""
    return _seconds(_build(example, edit)["seconds"])


@macro
def step_count(example: str, edit: str) -> int:
    """How many steps a build ran."""
    return sum(not step["cached"] for step in _build(example, edit)["steps"])


@macro
def rounds(example: str) -> int:
    """How often each build was timed."""
    return len(_build(example, "cold")["every_round"])


@macro
def spread(example: str, edit: str) -> str:
    """The fastest and the slowest of the timed builds."""
    every = _build(example, edit)["every_round"]
    return f"{_number(min(every))} to {_seconds(max(every))}"


@macro
def added_megabytes(example: str) -> int:
    """What the Dockerfile adds to its base image, in MB as the engine counts."""
    run = recordings.read(f"runs/{example}")
    return round((run["image_size"] - run["base_image_size"]) / 1e6)


@macro
def uv_megabytes(example: str) -> int:
    """The size of the uv program in the image, in MB."""
    return round(recordings.read(f"runs/{example}")["uv_size"] / 1e6)


@macro
def package_names(example: str) -> str:
    """The packages in the image, as a sentence fragment."""
    names = [f"`{name}`" for name in recordings.read(f"runs/{example}")["packages"]]
    return f"{', '.join(names[:-1])} and {names[-1]}"


@macro
def package_count(example: str, trap: str | None = None) -> int:
    """How many packages are in the image, or in the image of a trap."""
    if trap is None:
        return len(recordings.read(f"runs/{example}")["packages"])
    return len(_trap(example, trap)["packages"])


# --- facts, as HTML ---


@macro
def recorded(name: str) -> str:
    """One line that says when, with what and on what a recording was made, with its raw data."""
    origin = recordings.read(name)["recorded"]
    day = date.fromisoformat(origin["date"])
    machine, versions = origin["machine"], origin["versions"]
    facts = [
        f"{day.day} {day:%B %Y}",
        f"uv {versions['uv']}",
        f"Docker {versions['docker'].partition('+')[0]}",
        f"{machine['cores']} cores, {machine['memory']} GiB",
    ]
    if origin["base_images"] == "stand-ins":
        facts.append(
            "base images [stand-ins](/how-this-guide-stays-true.md#real-images-and-stand-ins)"
        )
    else:
        facts.append("base images pulled")
    line = f"Recorded {', '.join(facts)}. [Raw data](/data/{name}.json)."
    return f"\n\n{line}\n{{ .recorded }}\n\n"


@macro
def edits(example: str) -> str:
    """What each edit costs: seconds, and the steps that ran again, as a table."""
    builds = recordings.read(f"layers/{example}")["builds"]
    longest = max(each["seconds"] for each in builds)
    count = len(builds[0]["steps"])
    rows = []
    for each in builds:
        ran = [step for step in each["steps"] if not step["cached"]]
        cells = "".join(
            f'<i class="{"hit" if step["cached"] else "ran"}"></i>' for step in each["steps"]
        )
        said = ", ".join(f"<code>{_verb(step['instruction'])}</code>" for step in _slow(ran))
        what = f"{len(ran)} of {count}" if ran else "none"
        rows.append(
            f'<tr><th scope="row">{html.escape(each["title"])}</th>'
            f'<td class="time"><span class="bar" style="--share:{each["seconds"] / longest:.3f}">'
            f"</span>{_seconds(each['seconds'])}</td>"
            f'<td><span class="strip" aria-hidden="true">{cells}</span>'
            f'<span class="count">{what}</span></td><td class="said">{said}</td></tr>'
        )
    return (
        '<div class="scroll"><table class="edits"><thead><tr><th scope="col">Edit</th>'
        '<th scope="col">Build</th><th scope="col">Steps run again</th>'
        '<th scope="col">Where the time goes</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>" + recorded(f"layers/{example}")
    )


@macro
def steps(example: str, edit: str) -> str:
    """The steps of one build in order, each with its seconds or as cached."""
    build = _build(example, edit)
    rows = []
    for step in build["steps"]:
        kind = "hit" if step["cached"] else "ran"
        said = "cached" if step["cached"] else _seconds(step["seconds"])
        rows.append(
            f'<li class="{kind}"><code>{_short(step["instruction"])}</code><span>{said}</span></li>'
        )
    return (
        f'<ol class="steps">{"".join(rows)}'
        f'<li class="total"><strong>{html.escape(build["title"])}, the whole build</strong>'
        f"<span>{_seconds(build['seconds'])}</span></li></ol>"
    )


@macro
def picture(example: str, *names: str) -> str:
    """Bars for a few builds of an example, drawn from the recording; readable as a list."""
    builds = [_build(example, name) for name in names]
    longest = max(build["seconds"] for build in builds)
    rows = []
    for build in builds:
        sync = sum(s["seconds"] for s in build["steps"] if "uv sync" in s["instruction"])
        rest = build["seconds"] - sync
        rows.append(
            f'<li><span class="label">{html.escape(build["title"])}</span>'
            f'<span class="value">{_seconds(build["seconds"])}</span>'
            f'<span class="track"><i class="sync" style="--share:{sync / longest:.3f}"></i>'
            f'<i class="rest" style="--share:{rest / longest:.3f}"></i></span></li>'
        )
    return (
        f'<figure class="picture"><ul>{"".join(rows)}</ul><figcaption>'
        '<span class="key sync">installing packages</span> '
        '<span class="key rest">everything else</span></figcaption></figure>'
    )


@macro
def transcript(example: str) -> str:
    """The commands of the example's README with what they printed."""
    lines = []
    for command in recordings.read(f"runs/{example}")["commands"]:
        lines.append(f'<span class="gp">$ </span><b>{html.escape(command["text"])}</b>')
        lines.append(f'<span class="go">{html.escape(command["output"])}</span>')
    return _printed("\n".join(lines))


@macro
def command(example: str, number: int) -> str:
    """One command of the example's README, to copy."""
    commands = recordings.read(f"runs/{example}")["commands"]
    return _to_copy(commands[number - 1]["text"])


@macro
def edit_command(name: str) -> str:
    """The command that makes an edit which is made by uv, to copy."""
    return _to_copy(find_edit(name).command)


@macro
def trap_output(example: str, trap: str) -> str:
    """What a reader sees who has fallen into the trap."""
    return _printed(f'<span class="go">{html.escape(_trap(example, trap)["output"])}</span>')


@macro
def download(example: str) -> str:
    """The link to the example as a zip, with its size in kB."""
    size = max(1, round(downloads.path(find_example(example)).stat().st_size / 1000))
    return (
        f"[Download this example (zip, {size} kB)](/downloads/{example}.zip)"
        "{ .md-button .md-button--primary download }"
    )


# --- how they are made ---


def _build(example: str, name: str) -> dict:
    for each in recordings.read(f"layers/{example}")["builds"]:
        if each["name"] == name:
            return each
    raise Problem(f"No build {name!r} of {example} is recorded.")


def _trap(example: str, name: str) -> dict:
    for each in recordings.read(f"traps/{example}")["traps"]:
        if each["name"] == name:
            return each
    raise Problem(f"No trap {name!r} of {example} is recorded.")


def _slow(steps: list[dict]) -> list[dict]:
    """The steps that took at least a tenth of a second, slowest first."""
    return sorted((s for s in steps if s["seconds"] >= 0.1), key=lambda s: -s["seconds"])


def _short(instruction: str, length: int = 120) -> str:
    """An instruction cut to its beginning, with an ellipsis where something is left out."""
    cut = instruction if len(instruction) <= length else instruction[: length - 1].rstrip() + "…"
    return html.escape(cut)


def _verb(instruction: str) -> str:
    """What an instruction does, without its options: `uv sync`, `COPY`."""
    keyword, _, rest = instruction.partition(" ")
    if keyword != "RUN":
        return keyword
    rest = re.sub(r"\b[A-Z_]+=\S+ |python (-m|manage\.py) ", "", rest)
    words = itertools.takewhile(lambda word: word[0].isalpha(), rest.split())
    return html.escape(" ".join(words))


def _seconds(value: float) -> str:
    return f"{_number(value)}\N{NO-BREAK SPACE}s"


def _number(value: float) -> str:
    """Two digits that mean something, and never more than one after the point above one."""
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"


def _to_copy(command: str) -> str:
    """A block of one command line, with a button that copies it."""
    return f'<div class="highlight command"><pre><code>{html.escape(command)}</code></pre></div>'


def _printed(text: str) -> str:
    """A block of what a terminal showed, which nobody needs to copy."""
    return (
        '<div class="highlight transcript no-copy"><pre><code>'
        f"{_one_block(text)}</code></pre></div>"
    )


def _one_block(text: str) -> str:
    """Text without empty lines: Markdown would end the HTML there."""
    return "\n".join(line or "&#8203;" for line in text.split("\n"))

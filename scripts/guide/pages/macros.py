"""What pages can ask for: facts out of recordings, as text or as HTML.

A page asks with [[[ macro(…) ]]]. Whatever was not recorded raises Problem and stops the build.
"""

import html
import itertools
from pathlib import Path

from guide import Problem
from guide.content import claims, downloads, recordings
from guide.content.dockerfile import Dockerfile, Instruction
from guide.content.edits import EDITS
from guide.content.edits import edit as find_edit
from guide.content.examples import example as find_example
from guide.pages import (
    claim_pages,
    explorer,
    numbers,
)
from guide.pages.claim_pages import block, codes, day
from guide.pages.registry import macro

# --- facts, as text ---


@macro
def seconds(example: str, edit: str) -> str:
    """The median seconds of a build: "cold", or after an edit."""
    return numbers.seconds(_build(example, edit)["seconds"])


@macro
def step_count(example: str, edit: str) -> int:
    """How many steps a build ran."""
    return sum(not step["cached"] for step in _build(example, edit)["steps"])


@macro
def prepared(example: str, edit: str) -> int:
    """How many packages uv downloaded or built in a build."""
    return _build(example, edit)["prepared"]


@macro
def rounds(example: str) -> int:
    """How often each build was timed."""
    return len(_build(example, "cold")["every_round"])


@macro
def spread(example: str, edit: str) -> str:
    """The fastest and the slowest of the timed builds."""
    return numbers.seconds_range(_build(example, edit)["every_round"])


@macro
def added_megabytes(example: str) -> str:
    """What the Dockerfile adds to its base image, in MB as the engine counts."""
    return numbers.megabytes(_added(recordings.run(example)))


@macro
def image_megabytes(example: str) -> str:
    """The size of the whole image, in MB as the engine counts."""
    return numbers.megabytes(recordings.run(example)["image_size"])


@macro
def stage_megabytes(example: str, stage: str) -> str:
    """The size of the image that ends with a stage, in MB as the engine counts."""
    return numbers.megabytes(recordings.run(example)["stage_sizes"][stage])


@macro
def uv_megabytes(example: str) -> str:
    """The size of the uv program in the image, in MB."""
    return numbers.megabytes(recordings.run(example)["build_tools"]["uv"])


@macro
def pushed(example: str) -> str:
    """The size of the layers that an edit of a view makes anew, in kB or MB."""
    return numbers.size(recordings.run(example)["view_edit_size"])


@macro
def package_names(example: str) -> str:
    """The packages in the image, as a sentence fragment."""
    names = [f"`{name}`" for name in recordings.run(example)["packages"]]
    return f"{', '.join(names[:-1])} and {names[-1]}"


@macro
def package_count(example: str, trap: str | None = None) -> int:
    """How many packages are in the image, or in the image of a trap."""
    if trap is None:
        return len(recordings.run(example)["packages"])
    return len(_trap(example, trap)["packages"])


@macro
def installs(example: str, trap: str | None = None) -> str:
    """The uv command that installs the packages of production, or that of a trap."""
    if trap is not None:
        return f"`{_trap(example, trap)['line']}`"
    return f"`{find_example(example).uv_commands[0]}`"


@macro
def has(example: str, package: str, trap: str | None = None) -> str:
    """Whether a package is in the image, or in the image of a trap: yes or no."""
    run = recordings.run(example) if trap is None else _trap(example, trap)
    return "yes" if package in run["packages"] else "no"


# --- claims ---


@macro
def claim(*names: str) -> str:
    """Claims, each with what was typed and read folded below its sentence."""
    return "".join(claim_pages.fold(name) for name in names)


@macro
def all_claims() -> str:
    return claim_pages.everything()


@macro
def claim_count() -> int:
    return len(claims.claims())


@macro
def uv_versions() -> str:
    """Which claims hold with which release of uv."""
    return claim_pages.versions()


@macro
def uv_changes() -> str:
    return claim_pages.changed()


# --- facts, as HTML ---


@macro
def recorded(*names: str) -> str:
    """One line that says when, with what and on what recordings were made, with their raw data.

    Raises Problem when the recordings do not have that in common.
    """
    origins = [_origin(name) for name in names]
    if any(origin != origins[0] for origin in origins):
        raise Problem(f"{', '.join(names)} were not recorded alike. Record them again.")
    origin = origins[0]
    versions = origin["versions"]
    tools = {"uv": "uv", "poetry": "Poetry", "renovate": "Renovate"}
    facts = [day(origin)]
    facts += [f"{name} {versions[tool]}" for tool, name in tools.items() if tool in versions]
    if "machine" in origin:
        machine = origin["machine"]
        facts.append(f"Docker {versions['docker'].partition('+')[0]}")
        facts.append(f"{machine['cores']} cores, {machine['memory']} GiB")
        stand_ins = "[stand-ins](/how-this-guide-stays-true.md#real-images-and-stand-ins)"
        pulled = origin["base_images"] != "stand-ins"
        facts.append("base images pulled" if pulled else f"base images {stand_ins}")
    data = [f"[Raw data](/data/{names[0]}.json)"]
    if len(names) > 1:
        data = [f"[{_title(name)}](/data/{name}.json)" for name in names]
        data[0] = f"Raw data: {data[0]}"
    line = f"Recorded {', '.join(facts)}. {', '.join(data)}."
    return f"\n\n{line}\n{{ .recorded data-search-exclude=1 }}\n\n"


@macro
def if_stand_in(recording: str, image: str, text: str) -> str:
    """A sentence that is true only where a recording had a stand-in for a base image."""
    return text if image in recordings.provenance(recording).get("stand_ins", []) else ""


@macro
def layer_explorer(example: str, edit: str, against: str = "") -> str:
    """What each edit costs, to explore: the stages with their steps, cached or run again.

    With another example beside it, if given.
    """
    names = [name for name in (example, against) if name]
    table = _compared(*names) if against else _edits(example)
    return explorer.element(example, edit, against, table, PAGES) + recorded(
        *(f"layers/{name}" for name in names)
    )


def _edits(example: str) -> str:
    """What each edit costs: seconds, and the steps that ran again, as a table."""
    builds = recordings.layers(example)["builds"]
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
            f"</span>{numbers.seconds(each['seconds'])}</td>"
            f'<td><span class="strip" aria-hidden="true">{cells}</span>'
            f'<span class="count">{what}</span></td><td class="said">{said}</td></tr>'
        )
    return (
        '<div class="scroll"><table class="edits" data-search-exclude="1">'
        '<thead><tr><th scope="col">Edit</th>'
        '<th scope="col">Build</th><th scope="col">Steps run again</th>'
        '<th scope="col">Where the time goes</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


@macro
def steps(example: str, edit: str) -> str:
    """The steps of one build in order, each with its seconds or as cached."""
    build = _build(example, edit)
    several = len({step["stage"] for step in build["steps"]}) > 1
    rows = []
    for step in build["steps"]:
        kind = "hit" if step["cached"] else "ran"
        said = "cached" if step["cached"] else numbers.seconds(step["seconds"])
        label = f"<small>{html.escape(step['stage'])}</small>" if several else ""
        rows.append(
            f'<li class="{kind}"><div>{label}<code>{_short(step["instruction"])}</code></div>'
            f"<span>{said}</span></li>"
        )
    return (
        f'<ol class="steps" data-search-exclude="1">{"".join(rows)}'
        f'<li class="total"><strong>{html.escape(build["title"])}, the whole build</strong>'
        f"<span>{numbers.seconds(build['seconds'])}</span></li></ol>"
    )


@macro
def side_by_side(*names: str) -> str:
    """What the images are and what their builds cost, one column for each example."""
    runs = [recordings.run(name) for name in names]
    rows = {
        "Image": [numbers.size(run["image_size"]) for run in runs],
        "Packages": [len(run["packages"]) for run in runs],
        "Above the base image": [
            f"{numbers.size(_added(run))} in {run['layers']} layers" for run in runs
        ],
        "Build tools in the image": [", ".join(run["build_tools"]) or "none" for run in runs],
        "New bytes after a view edit": [pushed(name) for name in names],
    }
    timed = ("cold", "view", "template", "dependency", "version", "ruff")
    for edit in timed:
        builds = [_build(name, edit) for name in names]
        rows[builds[0]["title"]] = [numbers.seconds(build["seconds"]) for build in builds]
    return _table(names, rows)


@macro
def compared(*names: str) -> str:
    """The seconds of every edit, one column for each Dockerfile of the same project."""
    return _compared(*names) + recorded(*(f"layers/{name}" for name in names))


def _compared(*names: str) -> str:
    rows = {}
    for edit in ("cold", *(each.name for each in EDITS)):
        builds = [_build(name, edit) for name in names]
        rows[builds[0]["title"]] = [
            f"{numbers.seconds(build['seconds'])} <small>{_steps_run(build)}</small>"
            for build in builds
        ]
    return _table(names, rows)


@macro
def dockerfiles(*names: str) -> str:
    """How the Dockerfiles differ, read out of them: one column for each example."""
    found = [find_example(name) for name in names]
    parsed = [each.parsed for each in found]
    rows = {
        "Base image": [codes([each.stages[0].base]) for each in parsed],
        "Stages": [
            codes([stage.name for stage in each.stages if stage.is_named]) or "one"
            for each in parsed
        ],
        "The venv": [codes([_venv(each)]) for each in parsed],
        "Installs packages with": [codes(each.uv_commands) for each in found],
        "Mounts": [codes(_mount_types(each)) or "none" for each in parsed],
    }
    return _table(names, rows)


@macro
def changes(before: str, after: str) -> str:
    """The lines that one Dockerfile has and another has not, without the comments."""
    one, other = (find_example(name).parsed.code for name in (before, after))
    return block(claim_pages.changes(one, other), is_searched=False)


@macro
def part(example: str, file: str, first: str, last: str) -> str:
    """Lines of a file, to copy: from the one that begins with `first` to that with `last`."""
    lines = (find_example(example).folder / file).read_text().splitlines()
    begin, end = (
        [at for at, line in enumerate(lines) if line.startswith(words)] for words in (first, last)
    )
    if len(begin) != 1 or len(end) != 1 or begin > end:
        raise Problem(f"{file} of {example} has no lines from {first!r} to {last!r}, or several.")
    shown = "\n".join(lines[begin[0] : end[0] + 1])
    language = Path(file).suffix.removeprefix(".") or "docker"
    return f'```{{ .{language} .part title="{file}" data-search-exclude=1 }}\n{shown}\n```'


@macro
def transcript(example: str) -> str:
    """The commands of the example's README with what they printed."""
    lines = []
    for command in recordings.run(example)["commands"]:
        lines.append(f'<span class="gp">$ </span><b>{html.escape(command["text"])}</b>')
        if command["output"]:
            lines.append(f'<span class="go">{html.escape(command["output"])}</span>')
    return block("\n".join(lines), is_searched=False)


@macro
def command(example: str, number: int) -> str:
    """One command of the example's README, to copy."""
    commands = recordings.run(example)["commands"]
    return _to_copy(commands[number - 1]["text"])


@macro
def edit_command(name: str) -> str:
    """The command that makes an edit which is made by uv, to copy."""
    return _to_copy(find_edit(name).command)


@macro
def trap_output(example: str, trap: str) -> str:
    """What a reader sees who has fallen into the trap."""
    return block(f'<span class="go">{html.escape(_trap(example, trap)["output"])}</span>')


@macro
def download(example: str) -> str:
    """The example as a card: what it is, when it was last run, and the link to its zip."""
    found = find_example(example)
    size = numbers.size(downloads.path(found).stat().st_size)
    ran = day(recordings.run(example)["recorded"])
    facts = (
        f"Adds {added_megabytes(example)} MB to `{found.parsed.stages[0].base}`. "
        f"[Built and run](/data/runs/{example}.json) {ran}."
    )
    return (
        '\n\n<div class="example" markdown>\n<div markdown>\n\n'
        f"**{found.title}.** {found.sentence}\n\n{facts}\n{{ .facts }}\n\n</div>\n\n"
        f"[Download this example (zip, {size})](/downloads/{example}.zip)"
        "{ .md-button .md-button--primary download data-search-exclude=1 }\n\n</div>\n\n"
    )


# --- how they are made ---


def _table(names: tuple[str, ...], rows: dict[str, list]) -> str:
    """Rows of facts, one column for each of the named examples."""
    heads = "".join(f'<th scope="col">{_title(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{html.escape(title)}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for title, cells in rows.items()
    )
    return (
        '<div class="scroll"><table class="facts" data-search-exclude="1">'
        f"<thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


# Where the page of an example is.
PAGES = {
    "pattern-a-single-stage": ("Pattern A", "/patterns/pattern-a.md"),
    "pattern-b-multi-stage": ("Pattern B", "/patterns/pattern-b.md"),
    "pattern-c-cache-mounts": ("Pattern C", "/patterns/pattern-c.md"),
    "lock-stage": ("The lock stage", "/patterns/lock-stage.md"),
    "lock-stage--kept-venv": ("with a kept venv", "/patterns/lock-stage.md"),
    "pattern-c-cache-mounts--lock-stage": ("C with a lock stage", "/patterns/lock-stage.md"),
    "dependency-groups": ("Dependency groups", "/dependency-groups.md"),
    "before-poetry": ("Poetry, as most have it", "/migrate-files.md"),
    "before-poetry--layered": ("Poetry at its best", "/migrate-files.md"),
    "after-uv": ("The shop with uv", "/migrate-files.md"),
}


def _steps_run(build: dict) -> str:
    ran = sum(not step["cached"] for step in build["steps"])
    return f"{ran} of {len(build['steps'])} steps" if ran else "all cached"


def _title(name: str) -> str:
    """What the pages call an example, or the recording of one."""
    return html.escape(PAGES[name.rpartition("/")[2]][0])


def _origin(name: str) -> dict:
    """Where a recording comes from, without which stand-ins it needed."""
    origin = recordings.provenance(name)
    return {key: value for key, value in origin.items() if key != "stand_ins"}


def _venv(dockerfile: Dockerfile) -> str:
    """The folder of the virtual environment that uv syncs."""
    folders = (stage.environment.get("UV_PROJECT_ENVIRONMENT") for stage in dockerfile.stages)
    return next(filter(None, folders), "/app/.venv")


def _mount_types(dockerfile: Dockerfile) -> list[str]:
    mounts = (mount for each in dockerfile.instructions for mount in each.mounts)
    return list(dict.fromkeys(mount.type for mount in mounts))


def _added(run: dict) -> int:
    """How many bytes a Dockerfile adds to its base image."""
    return run["image_size"] - run["base_image_size"]


def _build(example: str, name: str) -> dict:
    for each in recordings.layers(example)["builds"]:
        if each["name"] == name:
            return each
    raise Problem(f"No build {name!r} of {example} is recorded.")


def _trap(example: str, name: str) -> dict:
    for each in recordings.traps(example)["traps"]:
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


# What a RUN carries out before the command that it is for. The first is an assignment alone.
PREPARATIONS = {(), ("apt-get", "update"), ("uv", "venv")}


def _verb(instruction: str) -> str:
    """What an instruction does, without its options and preparations: `uv sync`, `COPY`."""
    step = Instruction.parse(instruction)
    if step.keyword != "RUN":
        return step.keyword
    main = next(each for each in step.commands if each.call[:2] not in PREPARATIONS)
    words = main.call
    if words[0] == "python" and words[1] in {"-m", "manage.py"}:
        words = words[2:]
    return html.escape(" ".join(itertools.takewhile(lambda word: word[0].isalpha(), words)))


def _to_copy(command: str) -> str:
    """A block of one command line, with a button that copies it."""
    return f'<div class="highlight command"><pre><code>{html.escape(command)}</code></pre></div>'

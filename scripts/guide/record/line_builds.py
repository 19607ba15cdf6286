"""Build an example without one of its items, and return facts about the builds and their images."""

import re
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from statistics import median

from guide import Problem
from guide.content import line_outcomes
from guide.content.dockerfile import Dockerfile, Instruction, Mount
from guide.content.edits import Edit, edit
from guide.content.examples import Example
from guide.content.line_items import Item
from guide.content.line_outcomes import Probe
from guide.engine.build import NO_IMAGE, Build, BuildFailed
from guide.engine.isolated import IsolatedBuilder, empty_cache_mounts
from guide.record.line_edits import (
    OTHER_PROJECT,
    RUN_MOUNTS_AGAIN,
    EditFailed,
    LockFailed,
    Situation,
    only_check,
    only_check_online,
    removing,
    repeatable,
    situation,
)
from guide.record.line_facts import (
    STOPS,
    Facts,
    container_facts,
    image_facts,
    in_megabytes,
    start_facts,
    stopped,
    with_prefix,
)

# What the output of a build contains only without some option.
_PRINTED = {
    "hashes": "--hash=sha256:",
    "the environment": "Creating virtual environment",
    "that debconf finds no terminal": "debconf: unable to initialize frontend",
}
# How often each build is timed.
_ROUNDS = 3
# Seconds for which a parallel build uses a cache mount, which is longer than the other build takes.
_PARALLEL = 60


@dataclass(frozen=True)
class Trial:
    """A probe that is about an item, of an example with the item or without it."""

    example: Example
    item: Item
    probe: Probe
    is_removed: bool

    @property
    def removed(self) -> Item | None:
        """The item, if it is removed."""
        return self.item if self.is_removed else None

    @property
    def keeps_packages(self) -> bool:
        """Whether the item's step keeps packages in a cache mount, and not only downloads."""
        parsed = self.example.parsed
        if self.item.file != "Dockerfile":
            return False
        mounts = instruction_of(self.item, parsed).mounts
        caches = [each for each in mounts if each.type == "cache"]
        return any(not each.options["target"].endswith("/.cache/uv") for each in caches)

    @property
    def targets(self) -> list[tuple[str, str | None]]:
        """A prefix for facts, and a target of the build, for each image that the item may change.

        The production image has no prefix, and the target None.
        """
        parsed = self.example.parsed
        images: list[tuple[str, str | None]] = [("", None)]
        images += [(f"{name} ", name) for name in other_images(parsed)]
        if self.item.file != "Dockerfile" or not self.item.stage or self.item.name[:4] == "FROM":
            return images
        return [
            (prefix, target)
            for prefix, target in images
            if self.item.stage in {stage.name for stage in parsed.stages_for(target)}
        ]


def other_images(dockerfile: Dockerfile) -> list[str]:
    """Return the stages that no other stage uses, except the last stage."""
    used = {stage.name for each in dockerfile.stages for stage in each.uses}
    return [stage.name for stage in dockerfile.stages[:-1] if stage.name not in used]


def build_facts(builder: IsolatedBuilder, trial: Trial) -> Facts:
    """Return the facts of a probe that builds images."""
    if trial.is_removed and trial.keeps_packages:
        # Other builds must not find what this one leaves in the cache mount.
        builder = replace(builder, arguments=[*builder.arguments, *empty_cache_mounts()])
    if trial.probe.after == "parallel-build":
        return _parallel_facts(builder, trial)
    observe = {
        line_outcomes.BUILD: _plain_build,
        line_outcomes.IMAGE: _image,
        line_outcomes.STAGE: _stage,
        line_outcomes.START: _start,
        line_outcomes.CONTAINER: _container,
        line_outcomes.REBUILD: _rebuild,
        line_outcomes.TIME: _times,
    }[trial.probe.kind]
    facts: Facts = {"lock": "succeeds", "edit": "succeeds"}
    for prefix, target in _observed_targets(trial):
        try:
            observed = {"build": "succeeds", **observe(builder, trial, target)}
        except LockFailed as problem:
            return {"lock": stopped(problem)}
        except EditFailed as problem:
            return {"lock": "succeeds", "edit": stopped(problem)}
        except BuildFailed as failed:
            output = f"{failed} {failed.error} {_last_lines(failed.output)}"
            observed = {"build": stopped(Problem(output))}
        except Problem as problem:
            observed = {"build": stopped(problem)}
        facts |= with_prefix(prefix, observed)
        if observed["build"].startswith(STOPS):
            # The other images mostly fail at the same step, which BuildKit would run again.
            break
    return facts


def _last_lines(output: str) -> str:
    return " ".join(output.strip().splitlines()[-3:])


def _observed_targets(trial: Trial) -> Iterator[tuple[str, str | None]]:
    """Yield the prefix and the target of each image that the probe observes."""
    production_only = {line_outcomes.START, line_outcomes.CONTAINER, line_outcomes.TIME}
    if trial.probe.kind == line_outcomes.STAGE:
        yield "", trial.item.stage
    elif trial.probe.kind in production_only:
        yield "", None
    else:
        yield from trial.targets


def _build(
    builder: IsolatedBuilder, change: Edit, target: str | None, *arguments: str, image: bool = False
) -> Build:
    where = ("--target", target) if target else ()
    return builder.build(change, None, *where, *(() if image else (NO_IMAGE,)), *arguments)


def _plain_build(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    mounts = empty_cache_mounts() if trial.probe.after == "new-runner" else ()
    return printed_facts(_build(builder, removing(trial.removed), target, *mounts))


def printed_facts(build: Build) -> Facts:
    """Return the facts about what a build has printed."""
    warnings = dict.fromkeys(re.findall(r"^warning: .*", build.output, re.MULTILINE))
    facts = {"build warning": " ".join(warnings)} if warnings else {}
    return facts | {
        f"build prints {name}": "yes" for name, text in _PRINTED.items() if text in build.output
    }


def _image(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    with_image = _build(builder, removing(trial.removed), target, image=True)
    try:
        return image_facts(builder.engine, with_image.tag)
    finally:
        _discard(builder, with_image)


def _stage(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    stage = _build(builder, removing(trial.removed), target, image=True)
    size = builder.engine.docker("image", "inspect", "--format", "{{.Size}}", stage.tag).stdout
    _discard(builder, stage)
    return {"size of the stage": in_megabytes(int(size))}


def _start(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    service = _build(builder, removing(trial.removed), target, image=True)
    try:
        return start_facts(builder.engine, service.tag, server_modules(trial.example.parsed))
    finally:
        _discard(builder, service)


def _container(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    service = _build(builder, removing(trial.removed), target, image=True)
    try:
        return container_facts(builder.engine, service.tag)
    finally:
        _discard(builder, service)


def _discard(builder: IsolatedBuilder, build: Build) -> None:
    """Remove an image, because hundreds would fill the disk. Its layers stay in the build cache."""
    builder.engine.docker("image", "rm", "--force", build.tag, check=False)


# The modules that the command of each server imports.
_SERVERS = {"gunicorn": "gunicorn.app.wsgiapp", "uvicorn": "uvicorn.main"}


def server_modules(dockerfile: Dockerfile) -> tuple[str, str]:
    """Return the modules that the CMD of the production image imports.

    They are the module of the server and the one that it serves, such as `shop.wsgi`.
    """
    commands = [
        instruction.arguments
        for stage in dockerfile.stages_for()
        for instruction in stage.instructions
        if instruction.keyword == "CMD"
    ]
    if not commands or len(commands[-1]) < 2 or commands[-1][0] not in _SERVERS:
        raise Problem("The production image must have a CMD with a server and a module to serve.")
    server, served, *_ = commands[-1]
    return _SERVERS[server], served.partition(":")[0]


# --- rebuilds ---


def _rebuild(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    """Build after an edit, and return the result and the steps that ran."""
    if trial.probe.after == OTHER_PROJECT.name:
        return _after_other_project(builder, trial, target)
    if trial.probe.after == "old-python":
        return _after_old_python(builder, trial, target)
    if trial.probe.after == "default-cache":
        return _default_cache(builder, trial, target)
    if trial.probe.after == "unlocked-here":
        now = Situation(only_check(trial.item, trial.is_removed))
    elif trial.probe.after == "unlocked-online":
        now = Situation(only_check_online(trial.item, trial.is_removed))
    else:
        now = situation(trial.probe.after, trial.example)
    if now.first is not None:
        _build(builder, removing(trial.removed, now.first), target)
    if builder.private and not now.has_token:
        builder = builder.with_private(builder.private.with_token(None))
    mounts = empty_cache_mounts() if now.is_new_runner else ()
    build = _build(builder, removing(trial.removed, now.first, now.change), target, *mounts)
    return _fetched(build) | {f"reruns {step}": "yes" for step in build.ran}


def _fetched(build: Build) -> Facts:
    return {"packages fetched or built": str(build.prepared)}


def _after_other_project(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    """Build on a runner that has only built another project, whose cache mounts have no ids."""
    mounts = empty_cache_mounts()
    _build(builder, removing(None, OTHER_PROJECT, RUN_MOUNTS_AGAIN), target, *mounts)
    return _fetched(_build(builder, _dependency_again(trial), target, *mounts))


def _dependency_again(trial: Trial) -> Edit:
    """Return an edit after which the item's step runs, although other trials have run it."""
    return removing(trial.removed, edit("dependency"), RUN_MOUNTS_AGAIN)


def _default_cache(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    """Build, and return whether the step fills the cache mount of projects that set no id."""
    mount = _cache_mount(trial, trial.example.dockerfile_text)
    options = {name: value for name, value in mount.options.items() if name != "id"}
    mounts = empty_cache_mounts()
    _build(builder, _dependency_again(trial), target, *mounts)
    reading = _using(trial, replace(mount, options=options), f"ls {options['target']}")
    output = builder.build(None, reading, NO_IMAGE, *mounts).output
    return {"cache without an id": "filled" if "CACHEDIR.TAG" in output else "empty"}


def _after_old_python(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    """Build after an earlier version of Python has left a package in the item's cache mount."""
    mount = _cache_mount(trial, trial.example.dockerfile_text)
    package = f"{mount.options['target']}/lib/python3.9/site-packages/old.py"
    mounts = empty_cache_mounts()
    builder.build(None, _using(trial, mount, f"install -D /dev/null {package}"), NO_IMAGE, *mounts)
    return _fetched(_build(builder, _dependency_again(trial), target, *mounts))


def _cache_mount(trial: Trial, text: str) -> Mount:
    """Return the cache mount of the item's step in a Dockerfile."""
    mounts = instruction_of(trial.item, Dockerfile.parse(text)).mounts
    return next(each for each in mounts if each.type == "cache")


def _using(trial: Trial, mount: Mount, command: str) -> str:
    """Return a Dockerfile that runs a command with a mount, and that is never cached."""
    options = ",".join(f"{name}={value}" for name, value in mount.options.items())
    base = trial.example.parsed.stages[0].base_image
    return f"FROM {base}\nRUN --mount={options} : {secrets.token_hex(4)}; {command}\n"


def _parallel_facts(builder: IsolatedBuilder, trial: Trial) -> Facts:
    """Build while another build uses the same cache mount for a minute."""
    text = trial.example.dockerfile_text
    mount = _cache_mount(trial, trial.item.without(text) if trial.is_removed else text)
    other = _using(trial, mount, f"sleep {_PARALLEL}")
    command = ("buildx", "build", "--builder", builder.engine.builder, NO_IMAGE)
    _build(builder, removing(trial.removed), None)
    with ThreadPoolExecutor() as executor:
        parallel = executor.submit(
            builder.engine.docker, *command, *builder.arguments, "-", input=other
        )
        # Until the other build has the mount.
        time.sleep(5)
        _build(builder, _dependency_again(trial), None)
        waits = parallel.done()
        parallel.result()
    return {"waits for a parallel build": "yes" if waits else "no"}


# --- seconds ---


def _times(builder: IsolatedBuilder, trial: Trial, target: str | None) -> Facts:
    """Return the median seconds of the item's step after an edit.

    If the step mounts a cache, it is also timed with an empty cache.
    """
    instruction = instruction_of(trial.item, trial.example.parsed)
    step = trial.item.name.partition(" --")[0].partition(" id=")[0]
    conditions = {"": False}
    if any(mount.type == "cache" for mount in instruction.mounts):
        conditions[" with empty cache mounts"] = True
    change = removing(trial.removed, repeatable(trial.probe.after))
    _build(builder, removing(trial.removed), target)
    facts = {}
    for condition, is_empty in conditions.items():
        seconds = []
        for _ in range(_ROUNDS):
            mounts = empty_cache_mounts() if is_empty else ()
            seconds.append(step_seconds(_build(builder, change, target, *mounts), trial.item, step))
        facts[f"seconds of {step}{condition}"] = f"{median(seconds):.2f}"
    return facts


def step_seconds(build: Build, item: Item, step: str) -> float:
    """Return the seconds of a step, such as "RUN uv export", in the stage of an item.

    Raises Problem if it has not run.
    """
    program = step.removeprefix("RUN ")
    seconds = [
        each.seconds
        for each in build.steps
        if not each.cached
        and each.stage == (item.stage or each.stage)
        and any(
            command.text.startswith(program)
            for command in Instruction.parse(each.instruction).commands
        )
    ]
    if len(seconds) != 1:
        raise Problem(
            f"The step {step!r} must run once in a timed build, not {len(seconds)} times."
        )
    return seconds[0]


def instruction_of(item: Item, dockerfile: Dockerfile) -> Instruction:
    """Return the instruction of a Dockerfile that contains an item."""
    line = item.lines(dockerfile.text)[0]
    return next(each for each in dockerfile.instructions if each.line <= line <= each.last_line)

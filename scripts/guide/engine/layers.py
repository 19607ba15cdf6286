"""What each edit rebuilds: the steps that BuildKit ran and the ones it took from its cache."""

import json
import secrets
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from guide import Problem
from guide.content.edits import (
    ANOTHER_UV,
    CODE_FIRST,
    CODE_FIRST_IN,
    EDITS,
    Edit,
    Uv,
    code_first,
    copy,
    edit,
)
from guide.content.examples import Example, examples, variants
from guide.engine import private_server
from guide.engine.build import Build, build
from guide.engine.docker import PREFIX, Engine
from guide.engine.private_server import PrivateServer
from guide.machine.progress import doing


@dataclass(frozen=True)
class Bench:
    """A place to build one example in where no layer of any earlier run can be reused.

    Its base images differ from the real ones by one small file, and its cache mounts have names
    of their own. A build here is cold, and an edit's layers were never seen before, without
    pruning anybody's cache. `bases` are those images, by the names of the real ones.
    """

    engine: Engine
    example: Example
    home: Path
    cold: list[str]
    # None for a project that has none.
    uv: Uv | None
    private: PrivateServer | None
    bases: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def build(
        self, change: Edit | None = None, dockerfile: str | None = None, *arguments: str
    ) -> Build:
        """Build a fresh copy of the example, with a change if given.

        `dockerfile` replaces the text of the Dockerfile, for tests that break it on purpose.
        `arguments` go to `docker buildx build`.
        """
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            project = copy(self.example, Path(folder) / self.example.name)
            (project / "Dockerfile").write_text(dockerfile or self.example.dockerfile_text)
            if change is not None:
                change.apply(project, self.uv)
            what = f"{self.example.name}: {change.title.lower() if change else 'cold'}"
            with doing("build", what):
                # A tag of its own, so that cleaning up finds the image by its name.
                tag = f"{PREFIX}/{self.example.name}:{secrets.token_hex(4)}"
                self.tags.append(tag)
                reach = self.private.build_arguments() if self.private else []
                return build(self.engine, project, tag, *self.cold, *reach, *arguments)

    def with_private(self, private: PrivateServer | None) -> "Bench":
        """The same place, with another token for the private server or none."""
        return replace(self, private=private)


def no_downloads() -> tuple[str, str]:
    """Arguments of a build in which every cache mount is empty."""
    return ("--build-arg", f"BUILDKIT_CACHE_MOUNT_NS={secrets.token_hex(8)}")


def unseen_image(engine: Engine, base: str) -> str:
    """The tag of an image like `base` that no build has started from."""
    mark = secrets.token_hex(8)
    tag = f"{PREFIX}/base:{mark}"
    engine.build_text(f"FROM {base}\nCOPY <<END /etc/{PREFIX}\n{mark}\nEND\n", tag)
    return tag


def starting_from(bases: dict[str, str]) -> list[str]:
    """Arguments of a build that starts from these images where its Dockerfile has their keys."""
    return [f"--build-context={base}=docker-image://{image}" for base, image in bases.items()]


def unseen_bases(engine: Engine, example: Example) -> dict[str, str]:
    """For each base image of the example, but for uv's, one that no build has started from."""
    images = example.parsed.external_images
    names = [name for name in images if not example.has_uv or name != example.uv_image]
    engine.need_images(names)
    return {name: unseen_image(engine, name) for name in names}


@contextmanager
def bench(
    engine: Engine,
    example: Example,
    empty_mounts: bool = True,
    bases: dict[str, str] | None = None,
) -> Iterator[Bench]:
    """A Bench for the example, with a cold cache. Its images go at the end.

    Without `empty_mounts`, cache mounts hold what other builds left there: the same steps run,
    in less time. `bases` are unseen_bases that others will start from, too.
    """
    engine.need_images([*example.images, *([another_uv(example)] if example.has_uv else [])])
    bases = bases or unseen_bases(engine, example)
    cold = [*(no_downloads() if empty_mounts else ()), *starting_from(bases)]
    with (
        private_server.started(engine, example) as private,
        tempfile.TemporaryDirectory(prefix="guide-layers-") as home,
    ):
        uv = uv_in_container(engine, example, private) if example.has_uv else None
        place = Bench(engine, example, Path(home), cold, uv, private, bases)
        try:
            yield place
        finally:
            if place.tags:
                engine.docker("image", "rm", "--force", *place.tags, check=False)


# The image in which uv locks: its Python suits every example, and a lock is the same with any.
LOCKING = "python:3.14-slim-trixie"

# What the guide's own images need from the distribution: in all of them, so that it is installed
# once.
TOOLS = f"""\
FROM {LOCKING}
RUN apt-get update -qq \\
    && apt-get install -qq --no-install-recommends dnsmasq-base git jq rsync
"""


def another_uv(example: Example) -> str:
    """The uv image that the edit "uv" changes the pinned one to."""
    return example.uv_image.replace(example.uv_version, ANOTHER_UV)


def images() -> list[str]:
    """Every image that building and editing the examples needs."""
    names = [LOCKING]
    names += [name for each in (*examples(), *variants()) for name in each.images]
    names += [another_uv(each) for each in examples() if each.has_uv]
    return list(dict.fromkeys(names))


def uv_image(engine: Engine, example: Example, with_git: bool = False) -> str:
    """The tag of an image with the example's uv and a Python for it."""
    engine.need_images([LOCKING, *example.parsed.external_images])
    image = f"{PREFIX}/uv-for-{example.name}"
    engine.build_text(
        (TOOLS if with_git else f"FROM {LOCKING}\n")
        + f"COPY --from={example.uv_image} /uv /uvx /usr/local/bin/\n"
        "ENV UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never\nWORKDIR /project\n",
        image,
    )
    return image


def uv_in_container(engine: Engine, example: Example, private: PrivateServer | None = None) -> Uv:
    """A way to run uv on a folder, in a container with the example's uv and a Python for it.

    This machine may have neither. `private` is the private server that it may ask. Raises
    Problem with uv's last line if it fails.
    """
    image = uv_image(engine, example, with_git=private is not None)
    reach = private.run_options if private else ()

    def uv(folder: Path, arguments: list[str]) -> None:
        user = f"{folder.stat().st_uid}:{folder.stat().st_gid}"
        mount = f"type=bind,source={folder},target=/project"
        engine.run(image, "uv", *arguments, options=("--user", user, "--mount", mount, *reach))

    return uv


def measure(place: Bench, edits: list[Edit] = EDITS, *arguments: str) -> dict[str, Build]:
    """One cold build and one build after each edit, by the edit's name.

    `place` is one in which nothing has been built. In one example, the ordinary edit is also
    built with the code copied first. `arguments` are those of the builds after an edit.
    """
    builds = {"cold": place.build()}
    builds |= {each.name: place.build(each, None, *arguments) for each in edits}
    if place.example.name == CODE_FIRST_IN:
        swapped = code_first(place.example.dockerfile_text)
        place.build(None, swapped, *arguments)
        builds[CODE_FIRST] = place.build(edit("view"), swapped, *arguments)
    return builds


def new_bytes(engine: Engine, before: str, after: str) -> int:
    """Bytes of the layers of image `after` that `before` does not have: what a push would send."""
    known = _layers(engine, before)
    return sum(size for layer, size in _layers(engine, after).items() if layer not in known)


def _layers(engine: Engine, image: str) -> dict[str, int]:
    """The size of each layer of an image by its content's hash, from `docker save`."""
    with tempfile.TemporaryDirectory(prefix="guide-save-") as folder:
        engine.docker("save", "--output", f"{folder}/image.tar", image)
        with tarfile.open(f"{folder}/image.tar") as archive:
            manifest = json.load(archive.extractfile("manifest.json"))[0]
            config = json.load(archive.extractfile(manifest["Config"]))
            sizes = [archive.getmember(path).size for path in manifest["Layers"]]
    return dict(zip(config["rootfs"]["diff_ids"], sizes, strict=True))


def recording(rounds: list[dict[str, Build]]) -> dict:
    """The content of a recording from several rounds of `measure`.

    Seconds are medians, with those of every round beside them. Raises Problem if the rounds do
    not agree on which steps were cached: then there is nothing to state.
    """
    titles = {"cold": "Cold build", CODE_FIRST: "Edit a view, code copied first"}
    titles |= {each.name: each.title for each in EDITS}
    builds = []
    for name in rounds[0]:
        runs = [each[name] for each in rounds]
        if len({tuple(stable(run)) for run in runs}) != 1:
            raise Problem(f"The rounds differ in what {name!r} rebuilds. Record again.")
        timed = [{"seconds": round(run.seconds, 2), "steps": recorded_steps(run)} for run in runs]
        builds.append(
            {
                "name": name,
                "title": titles[name],
                "seconds": middle(timed)["seconds"],
                "every_round": [each["seconds"] for each in timed],
                "prepared": runs[0].prepared,
                "steps": middle(timed)["steps"],
            }
        )
    return {"builds": builds}


def middle(runs: list[dict]) -> dict:
    """Of the same build in several rounds, the one that took the median time.

    Its steps are shown as they ran: medians of single steps would be of a build that never was.
    """
    return sorted(runs, key=lambda run: run["seconds"])[(len(runs) - 1) // 2]


def recorded_steps(run: Build) -> list[dict]:
    """The steps of a build as recordings have them. Seconds to a hundredth: less says nothing."""
    return [
        {
            **asdict(step),
            "seconds": round(step.seconds, 2),
            "started": round(step.started, 2),
        }
        for step in run.steps
    ]


def stable(run: Build) -> list[tuple[str, bool]]:
    """What must be the same each time: the instructions and whether they were cached."""
    return [(step.instruction, step.cached) for step in run.steps]


def recorded(content: dict) -> dict[str, list[tuple[str, bool]]]:
    """The same out of a recording, by the name of the edit."""
    return {
        each["name"]: [(step["instruction"], step["cached"]) for step in each["steps"]]
        for each in content["builds"]
    }

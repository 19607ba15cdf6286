"""What each edit rebuilds: the steps that BuildKit ran and the ones it took from its cache."""

import secrets
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guide import Problem
from guide.build import Build, build
from guide.catalogue import Example, examples
from guide.edits import ANOTHER_UV, EDITS, Edit, Uv, copy, edit
from guide.engine import PREFIX, Engine
from guide.progress import doing


@dataclass(frozen=True)
class Bench:
    """A place to build one example in where no layer of any earlier run can be reused.

    Its base images differ from the real ones by one small file. A build here is cold, and an
    edit's layers were never seen before, without pruning anybody's cache.
    """

    engine: Engine
    example: Example
    home: Path
    contexts: list[str]
    uv: Uv

    def build(self, change: Edit | None = None, dockerfile: str | None = None) -> Build:
        """Build a fresh copy of the example, with a change if given.

        `dockerfile` replaces the text of the Dockerfile, for tests that break it on purpose.
        """
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            project = copy(self.example, Path(folder) / self.example.name)
            if dockerfile is not None:
                (project / "Dockerfile").write_text(dockerfile)
            if change is not None:
                change.apply(project, self.uv)
            what = f"{self.example.name}: {change.title.lower() if change else 'cold'}"
            with doing("build", what):
                # A tag of its own, so that cleaning up finds the image by its name.
                tag = f"{PREFIX}/{self.example.name}:{secrets.token_hex(4)}"
                return build(self.engine, project, tag, *self.contexts)


@contextmanager
def bench(engine: Engine, example: Example) -> Iterator[Bench]:
    """A Bench for the example, with a cold cache. Its images go when the engine is cleaned."""
    engine.need_images([*example.base_images, another_uv(example)])
    mark = secrets.token_hex(8)
    contexts = []
    for base in example.base_images:
        if base == example.uv_image:
            continue
        tag = f"{PREFIX}/base-{len(contexts)}:{mark}"
        _build_text(engine, f"FROM {base}\nCOPY <<END /etc/{PREFIX}\n{mark}\nEND\n", tag)
        contexts += ["--build-context", f"{base}=docker-image://{tag}"]
    with tempfile.TemporaryDirectory(prefix="guide-layers-") as home:
        yield Bench(engine, example, Path(home), contexts, uv_in_container(engine, example))


def another_uv(example: Example) -> str:
    """The uv image that the edit "uv" changes the pinned one to."""
    return example.uv_image.replace(example.uv_version, ANOTHER_UV)


def images() -> list[str]:
    """Every image that building and editing the examples needs."""
    names = [name for each in examples() for name in (*each.base_images, another_uv(each))]
    return list(dict.fromkeys(names))


def uv_in_container(engine: Engine, example: Example) -> Uv:
    """A way to run uv on a folder, in a container with the example's Python and uv.

    This machine may have neither. Raises Problem with uv's last line if it fails.
    """
    engine.need_images(example.base_images)
    image = f"{PREFIX}/uv-for-{example.name}"
    _build_text(
        engine,
        f"FROM {example.base_images[0]}\nCOPY --from={example.uv_image} /uv /usr/local/bin/uv\n"
        "ENV UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never\nWORKDIR /project\n",
        image,
    )

    def uv(folder: Path, arguments: list[str]) -> None:
        user = f"{folder.stat().st_uid}:{folder.stat().st_gid}"
        mount = f"type=bind,source={folder},target=/project"
        engine.run(image, "uv", *arguments, options=("--user", user, "--mount", mount))

    return uv


def _build_text(engine: Engine, dockerfile: str, tag: str) -> None:
    command = ("buildx", "build", "--builder", engine.builder, "--quiet", "--load")
    engine.docker(*command, "--tag", tag, "-", input=dockerfile)


# A build beside the edits: the ordinary edit, in a Dockerfile that copies the code first.
CODE_FIRST = "view-code-first"


def code_first(dockerfile: str) -> str:
    """The Dockerfile with its two COPY instructions swapped. Raises Problem if it has others."""
    lock, code = "COPY pyproject.toml uv.lock ./\n", "COPY . .\n"
    if dockerfile.count(lock) != 1 or dockerfile.count(code) != 1:
        raise Problem("The Dockerfile no longer has the two COPY lines that are to be swapped.")
    return dockerfile.replace(lock, "\0").replace(code, lock).replace("\0", code)


def measure(engine: Engine, example: Example) -> dict[str, Build]:
    """One cold build, one build after each edit by its name, and one with the code copied first."""
    with bench(engine, example) as place:
        builds = {"cold": place.build(), **{each.name: place.build(each) for each in EDITS}}
        swapped = code_first((example.folder / "Dockerfile").read_text())
        place.build(dockerfile=swapped)
        builds[CODE_FIRST] = place.build(edit("view"), dockerfile=swapped)
        return builds


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
        seconds = [round(run.seconds, 2) for run in runs]
        steps = [
            {
                "stage": step.stage,
                "instruction": step.instruction,
                "cached": step.cached,
                "seconds": round(statistics.median(run.steps[i].seconds for run in runs), 2),
            }
            for i, step in enumerate(runs[0].steps)
        ]
        builds.append(
            {
                "name": name,
                "title": titles[name],
                "seconds": statistics.median(seconds),
                "every_round": seconds,
                "steps": steps,
            }
        )
    return {"builds": builds}


def stable(run: Build) -> list[tuple[str, bool]]:
    """What must be the same each time: the instructions and whether they were cached."""
    return [(step.instruction, step.cached) for step in run.steps]


def recorded(content: dict) -> dict[str, list[tuple[str, bool]]]:
    """The same out of a recording, by the name of the edit."""
    return {
        each["name"]: [(step["instruction"], step["cached"]) for step in each["steps"]]
        for each in content["builds"]
    }

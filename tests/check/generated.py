"""Generate Dockerfiles for builds that take about a second, and changes to their projects."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from guide.engine.uv import PYTHON_IMAGE

FILES = ("a.txt", "b.txt", "app/c.txt", "app/d.txt", "app/sub/e.txt", "lib/f.txt")
# What COPY takes from the build context, and the paths that another stage can then copy.
SOURCES = {
    "a.txt": ("", "/a.txt"),
    "app": ("", "/c.txt", "/sub"),
    "app/*.txt": ("", "/c.txt"),
    "lib/": ("", "/f.txt"),
    "a.txt lib/f.txt": ("", "/f.txt"),
    ".": ("", "/app", "/app/c.txt", "/lib/f.txt"),
}
IGNORED = ("", "b.txt", "**/d.txt", "*.md\nlib/*\n!lib/f.txt")
MOUNTS = ("--mount=target=/m", "--mount=source=app,target=/m", "--mount=source=a.txt,target=/m")
NO_CONTEXT = ("", "--network=none", "--mount=type=cache,target=/c", "--mount=type=tmpfs,target=/c")
# A container takes a third of a second to start.
MAX_COMMANDS = 2


@dataclass
class Generator:
    """Generates one Dockerfile. `mark` is in all its steps, so that no other build shares them."""

    random: Random
    mark: str
    # Makes each line of the Dockerfile different.
    count: int = 0
    commands: int = 0
    # The paths in each stage that other stages can copy, and whether the stage has run a command.
    paths: list[list[str]] = field(default_factory=list)
    has_run: list[bool] = field(default_factory=list)

    def dockerfile(self) -> str:
        """Return the text of a Dockerfile with one to three stages."""
        lines = []
        for number in range(self.random.choice([1, 2, 2, 3])):
            lines.append(f"FROM {self.base(number)} AS s{number}")
            if self.random.random() < 0.3:
                lines.append(f"COPY a.txt /{self.mark}/shared/")
            kinds = [
                self.copy,
                self.copy,
                self.run,
                self.run,
                self.variable,
                self.variable,
                self.workdir,
            ]
            kinds += [self.heredoc, *([self.copy_from] * 3 if number else [])]
            lines += [self.random.choice(kinds)() for _ in range(self.random.randint(3, 5))]
        # The last stage uses an earlier one, so that BuildKit builds several.
        if len(self.paths) > 1:
            lines.append(self.copy_from())
        return "\n".join([*lines, ""])

    def base(self, number: int) -> str:
        """Return the image or the earlier stage that a new stage starts from."""
        earlier = self.random.randrange(number) if number and self.random.random() < 0.3 else None
        self.paths.append([] if earlier is None else [*self.paths[earlier]])
        self.has_run.append(earlier is not None and self.has_run[earlier])
        return PYTHON_IMAGE if earlier is None else f"s{earlier}"

    def folder(self, *inner: str) -> str:
        """Return a new folder, and let other stages copy it, or paths in it.

        The prediction assumes that a command can change everything except for files that are copied
        from the build context after it. These commands do not, so nothing else is copied.
        """
        self.count += 1
        folder = f"/{self.mark}/{self.count}"
        exact = [each for each in inner if not self.has_run[-1] or each.endswith(".txt")]
        self.paths[-1] += [f"{folder}{each}" for each in exact]
        return folder

    def copy(self) -> str:
        source = self.random.choice([*SOURCES])
        option = self.random.choice(["", "", "--link ", "--chown=1:1 "])
        return f"COPY {option}{source} {self.folder(*SOURCES[source])}/"

    def copy_from(self) -> str:
        stage = self.random.randrange(len(self.paths) - 1)
        if not self.paths[stage]:
            return self.copy()
        option = self.random.choice(["", "", "--link "])
        name = self.random.choice([f"s{stage}", str(stage)])
        path = self.random.choice(self.paths[stage])
        return f"COPY --from={name} {option}{path} {self.folder('')}/"

    def heredoc(self) -> str:
        return f"COPY <<END {self.folder('/text')}/text\n$V{self.random.randint(1, 3)}\nEND"

    def run(self) -> str:
        """Return a command whose output differs each time it runs, as the prediction assumes."""
        if self.commands == MAX_COMMANDS:
            return self.workdir()
        self.commands += 1
        mounts = [*MOUNTS, *NO_CONTEXT]
        earlier = [(number, path) for number, paths in enumerate(self.paths[:-1]) for path in paths]
        if earlier:
            number, path = self.random.choice(earlier)
            mounts += [f"--mount=from=s{number},source={path},target=/m"] * 3
        folder = self.folder()
        self.has_run[-1] = True
        self.paths[-1] = [folder, f"{folder}/out"]
        command = f"mkdir -p {folder} && head -c 9 /dev/urandom > {folder}/out"
        return f"RUN {self.random.choice(mounts)} {command}".replace("  ", " ")

    def variable(self) -> str:
        keyword = self.random.choice(["ARG", "ENV"])
        return f"{keyword} V{self.random.randint(1, 3)}=one"

    def workdir(self) -> str:
        return f"WORKDIR {self.folder()}"


def write_project(folder: Path, generator: Generator) -> None:
    """Write a project with a generated Dockerfile."""
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{generator.mark} {name}")
    (folder / "Dockerfile").write_text(generator.dockerfile())
    (folder / ".dockerignore").write_text(generator.random.choice(IGNORED))


def change_project(folder: Path, random: Random) -> str:
    """Change a project. Return the name of the change."""
    name = random.choice(FILES)
    changes: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        f"edit {name}": lambda: (folder / name).write_text("changed"),
        f"mode of {name}": lambda: (folder / name).chmod(0o755),
        "add app/new.txt": lambda: (folder / "app/new.txt").write_text("new"),
        "delete app/d.txt": (folder / "app/d.txt").unlink,
        "ignore app/d.txt": lambda: _append(folder / ".dockerignore", "\napp/d.txt"),
        "variable": lambda: _replace(folder / "Dockerfile", r"(V\d)=one", r"\1=two"),
        "command": lambda: _replace(folder / "Dockerfile", "head -c 9", "head -c 8"),
        "folder": lambda: _replace(folder / "Dockerfile", "(?m)^WORKDIR .*", r"\g<0>/sub"),
    }
    weights = [1, 6, 1, 1, 1, 1, 4, 2, 2]
    [change] = random.choices([*changes], weights)
    changes[change]()
    return change


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def _replace(path: Path, pattern: str, new: str) -> None:
    """Replace the first match, if there is one."""
    path.write_text(re.sub(pattern, new, path.read_text(), count=1))

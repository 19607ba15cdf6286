"""Parse Dockerfiles into instructions, stages, and the stages and images that each stage needs.

The specification is the Dockerfile reference, frontend 1.x. `e2b-dockerfile-utils` is a port of
BuildKit's parser and shell lexer: it reads directives, comments, continuations, flags, heredocs,
words and variables. This module adds what BuildKit's `dockerfile2llb` does: it resolves stages,
images, mounts and arguments, and formats instructions as the build progress prints them. It does
not contact an engine or a registry, so a variable that a base image may set is not replaced.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from types import MappingProxyType
from typing import Self

from e2b_dockerfile_utils import (
    DockerfileAst,
    DockerfileInstruction,
    DockerfileSyntaxError,
    ShellLex,
    chomp_heredoc_content,
    parse_dockerfile_ast,
    parse_heredoc,
)

from guide import Problem
from guide.content.shell import Command, commands

# The name that stands for an empty base image.
SCRATCH = "scratch"

# Instructions whose arguments BuildKit expands before it runs them.
_EXPANDED = {"ADD", "COPY", "EXPOSE", "FROM", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}

# Arguments that BuildKit sets. Their values depend on the machine, so they are not replaced.
_PARTS = product(("BUILD", "TARGET"), ("PLATFORM", "OS", "ARCH", "VARIANT"))
_PLATFORM_ARGUMENTS = {side + part: f"${side}{part}" for side, part in _PARTS}

_LONG_NAMES = {"src": "source", "dst": "target", "destination": "target"}
_LONG_NAMES |= {"ro": "readonly", "rw": "readwrite"}


@dataclass(frozen=True)
class Heredoc:
    """A here-document. `content` has no leading tabs if the delimiter was `<<-`."""

    name: str
    content: str
    # False if the delimiter is quoted.
    expands: bool


@dataclass(frozen=True)
class Mount:
    """One `--mount` of a RUN. Options have their long names. One without a value has "true"."""

    options: Mapping[str, str] = field(hash=False)

    @property
    def type(self) -> str:
        return self.options.get("type", "bind").lower()

    @property
    def from_(self) -> str | None:
        """The mounted stage or image, or None for the build context."""
        return self.options.get("from")


@dataclass(frozen=True)
class Instruction:
    """One instruction with its heredocs. Line numbers begin with 1.

    `arguments` are words without quotes, such as the sources and the destination of COPY or the
    strings of an exec form. A command in shell form is one string. `assignments` contains the
    variables of ENV, ARG and LABEL. The value of an ARG that is not set is None.
    """

    keyword: str
    arguments: tuple[str, ...]
    line: int
    last_line: int
    # The text that the build progress prints, with single spaces. Recordings contain this text.
    normalised: str
    # The lines of the instruction, without comments and empty lines.
    code: tuple[str, ...]
    flags: tuple[tuple[str, str], ...] = ()
    mounts: tuple[Mount, ...] = ()
    heredocs: tuple[Heredoc, ...] = ()
    is_exec: bool = False
    assignments: Mapping[str, str | None] = field(default_factory=dict, hash=False)

    @classmethod
    def parse(cls, text: str) -> "Instruction":
        """Parse a single instruction, for example from a recording."""
        (instruction,) = Dockerfile.parse(f"FROM {SCRATCH}\n{text}").stages[-1].instructions
        return instruction

    def flag(self, name: str) -> str | None:
        """Return the value of `--name`, "true" if it has no value, or None without the flag."""
        return next((value for key, value in self.flags if key == name), None)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that a RUN, CMD, ENTRYPOINT or HEALTHCHECK executes, in order."""
        if self.keyword not in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            return ()
        words = self.arguments[1:] if self.keyword == "HEALTHCHECK" else self.arguments
        if self.is_exec:
            return (Command(words),) if words else ()
        script = " ".join(words)
        # `RUN <<EOF` runs the heredoc. Any other heredoc is input or a file.
        if self.heredocs and parse_heredoc(script.strip()):
            script = self.heredocs[0].content
        return commands(script)


@dataclass(frozen=True, eq=False)
class Stage:
    """One build stage. `base` is the name of a stage or an image, with arguments substituted.

    `uses` lists the stages, and `images` the external images, that this stage depends on. `name` is
    lowercase as in BuildKit's progress, which calls a stage without a name `stage-N`.
    """

    name: str
    number: int
    is_named: bool
    base: str
    # None if `base` is an image.
    base_stage: "Stage | None"
    platform: str | None
    # The FROM instruction, and the instructions under it.
    start: Instruction
    instructions: tuple[Instruction, ...]
    uses: tuple["Stage", ...]
    images: tuple[str, ...]
    # The variables that ENV and ARG set in this stage and its base stage, with their final values.
    environment: Mapping[str, str]

    @property
    def base_image(self) -> str:
        """The external image that this stage starts from, directly or through other stages."""
        return self.base_stage.base_image if self.base_stage else self.base


@dataclass(frozen=True)
class Dockerfile:
    """A parsed Dockerfile. `instructions` includes FROM and global ARG instructions."""

    text: str
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]

    @classmethod
    def parse(cls, text: str, build_arguments: Mapping[str, str] | None = None) -> Self:
        """Parse the text of a Dockerfile. `build_arguments` has the values of `--build-arg`.

        Raises Problem if BuildKit would reject the text.
        """
        try:
            ast = parse_dockerfile_ast(text)
        except DockerfileSyntaxError as error:
            raise Problem(f"{error}.") from None
        starts = [at for at, node in enumerate(ast.instructions) if node.name == "FROM"]
        if not starts:
            raise Problem("The Dockerfile has no FROM instruction. Start a stage with one.")
        reader = _Reader(ast, text, build_arguments or {})
        for node in ast.instructions[: starts[0]]:
            reader.read_global_argument(node)
        for start, end in pairwise([*starts, len(ast.instructions)]):
            reader.read_stage(ast.instructions[start:end])
        return cls(text, tuple(reader.instructions), tuple(reader.stages))

    @cached_property
    def declared_arguments(self) -> frozenset[str]:
        """The names of every ARG, which `--build-arg` can set."""
        declarations = (each.assignments for each in self.instructions if each.keyword == "ARG")
        return frozenset(name for names in declarations for name in names)

    @cached_property
    def base_images(self) -> tuple[str, ...]:
        """The external images that stages start from, in file order, without `scratch`."""
        bases = dict.fromkeys(stage.base for stage in self.stages if not stage.base_stage)
        return tuple(name for name in bases if name != SCRATCH)

    @cached_property
    def external_images(self) -> tuple[str, ...]:
        """Every image that a build can pull: base images, and the sources of COPY and mounts."""
        return tuple(dict.fromkeys(name for stage in self.stages for name in stage.images))

    @property
    def code(self) -> tuple[str, ...]:
        """The lines of the file without comments and empty lines."""
        return tuple(line for each in self.instructions for line in each.code)

    def stage(self, name: str) -> Stage:
        """Return the stage with this name, ignoring case. Raises Problem if it does not exist."""
        for stage in reversed(self.stages):
            if stage.is_named and stage.name == name.lower():
                return stage
        raise Problem(f"The Dockerfile has no stage {name!r}.")

    def stages_for(self, target: str | None = None) -> tuple[Stage, ...]:
        """Return the stages needed to build `target`, in file order, ending with `target`.

        Without a target, the last stage is built.
        """
        needed = {(self.stage(target) if target else self.stages[-1]).number}
        for stage in reversed(self.stages):
            if stage.number in needed:
                needed |= {used.number for used in stage.uses}
        return tuple(stage for stage in self.stages if stage.number in needed)

    def images_for(self, target: str | None = None) -> tuple[str, ...]:
        """Return the images needed to build `target`, which defaults to the last stage."""
        stages = self.stages_for(target)
        return tuple(dict.fromkeys(name for stage in stages for name in stage.images))

    def instruction(self, normalised: str) -> Instruction:
        """Return the instruction with this text. Raises Problem if there is not exactly one."""
        matches = [each for each in self.instructions if each.normalised == normalised]
        if len(matches) != 1:
            raise Problem(f"The Dockerfile has {normalised!r} {len(matches)} times, not once.")
        return matches[0]

    def text_before(self, instruction: Instruction) -> str:
        """Return the text above an instruction."""
        return "".join(f"{line}\n" for line in self.text.split("\n")[: instruction.line - 1])


class _Reader:
    """Read instructions in file order, and track the stages and variables before each of them."""

    def __init__(self, ast: DockerfileAst, text: str, build_arguments: Mapping[str, str]) -> None:
        self.escape = ast.escape_token
        self.lines = text.split("\n")
        self.build_arguments = build_arguments
        self.stage_names = {name for node in ast.instructions if (name := _stage_name(node))}
        self.instructions: list[Instruction] = []
        self.stages: list[Stage] = []
        self.named: dict[str, Stage] = {}
        # The arguments above the first FROM, and the variables that the next instruction sees.
        self.global_arguments = dict(_PLATFORM_ARGUMENTS)
        self.environment = dict(self.global_arguments)
        # Inside a stage, the base image may set a variable that is unknown here.
        self.is_in_stage = False

    def read_global_argument(self, node: DockerfileInstruction) -> None:
        """Read an ARG above the first FROM."""
        if node.name != "ARG":
            raise _problem(node.start_line, f"{node.name} is above the first FROM")
        self._read(node)
        self.global_arguments = dict(self.environment)

    def read_stage(self, nodes: Sequence[DockerfileInstruction]) -> None:
        """Read the FROM of a stage and the instructions under it."""
        number = len(self.stages)
        self.environment = dict(self.global_arguments)
        self.is_in_stage = False
        start = self._read(nodes[0])
        self.is_in_stage = True
        name = _stage_name(nodes[0])
        base = start.arguments[0]
        if not base:
            raise _problem(start.line, "FROM names no image, because its variable is empty")
        base_stage = self.named.get(base)
        self.environment = dict(base_stage.environment) if base_stage else {}
        uses = dict.fromkeys([base_stage] if base_stage else [])
        images = dict.fromkeys([] if base_stage or base == SCRATCH else [base])
        instructions = [self._read(node) for node in nodes[1:]]
        for instruction in instructions:
            for origin, is_number in _origins(instruction):
                if used := self._find_stage(origin, is_number, instruction.line):
                    uses[used] = None
                elif origin != SCRATCH:
                    images[origin] = None
        stage = Stage(
            name=name or f"stage-{number}",
            number=number,
            is_named=name is not None,
            base=base,
            base_stage=base_stage,
            platform=start.flag("platform"),
            start=start,
            instructions=tuple(instructions),
            uses=tuple(uses),
            images=tuple(images),
            environment=MappingProxyType(self.environment),
        )
        self.stages.append(stage)
        if name is not None:
            self.named[name] = stage

    def _find_stage(self, origin: str, is_number: bool, line: int) -> Stage | None:
        """Return the stage `origin`, which must end above `line`, or None for an image."""
        if "$" in origin:
            advice = "Start a stage from that image, and name the stage"
            raise _problem(line, f"{origin!r} has a variable. {advice}")
        if is_number:
            if int(origin) >= len(self.stages):
                raise _problem(line, f"no stage {origin} ends above this line")
            return self.stages[int(origin)]
        stage = self.named.get(origin.lower())
        if stage is None and origin.lower() in self.stage_names:
            raise _problem(line, f"stage {origin!r} does not end above this line")
        return stage

    def _read(self, node: DockerfileInstruction) -> Instruction:
        """Read an instruction, and update the variables that it sets."""
        try:
            instruction = self._instruction(node)
        except ValueError as error:
            raise _problem(node.start_line, str(error)) from None
        self.instructions.append(instruction)
        if instruction.keyword in {"ARG", "ENV"}:
            self.environment |= {
                name: value for name, value in instruction.assignments.items() if value is not None
            }
        return instruction

    def _instruction(self, node: DockerfileInstruction) -> Instruction:
        flags = tuple(_flag(each) for each in node.flags)
        if node.name == "FROM":
            flags = tuple((name, self._expand(value)) for name, value in flags)
        mounts = tuple(self._mount(value) for name, value in flags if name == "mount")
        heredocs = tuple(
            Heredoc(
                each.name,
                chomp_heredoc_content(each.content) if each.chomp else each.content,
                each.expand,
            )
            for each in node.heredocs
        )
        return Instruction(
            keyword=node.name,
            arguments=self._arguments(node),
            line=node.start_line,
            last_line=node.end_line,
            normalised=self._normalised(node, mounts),
            code=tuple(self._code(node)),
            flags=flags,
            mounts=mounts,
            heredocs=heredocs,
            is_exec=node.json,
            assignments=MappingProxyType(self._assignments(node)),
        )

    def _expand(self, word: str) -> str:
        """Return a word without quotes, with the known variables substituted."""
        lexer = ShellLex(self.escape, env=self.environment, skip_unset_env=self.is_in_stage)
        return lexer.process_word(word)

    def _arguments(self, node: DockerfileInstruction) -> tuple[str, ...]:
        if node.json or node.name not in _EXPANDED:
            return tuple(node.args)
        return tuple(self._expand(each) for each in node.args)

    def _assignments(self, node: DockerfileInstruction) -> dict[str, str | None]:
        if node.name in {"ENV", "LABEL"}:
            # The arguments are triples of name, value and delimiter.
            pairs = zip(node.args[::3], node.args[1::3], strict=True)
            return {self._expand(name): self._expand(value) for name, value in pairs}
        if node.name == "ARG":
            return {name: self._default(name, value) for name, value in map(_argument, node.args)}
        return {}

    def _default(self, name: str, value: str | None) -> str | None:
        """Return the value of an ARG from `--build-arg`, its default, or a global ARG."""
        if name in self.build_arguments:
            return self.build_arguments[name]
        return self.global_arguments.get(name) if value is None else self._expand(value)

    def _mount(self, text: str) -> Mount:
        options = {}
        for each in next(csv.reader([text])):
            key, has_value, value = each.partition("=")
            key = key.strip().lower()
            if key != "from":
                value = self._expand(value)
            options[_LONG_NAMES.get(key, key)] = value if has_value else "true"
        return Mount(MappingProxyType(options))

    def _normalised(self, node: DockerfileInstruction, mounts: tuple[Mount, ...]) -> str:
        text = node.original.strip()
        is_run = node.name == "RUN"
        if is_run and node.heredocs and parse_heredoc(node.args[0].strip()):
            text += f" ({_summary(node.heredocs[0].content)})"
        if node.name in {"ADD", "COPY", "RUN", "WORKDIR"}:
            # BuildKit prints asterisks for a variable that a secret sets.
            secrets = {each.options["env"]: "****" for each in mounts if "env" in each.options}
            lexer = ShellLex(self.escape, raw_quotes=is_run, env=self.environment | secrets)
            # BuildKit prints text that the lexer rejects without changes.
            with suppress(ValueError):
                text = lexer.process_word(text)
        keyword, *words = text.split()
        return " ".join([keyword.upper(), *words])

    def _code(self, node: DockerfileInstruction) -> Iterator[str]:
        in_heredocs = sum(each.content.count("\n") + 1 for each in node.heredocs)
        for number in range(node.start_line, node.end_line + 1):
            line = self.lines[number - 1].rstrip()
            is_code = line and not line.lstrip().startswith("#")
            if is_code or number > node.end_line - in_heredocs:
                yield line


def _stage_name(node: DockerfileInstruction) -> str | None:
    """Return the name that a FROM gives its stage, in lowercase, because BuildKit ignores case."""
    if node.name != "FROM" or len(node.args) == 1:
        return None
    if len(node.args) != 3 or node.args[1].upper() != "AS":
        raise _problem(node.start_line, "FROM takes an image, or an image and `AS name`")
    return node.args[2].lower()


def _origins(instruction: Instruction) -> Iterator[tuple[str, bool]]:
    """Yield each stage or image that an instruction copies or mounts files from.

    The second value is True for the number of a stage, which only `COPY --from` accepts.
    """
    origin = instruction.flag("from")
    if instruction.keyword == "COPY" and origin is not None:
        yield origin, origin.isdecimal()
    for mount in instruction.mounts:
        if mount.from_ is not None:
            yield mount.from_, False


def _flag(text: str) -> tuple[str, str]:
    name, has_value, value = text.removeprefix("--").partition("=")
    return name, value if has_value else "true"


def _argument(text: str) -> tuple[str, str | None]:
    name, has_default, value = text.partition("=")
    return name, value if has_default else None


def _summary(script: str) -> str:
    """Return the first line of a heredoc, which build progress prints after the instruction."""
    lines = script.strip().splitlines() or [""]
    return lines[0] + ("..." if len(lines) > 1 else "")


def _problem(line: int, reason: str) -> Problem:
    return Problem(f"Dockerfile error on line {line}: {reason}.")

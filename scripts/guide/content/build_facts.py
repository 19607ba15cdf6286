"""Find what a Dockerfile compiles to bytecode, and whether its install step has a cache mount.

Timings of two Dockerfiles can be compared only if these facts are stated next to them.
"""

from collections.abc import Iterator, Mapping

from guide.content.dockerfile import Dockerfile, Instruction
from guide.content.shell import Command

# What a build can compile, in the order in which pages list it.
PACKAGES, OWN_CODE, STANDARD_LIBRARY = "packages", "the service's code", "the standard library"
# As root, Python writes bytecode for each module that a program imports.
IMPORTED = "the modules that collectstatic imports"
COMPILED_PARTS = (PACKAGES, OWN_CODE, IMPORTED, STANDARD_LIBRARY)

_COMPILEALL = ("python", "-m", "compileall")
# Words in the arguments of compileall that name a folder with packages or the standard library.
_PACKAGE_FOLDERS = ("site-packages", ".venv", "/venv")
_STANDARD_LIBRARY_FOLDERS = ("stdlib", "lib/python3")
# Options of compileall that are followed by a value.
_OPTIONS_WITH_VALUE = {"-j", "-x", "-r", "-d", "-s", "-p", "-o", "-e"}


def compiled_parts(dockerfile: Dockerfile) -> tuple[str, ...]:
    """Return the parts of the image that the build compiles to bytecode."""
    compiled = {
        part
        for environment, instruction in _run_instructions(dockerfile)
        for command in instruction.commands
        for part in parts_compiled_by(command, environment)
    }
    return tuple(part for part in COMPILED_PARTS if part in compiled)


def has_cache_mount(dockerfile: Dockerfile) -> bool:
    """Return whether the step that installs the packages has a cache mount."""
    return any(
        mount.type == "cache"
        for _, instruction in _run_instructions(dockerfile)
        if any(installs_packages(command) for command in instruction.commands)
        for mount in instruction.mounts
    )


def parts_compiled_by(command: Command, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the parts that a command compiles."""
    if command.call[:3] == _COMPILEALL:
        yield from map(_part_of, _folders(command.call[3:]))
    elif "collectstatic" in command.call and "PYTHONDONTWRITEBYTECODE" not in environment:
        yield IMPORTED
    elif command.call[:1] == ("python",) and "--compile" in command.call:
        # A script of the project that checks the packages and compiles them.
        yield PACKAGES
    elif installs_packages(command) and _installer_compiles(command, environment):
        yield PACKAGES


def installs_packages(command: Command) -> bool:
    """Return whether a command installs the project's packages.

    `pip install poetry` installs a tool, not the packages of the project.
    """
    call = command.call
    return (
        call[:2] in {("uv", "sync"), ("poetry", "install")}
        or call[:3] in {("uv", "pip", "sync"), ("uv", "pip", "install")}
        or (call[:2] == ("pip", "install") and bool({"-r", "--requirement"} & {*call}))
    )


def _installer_compiles(command: Command, environment: Mapping[str, str]) -> bool:
    """Return whether an installer compiles. Unlike pip, uv and Poetry do so only when told to."""
    if command.call[0] == "pip":
        return "--no-compile" not in command.call
    if command.call[0] == "poetry":
        return "--compile" in command.call
    assigned = dict(word.split("=", 1) for word in command.assignments)
    setting = assigned.get("UV_COMPILE_BYTECODE", environment.get("UV_COMPILE_BYTECODE", "0"))
    return setting.lower() in {"1", "true"} or "--compile-bytecode" in command.call


def _folders(arguments: tuple[str, ...]) -> Iterator[str]:
    """Yield the arguments of compileall that are neither options nor their values."""
    previous = ""
    for argument in arguments:
        if not argument.startswith("-") and previous not in _OPTIONS_WITH_VALUE:
            yield argument
        previous = argument


def _part_of(folder: str) -> str:
    if any(word in folder for word in _PACKAGE_FOLDERS):
        return PACKAGES
    if any(word in folder for word in _STANDARD_LIBRARY_FOLDERS):
        return STANDARD_LIBRARY
    return OWN_CODE


def _run_instructions(
    dockerfile: Dockerfile,
) -> Iterator[tuple[Mapping[str, str], Instruction]]:
    """Yield the RUN instructions that the last stage needs, with their stage's environment."""
    for stage in dockerfile.stages_for():
        for instruction in stage.instructions:
            if instruction.keyword == "RUN":
                yield stage.environment, instruction

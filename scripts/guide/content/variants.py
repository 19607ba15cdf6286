"""Derive Dockerfiles from others: compile more or less to bytecode, and go without a cache mount.

Each function changes single instructions, and raises Problem if the Dockerfile lacks them.
"""

from collections.abc import Callable

from guide import Problem
from guide.content.build_facts import installs_packages
from guide.content.dockerfile import Dockerfile, Instruction

_COMPILEALL = "python -m compileall"
# The shell command ":" ignores its arguments.
_NO_OPERATION = f": {_COMPILEALL}"

# One process for each core, as uv does. `poetry install --compile` compiles in one process, which
# takes longer.
_COMPILE_PACKAGES = f"{_COMPILEALL} -q -j 0 .venv/lib"
_COMPILE_STANDARD_LIBRARY = (
    f"RUN {_COMPILEALL} -q -j 0 "
    """"$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"\n\n"""
)


def compiling_packages(text: str) -> str:
    """Compile the packages that Poetry has installed, in the same step."""
    return _change(
        text, _installs_with_poetry, lambda code: f"{code} \\\n    && {_COMPILE_PACKAGES}"
    )


def without_package_bytecode(text: str) -> str:
    """Do not let uv compile the packages."""
    return _replace_once(text, "ENV", "UV_COMPILE_BYTECODE=1", "UV_COMPILE_BYTECODE=0")


def without_bytecode(text: str) -> str:
    """Compile nothing, and let programs that run during the build write no bytecode."""
    text = _replace_once(text, "ENV", "UV_COMPILE_BYTECODE=1", "PYTHONDONTWRITEBYTECODE=1")
    return _change(text, _is_run, lambda code: code.replace(_COMPILEALL, _NO_OPERATION))


def without_standard_library(text: str) -> str:
    """Let programs that run during the build write no bytecode of what they import."""
    compiling = "UV_COMPILE_BYTECODE=1"
    return _replace_once(text, "ENV", compiling, f"{compiling} PYTHONDONTWRITEBYTECODE=1")


def with_whole_standard_library(text: str) -> str:
    """Compile all of the standard library, before the user changes."""
    before = Dockerfile.parse(text).text_before(_only(text, lambda each: each.keyword == "USER"))
    return f"{before}{_COMPILE_STANDARD_LIBRARY}{text[len(before) :]}"


def without_cache_mount(text: str) -> str:
    """Install the packages without a cache mount, and keep no download cache in the layer."""
    install = _only(text, _installs)
    code = new_code = _code(text, install)
    for name, value in install.flags:
        if name == "mount" and "type=cache" in value:
            new_code = new_code.replace(f"--mount={value}", "")
    text = text.replace(code, new_code)
    return _replace_once(text, "ENV", "UV_LINK_MODE=copy", "UV_NO_CACHE=1")


def _change(
    text: str, is_wanted: Callable[[Instruction], bool], change: Callable[[str], str]
) -> str:
    """Change the code of every wanted instruction. Raises Problem if there is none."""
    wanted = [each for each in Dockerfile.parse(text).instructions if is_wanted(each)]
    if not wanted:
        raise Problem(f"A Dockerfile lacks the instruction to change: {text[:60]!r}.")
    for instruction in wanted:
        code = _code(text, instruction)
        text = text.replace(code, change(code))
    return text


def _replace_once(text: str, keyword: str, old: str, new: str) -> str:
    """Replace a text in the one instruction that has it."""

    def has_text(instruction: Instruction) -> bool:
        return instruction.keyword == keyword and old in _code(text, instruction)

    code = _code(text, _only(text, has_text, f"{keyword} with {old}"))
    return text.replace(code, code.replace(old, new))


def _only(
    text: str, is_wanted: Callable[[Instruction], bool], name: str = "wanted instruction"
) -> Instruction:
    """Return the one wanted instruction. Raises Problem if there is another number of them."""
    wanted = [each for each in Dockerfile.parse(text).instructions if is_wanted(each)]
    if len(wanted) != 1:
        raise Problem(f"A Dockerfile must have one {name}, not {len(wanted)}: {text[:60]!r}.")
    return wanted[0]


def _code(text: str, instruction: Instruction) -> str:
    return "\n".join(text.split("\n")[instruction.line - 1 : instruction.last_line])


def _is_run(instruction: Instruction) -> bool:
    return instruction.keyword == "RUN"


def _installs(instruction: Instruction) -> bool:
    return _is_run(instruction) and any(map(installs_packages, instruction.commands))


def _installs_with_poetry(instruction: Instruction) -> bool:
    return _is_run(instruction) and any(
        command.call[:2] == ("poetry", "install") for command in instruction.commands
    )

"""Show the packages in the images of the examples, and in the images of traps."""

from guide.content import recordings
from guide.content.examples import example as find_example
from guide.pages.markup import listed
from guide.pages.registry import macro
from guide.pages.traps import find_trap


@macro("package_names")
def packages_in_words(example: str) -> str:
    """Return the packages in an image as a phrase."""
    return listed([f"`{name}`" for name in _packages(example)])


@macro
def package_count(example: str, trap: str = "") -> int:
    """Return the number of packages in an image."""
    return len(_packages(example, trap))


@macro("has")
def has_package(example: str, package: str, trap: str = "") -> str:
    """Return "yes" or "no", depending on whether a package is in an image."""
    return "yes" if package in _packages(example, trap) else "no"


@macro("installs")
def install_command(example: str, trap: str = "") -> str:
    """Return the uv command that installs the packages of an image."""
    if trap:
        return f"`{find_trap(example, trap)['line']}`"
    return f"`{find_example(example).uv_commands[0]}`"


def _packages(example: str, trap: str = "") -> list[str]:
    if trap:
        return find_trap(example, trap)["packages"]
    return recordings.run(example)["packages"]

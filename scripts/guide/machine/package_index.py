"""Ask the package index which releases a package has."""

import json
import re

from packaging.version import Version

from guide import Problem
from guide.machine.commands import run
from guide.start.environment import find_uv


def releases(package: str) -> list[str]:
    """Return the final releases of a package, including those for a newer Python, oldest first.

    Raises Problem if the package index lists no release.
    """
    pip = ("tool", "run", "--quiet", "--from", "pip", "pip", "index", "versions", package)
    failing = f"The releases of {package} could not be listed"
    answer = run(find_uv(), *pip, "--ignore-requires-python", "--json", failing=failing)
    versions: list[str] = json.loads(answer.stdout)["versions"]
    final = [each for each in versions if re.fullmatch(r"\d+(\.\d+)*", each)]
    if not final:
        raise Problem(
            f"The package index lists no release of {package}. Check its URL in pip's settings."
        )
    return sorted(final, key=Version)

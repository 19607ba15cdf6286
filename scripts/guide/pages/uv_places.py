"""Show the lines that name a uv version, as they are in the files that readers copy."""

from pathlib import Path

from markupsafe import Markup

from guide import ROOT, Problem
from guide.content.examples import example
from guide.pages.markup import row, table
from guide.pages.registry import macro
from guide.start.environment import UV_VERSION

SNIPPETS = ROOT / "scripts/guide/content/snippets"
REQUIRED_VERSION = SNIPPETS / "required-version.toml"
PRE_COMMIT = SNIPPETS / "uv-lock.pre-commit-config.yaml"

# Where uv runs, the file in the reader's project, the file here that has the line, and how the line
# begins.
PLACES = (
    ("Everywhere, as a check", "pyproject.toml", REQUIRED_VERSION, "required-version ="),
    ("The image", "Dockerfile", "pattern-a-single-stage/Dockerfile", "COPY --from=ghcr.io"),
    (
        "The image, if Dependabot updates uv",
        "Dockerfile",
        "dependency-groups/Dockerfile",
        "FROM ghcr.io",
    ),
    ("GitLab CI", ".gitlab-ci.yml", "dependency-groups/.gitlab-ci.yml", "image: ghcr.io"),
    (
        "GitHub Actions, in each setup-uv step",
        ".github/workflows/ci.yml",
        "dependency-groups/.github/workflows/ci.yml",
        "version:",
    ),
    ("The uv-lock hook", ".pre-commit-config.yaml", PRE_COMMIT, "rev:"),
    (
        "The build backend, if your project is a package",
        "pyproject.toml",
        "pattern-c-cache-mounts/pyproject.toml",
        "requires = [",
    ),
)


@macro
def pinned_uv(parts: int = 3) -> str:
    """Return the uv version of the examples, or its first parts: X.Y.Z or, with 2 parts, X.Y."""
    return ".".join(UV_VERSION.split(".")[:parts])


@macro
def uv_places() -> Markup:
    """Return a table of the places that name a uv version, with the line to write in each."""
    rows = [
        row(purpose, _code(file), _code(uv_line(source, start)))
        for purpose, file, source, start in PLACES
    ]
    return table(rows, ("Where uv runs", "File", "Line"), "facts stacked", is_searched=True)


def uv_line(source: Path | str, start: str) -> str:
    """Return the first line with this start from a file, given by its path or as EXAMPLE/FILE.

    Raises Problem if there is no such line.
    """
    if isinstance(source, str):
        name, _, file = source.partition("/")
        path = example(name).folder / file
    else:
        path = source
    for line in path.read_text().splitlines():
        if line.strip().startswith(start):
            return line.strip()
    raise Problem(f"{path.name} has no line that starts with {start!r}. Correct PLACES.")


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(text)

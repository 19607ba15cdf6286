"""Compare examples side by side, with a column for each, and compare two Dockerfiles."""

from collections.abc import Iterable

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.contenders import contender
from guide.content.dockerfile import Dockerfile
from guide.content.edits import EDITS, WORKSPACE_EDITS
from guide.content.examples import example as find_example
from guide.content.recording_types import RecordedBuild
from guide.pages import numbers
from guide.pages.builds import find_build, steps_run
from guide.pages.images import added_bytes
from guide.pages.markup import Content, block, code, code_lines, difference, row, table
from guide.pages.provenance import provenance_line
from guide.pages.registry import macro
from guide.pages.titles import example_title

# The builds that are compared across services.
_COMPARED = ("cold", "view", "template", "dependency", "version", "ruff")


@macro
def side_by_side(*names: str) -> Markup:
    """Return image facts and build times, with a column for each example."""
    runs = [recordings.run(name) for name in names]
    rows: dict[str, Iterable[Content]] = {
        "Image size": [numbers.size(run["image_size"]) for run in runs],
        "Packages": [len(run["packages"]) for run in runs],
        "Added to the base image": [
            f"{numbers.size(added_bytes(run))} in {run['layers']} layers" for run in runs
        ],
        "Build tools in the image": [", ".join(run["build_tools"]) or "none" for run in runs],
        "Size of the new layers after you edit a view": [
            numbers.size(run["view_edit_size"]) for run in runs
        ],
    }
    for edit in _COMPARED:
        builds = [find_build(name, edit) for name in names]
        rows[builds[0]["title"]] = [numbers.seconds(build["seconds"]) for build in builds]
    return _columns(names, rows)


@macro("compared")
def compared_edits(*names: str) -> str:
    """Return the build time after every edit, with a column for each Dockerfile of a project."""
    return f"{edit_columns(*names)}{provenance_line(*(f'layers/{name}' for name in names))}"


def edit_columns(*names: str) -> Markup:
    """Return the seconds and steps run after every edit, with a column for each Dockerfile.

    Edits that only a workspace has are left out, unless all examples are services of workspaces.
    """
    rows: dict[str, Iterable[Content]] = {}
    is_workspace = all(find_example(name).member for name in names)
    more = WORKSPACE_EDITS if is_workspace else ()
    for edit in ("cold", *(each.name for each in EDITS), *more):
        builds = [find_build(name, edit) for name in names]
        rows[builds[0]["title"]] = [
            Markup("{} <small>{}</small>").format(numbers.seconds(build["seconds"]), _steps(build))
            for build in builds
        ]
    return _columns(names, rows)


@macro("dockerfiles")
def dockerfile_columns(*names: str) -> Markup:
    """Return the differences between Dockerfiles, with a column for each example."""
    examples = [find_example(name) for name in names]
    files = [example.parsed for example in examples]
    rows: dict[str, Iterable[Content]] = {
        "Base image": [code(file.stages[-1].base_image) for file in files],
        "Stages": [
            code_lines(stage.name for stage in file.stages if stage.is_named) or "one"
            for file in files
        ],
        "Path of the virtual environment": [code(_venv(file)) for file in files],
        "Install commands": [code_lines(example.uv_commands) for example in examples],
        "Mount types": [code_lines(_mount_types(file)) or "none" for file in files],
    }
    return _columns(names, rows)


@macro("changes")
def dockerfile_changes(before: str, after: str) -> Markup:
    """Return the lines that differ between two Dockerfiles, without comments.

    Each name is that of an example or of a contender.
    """
    lines = (_dockerfile(name).code for name in (before, after))
    return block(difference(*lines), is_searched=False)


def _dockerfile(name: str) -> Dockerfile:
    try:
        return find_example(name).parsed
    except Problem:
        return contender(name).parsed


def _columns(names: tuple[str, ...], rows: dict[str, Iterable[Content]]) -> Markup:
    """Return a table with a column for each of the named examples."""
    return table(
        [row(title, *cells) for title, cells in rows.items()],
        heads=("", *(example_title(name) for name in names)),
    )


def _steps(build: RecordedBuild) -> str:
    count = steps_run(build)
    return f"{count} of {len(build['steps'])} steps" if count else "all cached"


def _venv(file: Dockerfile) -> str:
    """Return the path of the virtual environment."""
    paths = (stage.environment.get("UV_PROJECT_ENVIRONMENT") for stage in file.stages)
    return next(filter(None, paths), "/app/.venv")


def _mount_types(file: Dockerfile) -> Iterable[str]:
    """Return the distinct mount types, in file order."""
    return dict.fromkeys(mount.type for each in file.instructions for mount in each.mounts)

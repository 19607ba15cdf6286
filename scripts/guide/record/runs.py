"""Record the output of the commands in an example's README, and the content of its image."""

import json

from guide.content.edits import edit
from guide.content.examples import Example, examples
from guide.content.recording_types import RecordedCommand, RunContent
from guide.engine.docker import Engine
from guide.engine.isolated import IsolatedBuilder, isolated_builder
from guide.engine.transcripts import project_copy
from guide.record.layers import pushed_bytes
from guide.record.traps import packages

# Programs that builds need but running services do not.
BUILD_TOOLS = ("uv", "pip", "git", "gcc")


def record_run(engine: Engine, example: Example) -> RunContent:
    """Run the README commands of an example, and inspect its image. Sizes are in bytes.

    A second Dockerfile of a project has no commands, because the README builds only the first.
    """
    commands = _readme(engine, example) if example in examples() else []
    with isolated_builder(engine, example) as builder:
        image = builder.build().tag
        base_image = example.parsed.stages[-1].base_image
        return {
            "commands": commands,
            "packages": packages(engine, image),
            "image_size": _size(engine, image),
            "base_image_size": _size(engine, base_image),
            "layers": _count_layers(engine, image) - _count_layers(engine, base_image),
            "build_tools": _program_sizes(engine, image),
            "stage_sizes": {
                stage.name: _stage_size(builder, stage.name)
                for stage in example.parsed.stages
                if stage.is_named
            },
            "view_edit_size": pushed_bytes(engine, image, builder.build(edit("view", example)).tag),
        }


def _readme(engine: Engine, example: Example) -> list[RecordedCommand]:
    with project_copy(engine, example) as project:
        project.follow_readme()
        return [
            {
                "text": command.text,
                "output": command.output,
                "exit_code": command.exit_code,
                "seconds": command.seconds,
            }
            for command in project.commands
        ]


def _size(engine: Engine, image: str) -> int:
    return int(engine.docker("image", "inspect", "--format", "{{.Size}}", image).stdout)


def _count_layers(engine: Engine, image: str) -> int:
    layers = engine.docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image).stdout
    return len(json.loads(layers))


def _stage_size(builder: IsolatedBuilder, stage: str) -> int:
    return _size(builder.engine, builder.build(None, None, "--target", stage).tag)


def _program_sizes(engine: Engine, image: str) -> dict[str, int]:
    """Return the sizes of the BUILD_TOOLS in an image."""
    find = 'for each; do at=$(command -v "$each") && stat -L -c "$each %s" "$at"; done; true'
    rows = engine.run(image, "sh", "-c", find, "sh", *BUILD_TOOLS).stdout.splitlines()
    return {name: int(size) for name, size in (row.split() for row in rows)}

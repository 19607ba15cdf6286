"""Show downloads of the examples, parts of their files, and the commands of their READMEs."""

from pathlib import Path

from markupsafe import Markup

from guide import Problem
from guide.content import recordings
from guide.content.edits import edit as find_edit
from guide.content.examples import example as find_example
from guide.pages import downloads, numbers
from guide.pages.images import added_bytes
from guide.pages.markup import block, command_block, output_lines, prompt_line
from guide.pages.registry import macro


@macro
def download(example: str) -> str:
    """Return a card with the example's description, the date of its last run, and its zip."""
    project = find_example(example)
    size = numbers.size(downloads.path(project).stat().st_size)
    run = recordings.run(example)
    ran = numbers.format_date(run["recorded"]["date"])
    facts = (
        f"The image is {numbers.size(added_bytes(run))} larger than "
        f"`{project.parsed.stages[-1].base_image}`. "
        f"We [built and ran the example](/data/runs/{example}.json) on {ran}."
    )
    return (
        '\n\n<div class="example" markdown>\n<div markdown>\n\n'
        f"**{project.title}.** {project.sentence}\n\n{facts}\n{{ .facts }}\n\n</div>\n\n"
        f"[Download this example (zip, {size})](/downloads/{project.folder.name}.zip)"
        "{ .md-button .md-button--primary download data-search-exclude=1 }\n\n</div>\n\n"
    )


@macro("part")
def file_part(example: str, file: str, first: str, last: str) -> str:
    """Return a copyable part of a file.

    The first line of the part begins with `first`, and its last line begins with `last`. Raises
    Problem unless `first` and `last` each match exactly one line.
    """
    lines = (find_example(example).folder / file).read_text().splitlines()
    begin, end = (
        [number for number, line in enumerate(lines) if line.startswith(start)]
        for start in (first, last)
    )
    if len(begin) != 1 or len(end) != 1 or begin > end:
        raise Problem(
            f"{file} of {example} must have exactly one line that starts with {first!r}, and one "
            f"below it that starts with {last!r}."
        )
    text = "\n".join(lines[begin[0] : end[0] + 1])
    language = Path(file).suffix.removeprefix(".") or "docker"
    return f'```{{ .{language} .part title="{file}" data-search-exclude=1 }}\n{text}\n```'


@macro
def dockerfile_without_comments(example: str) -> str:
    """Return the copyable Dockerfile of an example, without its comments and empty lines."""
    text = "\n".join(find_example(example).parsed.code)
    return f'```{{ .docker title="Dockerfile" data-search-exclude=1 }}\n{text}\n```'


@macro("transcript")
def readme_session(example: str) -> Markup:
    """Return the README commands of an example with their output."""
    lines = []
    for command in recordings.run(example)["commands"]:
        lines.append(prompt_line(command["text"]))
        if command["output"]:
            lines.append(output_lines(command["output"]))
    return block(Markup("\n").join(lines), is_searched=False)


@macro("command")
def readme_command(example: str, number: int) -> Markup:
    """Return a copyable README command of an example. Numbers begin with 1."""
    commands = recordings.run(example)["commands"]
    return command_block(commands[number - 1]["text"])


@macro
def edit_command(name: str) -> Markup:
    """Return the copyable command that makes an edit."""
    return command_block(find_edit(name).command)

"""Show files of the examples, whole or in part."""

import pytest

from guide import Problem
from guide.content.dockerfile import Dockerfile
from guide.content.examples import example as find_example
from guide.content.examples import examples
from guide.pages import example_files

EXAMPLE = "pattern-a-single-stage"


@pytest.mark.parametrize("name", [each.name for each in examples()])
def test_a_dockerfile_without_comments_has_the_same_instructions(name: str) -> None:
    first, *lines, last = example_files.dockerfile_without_comments(name).split("\n")
    assert (first, last) == ('```{ .docker title="Dockerfile" data-search-exclude=1 }', "```")
    assert not [line for line in lines if not line.strip() or line.lstrip().startswith("#")]
    shown = Dockerfile.parse("\n".join(lines))
    assert [each.normalised for each in shown.instructions] == [
        each.normalised for each in find_example(name).parsed.instructions
    ]


def test_a_part_of_a_file_needs_lines_that_occur_once() -> None:
    part = example_files.file_part(EXAMPLE, "Dockerfile", "COPY pyproject.toml", "COPY pyproject")
    assert part.split("\n")[1:-1] == ["COPY pyproject.toml uv.lock ./"]
    with pytest.raises(Problem):
        example_files.file_part(EXAMPLE, "Dockerfile", "ENV", "USER")

"""Pages show the tested files, and no code is typed into a page."""

import io
import json
import re
import zipfile

import markdown
import pytest
from bs4 import BeautifulSoup
from mkdocs.config import load_config

from assertions import nonempty
from guide import ROOT
from guide.bench.pipelines import POETRY_PIPELINE
from guide.content import agent_rules
from guide.content.contenders import DOCKERFILES
from guide.content.examples import EXAMPLES, examples
from guide.content.examples import example as find_example
from guide.site import annotated
from guide.site.parsing import code_text

DOCS = ROOT / "docs"


def shown_files(pages) -> dict[str, list[str]]:
    """Return the texts of the code blocks with a file name, keyed by that name."""
    files: dict[str, list[str]] = {}
    for page in pages.values():
        for name in page.select(".highlight > .filename"):
            text = code_text(name.parent.find("code"))
            files.setdefault(name.get_text(), []).append(text)
    return files


def test_every_file_that_is_shown_is_the_file_that_is_built(pages, example):
    shown = shown_files(pages)
    for path in example.shown:
        texts = shown.get(path.as_posix(), [])
        wanted = (example.folder / path).read_text()
        assert wanted.rstrip("\n") in [text.rstrip("\n") for text in texts], path


# A block with a file whose lines link to what happens without them.
FENCE = re.compile(r'title="([^"]+)" example="([^"]+)".*\n\s*--8<-- "([^"]+)"')


def test_a_file_with_links_in_its_lines_is_that_of_its_example():
    shown = [
        (path.name, *fence)
        for path in DOCS.rglob("*.md")
        for fence in FENCE.findall(path.read_text())
    ]
    for page, title, name, file in nonempty(shown):
        project = find_example(name).project
        assert file == f"{project}/{title}", f"{page} shows {file} as {title} of {name}"


def test_no_attribute_list_is_shown_as_text(pages):
    """For example, underscores in the title of a link can break its attribute list."""
    for address, page in nonempty(pages.items()):
        texts = page.find_all(string=re.compile(r"\{:? [.#]|\w=\""))
        code = ["pre", "code", "samp", "script", "style"]
        shown = [
            each
            for each in texts
            if each.find_parent(code) is None and each.find_parent(class_="item") is None
        ]
        assert shown == [], address


def test_expressions_of_github_reach_the_page_unharmed(pages):
    workflows = (EXAMPLES / "dependency-groups/.github/workflows").glob("*.yml")
    expressions = re.findall(r"\$\{\{.*?\}\}", "".join(path.read_text() for path in workflows))
    assert len(expressions) > 4
    shown = pages["/ci/"].get_text()
    for each in expressions:
        assert each in shown
    for address, page in pages.items():
        assert "Macro Rendering Error" not in page.get_text(), address


def test_dockerfile_is_on_the_page_in_one_piece(pages, example):
    blocks = [block for page in pages.values() for block in page.select(".annotated pre")]
    assert example.dockerfile_text in map(code_text, blocks)


def test_the_zip_is_the_folder(built, example):
    folder = example.folder.name
    archive = zipfile.ZipFile(io.BytesIO((built / f"downloads/{folder}.zip").read_bytes()))
    assert archive.testzip() is None
    inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {
        f"{folder}/{path.as_posix()}": (example.folder / path).read_bytes()
        for path in example.files
    }


def test_every_example_has_its_download_on_a_page(pages, example):
    links = [link["href"] for page in pages.values() for link in page.select("a[download]")]
    assert any(link.endswith(f"downloads/{example.folder.name}.zip") for link in links)


# Code blocks that may be typed into a page, each with the reason.
TYPED_ON_PURPOSE: dict[str, str] = {}


def typed_blocks(page: BeautifulSoup, files: set[str]) -> list[str]:
    """Return the code blocks of a page that come from no file, recording or test of a claim.

    test_claims.py compares the tests of claims with their files.
    """
    blocks = []
    for block in page.select("article pre"):
        text = code_text(block).strip("\n")
        recorded = block.find_parent(class_=["transcript", "command", "source"])
        part = block.find_parent(class_="part")
        lines = part and any(f"\n{text}\n" in f"\n{file}\n" for file in files)
        if not recorded and not lines and text not in files and text not in TYPED_ON_PURPOSE:
            blocks.append(text)
    return blocks


def all_files() -> set[str]:
    paths = [each.folder / path for each in examples() for path in each.files]
    paths += (ROOT / "scripts/guide/content/snippets").iterdir()
    paths += [*DOCKERFILES.glob("*"), *POETRY_PIPELINE.parent.rglob("*.yml")]
    files = {path.read_text().strip("\n") for path in paths}
    files.add(agent_rules.for_any_project().strip("\n"))
    # The home page shows a Dockerfile without its comments.
    return files | {"\n".join(each.parsed.code) for each in examples()}


def test_nothing_is_typed_into_a_page(pages):
    files = all_files()
    for address, page in pages.items():
        assert typed_blocks(page, files) == [], address


def test_only_the_macro_makes_a_part_of_a_file():
    for page in nonempty(DOCS.rglob("*.md")):
        assert not re.search(r"(?m)^\s*(```|~~~).*\.part\b", page.read_text()), page


def test_no_page_writes_html_for_code():
    """Code written as HTML would look like a recording."""
    for page in nonempty(DOCS.rglob("*.md")):
        assert not re.search(r"<(pre|code)\b", page.read_text()), page


@pytest.mark.parametrize(
    "typed",
    [
        '```toml title="x"\n[project]\n```',
        "~~~\nuv sync\n~~~",
        '```{ .docker .part title="Dockerfile" }\nRUN uv sync --frozen\n```',
        "- a list\n\n    ```sh\n    uv sync\n    ```",
        "    FROM python:3.14",
        '```{ .annotated lang="docker" title="Dockerfile" }\nFROM python:3.14\n```',
    ],
)
def test_a_typed_block_is_noticed(typed):
    config = load_config(str(ROOT / "mkdocs.yml"))
    extensions, options = config.markdown_extensions, config.mdx_configs
    text = markdown.markdown(
        f"Text.\n\n{typed}\n", extensions=extensions, extension_configs=options
    )
    page = BeautifulSoup(f"<article>{text}</article>", "html.parser")
    assert len(typed_blocks(page, all_files())) == 1


def test_snippets_have_no_line_ranges_or_sections():
    targets = [
        (page, target)
        for page in DOCS.rglob("*.md")
        for target in re.findall(r'--8<-- "([^"]+)"', page.read_text())
    ]
    for page, target in nonempty(targets):
        assert ":" not in target, f"{page}: {target}"


def test_annotating_keeps_every_character():
    source = "FROM a\n\n# Why,\n# in two lines.\nRUN b \\\n    # inside\n    && c\n\n\nD\n# last\n"
    assert "".join(note + code for note, code in annotated.rows(source)) == source
    for each in examples():
        for path in each.shown:
            text = (each.folder / path).read_text()
            assert "".join(note + code for note, code in annotated.rows(text)) == text


def test_a_note_ends_at_a_blank_line():
    assert annotated.rows("# a\nb\n\nc\n") == [("# a\n", "b\n\n"), ("", "c\n")]


def test_data_is_published_as_it_is(built):
    for path in nonempty((DOCS / "data").rglob("*.json")):
        assert (built / path.relative_to(DOCS)).read_bytes() == path.read_bytes()


def test_examples_do_not_mention_the_guide(example):
    for path in example.files:
        text = (example.folder / path).read_text()
        assert not re.search(r"--8<--|scripts/|guide|stand-in|images with uv", text), path


def test_each_recording_says_where_its_base_images_came_from(pages):
    notes = [note for page in pages.values() for note in page.select("p.recorded")]
    with_images = 0
    kinds = {"pulled": "official base images", "stand-ins": "substitute base images"}
    for note in nonempty(notes):
        for link in nonempty(note.select("a[href$='.json']")):
            file = DOCS / "data" / link["href"].partition("data/")[2]
            origin = json.loads(file.read_text())["recorded"]
            # Recordings without an engine have no base images.
            if "base_images" in origin:
                with_images += 1
                assert (origin["base_images"] == "stand-ins") is bool(origin["stand_ins"])
                assert kinds[origin["base_images"]] in note.get_text()
    assert with_images

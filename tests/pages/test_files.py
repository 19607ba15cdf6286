"""What a page shows is the file that is built, and nothing is typed into a page."""

import io
import re
import zipfile

from bs4 import BeautifulSoup

from guide import ROOT, annotated
from guide.catalogue import examples

DOCS = ROOT / "docs"


def shown_files(pages) -> dict[str, list[str]]:
    """The text of every block with a file's name above it, by that name."""
    found: dict[str, list[str]] = {}
    for page in pages.values():
        for name in page.select(".highlight > .filename"):
            text = name.parent.find("code").get_text()
            found.setdefault(name.get_text(), []).append(text)
    return found


def test_every_file_that_is_shown_is_the_file_that_is_built(pages, example):
    shown = shown_files(pages)
    for path in example.shown:
        texts = shown.get(path.as_posix(), [])
        wanted = (example.folder / path).read_text()
        assert wanted.rstrip("\n") in [text.rstrip("\n") for text in texts], path


def test_copying_an_annotated_file_gives_the_file(pages):
    for page in pages.values():
        for block in page.select(".annotated pre"):
            assert block["data-copy"] == block.find("code").get_text()


def test_dockerfile_is_on_the_page_in_one_piece(pages, example):
    blocks = [block for page in pages.values() for block in page.select(".annotated pre")]
    assert (example.folder / "Dockerfile").read_text() in [block["data-copy"] for block in blocks]


def test_the_zip_is_the_folder(built, example):
    archive = zipfile.ZipFile(io.BytesIO((built / f"downloads/{example.name}.zip").read_bytes()))
    assert archive.testzip() is None
    inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {
        f"{example.name}/{path.as_posix()}": (example.folder / path).read_bytes()
        for path in example.files
    }


def test_every_example_has_its_download_on_a_page(pages, example):
    links = [link["href"] for page in pages.values() for link in page.select("a[download]")]
    assert any(link.endswith(f"downloads/{example.name}.zip") for link in links)


# Fenced blocks typed into a page, by page and first line, each with the reason why it may be.
TYPED_ON_PURPOSE: dict[tuple[str, str], str] = {}

FENCE = re.compile(
    r"^(?P<indent> *)(?P<marks>`{3,}|~{3,}).*\n(?P<body>(?:.*\n)*?)(?P=indent)(?P=marks) *$",
    re.MULTILINE,
)
INCLUDED = re.compile(r'\s*--8<-- "[^"]+"\s*')


def typed_fences(text: str) -> list[str]:
    """The first lines of the fenced blocks in a page that do not come from a file."""
    bodies = [match["body"] for match in FENCE.finditer(text)]
    return [body.strip().split("\n")[0] for body in bodies if not INCLUDED.fullmatch(body)]


def test_nothing_is_typed_into_a_page():
    found = {
        (str(page.relative_to(DOCS)), line)
        for page in DOCS.rglob("*.md")
        for line in typed_fences(page.read_text())
    }
    assert found == set(TYPED_ON_PURPOSE)


def test_a_typed_fence_is_noticed():
    page = '```toml title="x"\n[project]\n```\n\n    ```sh\n    uv sync\n    ```\n'
    assert typed_fences(page) == ["[project]", "uv sync"]
    assert typed_fences('```{ .python title="x" }\n--8<-- "a/b.py"\n```\n') == []


def test_snippets_have_no_line_ranges_or_sections():
    for page in DOCS.rglob("*.md"):
        for target in re.findall(r'--8<-- "([^"]+)"', page.read_text()):
            assert ":" not in target, f"{page}: {target}"


def test_annotating_keeps_every_character():
    source = "FROM a\n\n# Why,\n# in two lines.\nRUN b \\\n    # inside\n    && c\n\n\n# last\n"
    assert "".join(lines for _, lines in annotated.blocks(source)) == source
    for each in examples():
        for path in each.shown:
            text = (each.folder / path).read_text()
            assert "".join(lines for _, lines in annotated.blocks(text)) == text


def test_data_is_published_as_it_is(built):
    for path in (DOCS / "data").rglob("*.json"):
        assert (built / path.relative_to(DOCS)).read_bytes() == path.read_bytes()


def test_examples_do_not_mention_the_guide(example):
    for path in example.files:
        text = (example.folder / path).read_text()
        assert not re.search(r"--8<--|scripts/|guide|stand-in", text), path


def test_pages_say_that_stand_ins_were_used(pages):
    soup: BeautifulSoup = pages["/patterns/pattern-a/"]
    notes = [note.get_text() for note in soup.select("p.recorded")]
    assert notes
    assert all("base images" in note for note in notes)

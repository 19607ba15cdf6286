"""The site builds strictly, and whatever is missing stops the build."""

import re
import shutil

import pytest
from bs4 import BeautifulSoup

from assertions import nonempty
from guide import ROOT
from guide.machine import mkdocs


@pytest.fixture
def tree(tmp_path):
    """A copy of everything that the site is built from, for a test to change."""
    folder = tmp_path / "tree"
    for name in ("docs", "examples", "scripts", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def build_with(tree, text, **environ):
    """Build the tree with `text` at the end of its home page; returns (exit code, output)."""
    page = tree / "docs/index.md"
    page.write_text(f"{page.read_text()}\n\n{text}\n")
    # With the copy's own modules: they find examples and recordings in the copy.
    done = mkdocs.build_site(
        tree.parent / "site", source=tree, PYTHONPATH=str(tree / "scripts"), **environ
    )
    return done.returncode, done.stderr + done.stdout


@pytest.mark.slow
def test_the_copy_builds_as_it_is_for_an_address_with_a_path(tree):
    """The 404 page is shown at any depth, so its links contain the whole path."""
    address = "https://guide.test/some/where/"
    assert build_with(tree, "Nothing wrong here.", SITE_URL=address)[0] == 0
    site = tree.parent / "site"
    page = BeautifulSoup((site / "404.html").read_text(), "html.parser")
    for element in nonempty(page.select("[href], [src], [action]")):
        target = element.get("href") or element.get("src") or element.get("action")
        assert target.startswith(("/some/where/", "#", address)), element
    for link in nonempty(re.findall(r"\]\((.+?)\)", (site / "llms.txt").read_text())):
        assert (site / link.removeprefix(address)).is_file(), link
    assert f'href="{address}feed.xml"' in (site / "feed.xml").read_text()


def test_building_the_site_imports_nothing_that_needs_an_engine(site_build):
    """Pages read recordings, so the build needs no module that runs Docker or takes timings."""
    own = {name.split(".")[1] for name in site_build.modules if name.startswith("guide.")}
    assert {"content", "pages", "site"} <= own
    assert own & {"engine", "ci", "record", "bench", "testing"} == set()


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ('```{ .toml title="x" }\n--8<-- "pattern-a-single-stage/none.toml"\n```', "none.toml"),
        ('[[[ recorded("layers/none") ]]]', "There is no recording"),
        ('[[[ seconds("pattern-a-single-stage", "none") ]]]', "is recorded"),
        ("[[[ no_such_macro() ]]]", "no_such_macro"),
        ("[[[ no_such_fact ]]]", "no_such_fact"),
        # Warnings, which come when everything is built: once for both.
        pytest.param(
            "[a page](nowhere.md), [an anchor](numbers.md#no)",
            ("nowhere.md", "numbers.md#no"),
            marks=pytest.mark.slow,
        ),
        ('```{ .annotated lang="docker" }\nFROM x\n```', "requires lang and title"),
    ],
    ids=["snippet", "recording", "fact", "macro", "variable", "links", "title"],
)
def test_what_is_missing_stops_the_build(tree, text, messages):
    code, output = build_with(tree, text)
    assert code != 0
    for each in (messages,) if isinstance(messages, str) else messages:
        assert each in output

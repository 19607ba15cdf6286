"""The site builds with --strict, and a missing file, recording or macro fails the build."""

import re
import shutil

import pytest
from bs4 import BeautifulSoup

from assertions import nonempty
from guide import ROOT
from guide.machine import mkdocs


@pytest.fixture
def tree(tmp_path):
    """A copy of the site's sources that a test can change."""
    folder = tmp_path / "tree"
    for name in ("docs", "examples", "scripts", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def build_with(tree, text, **environ):
    """Build the tree with `text` appended to its home page. Return the exit code and output."""
    page = tree / "docs/index.md"
    page.write_text(f"{page.read_text()}\n\n{text}\n")
    # Import the modules of the copy, so that they use the examples and recordings of the copy.
    done = mkdocs.build_site(
        tree.parent / "site", source=tree, PYTHONPATH=str(tree / "scripts"), **environ
    )
    return done.returncode, done.stderr + done.stdout


@pytest.mark.slow
def test_a_copy_with_broken_links_is_built_for_an_address_with_a_path_and_fails(tree):
    """Broken links are warnings, which make a build fail after it has written the site.

    The 404 page is served for any path, so its links must be absolute. As when the site is
    published, each page links to its source.
    """
    address, repository = "https://guide.test/some/where/", "https://forge.test/team/guide"
    environ = {"SITE_URL": address, "REPOSITORY_URL": repository}
    links = "[a page](nowhere.md), [an anchor](benchmarks.md#no)"
    code, output = build_with(tree, links, **environ)
    assert code != 0
    for each in ("nowhere.md", "benchmarks.md#no", "Aborted with 2 warnings"):
        assert each in output
    pattern_a = (tree.parent / "site/patterns/pattern-a/index.html").read_text()
    assert f'href="{repository}/edit/main/docs/patterns/pattern-a.md"' in pattern_a
    assert f'href="{repository}/issues/new?title=Pattern%20A' in pattern_a
    site = tree.parent / "site"
    page = BeautifulSoup((site / "404.html").read_text(), "html.parser")
    for element in nonempty(page.select("[href], [src], [action]")):
        target = element.get("href") or element.get("src") or element.get("action")
        assert target.startswith(("/some/where/", "#", address)), element
    for link in nonempty(re.findall(r"\]\((.+?)\)", (site / "llms.txt").read_text())):
        assert (site / link.removeprefix(address)).is_file(), link
    assert f'href="{address}feed.xml"' in (site / "feed.xml").read_text()


def test_building_the_site_imports_nothing_that_needs_an_engine(site_build):
    """Pages only read recordings, so the build does not import modules that run Docker."""
    own = {name.split(".")[1] for name in site_build.modules if name.startswith("guide.")}
    assert {"content", "pages", "site"} <= own
    assert own & {"engine", "ci", "record", "bench", "testing"} == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('```{ .toml title="x" }\n--8<-- "pattern-a-single-stage/none.toml"\n```', "none.toml"),
        ('[[[ recorded("layers/none") ]]]', "There is no recording"),
        ('[[[ seconds("pattern-a-single-stage", "none") ]]]', "is recorded"),
        ("[[[ no_such_macro() ]]]", "no_such_macro"),
        ("[[[ no_such_fact ]]]", "no_such_fact"),
        ('```{ .annotated lang="docker" }\nFROM x\n```', "requires lang and title"),
    ],
    ids=["snippet", "recording", "fact", "macro", "variable", "title"],
)
def test_a_missing_part_fails_the_build(tree, text, message):
    code, output = build_with(tree, text)
    assert code != 0
    assert message in output

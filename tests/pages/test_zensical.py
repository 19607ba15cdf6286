"""Zensical, the successor of Material for MkDocs, builds the same site from mkdocs.yml."""

import os
import shutil
import sys
from copy import copy

import pytest
from mkdocs.config import load_config

from assertions import nonempty
from guide import ROOT
from guide.machine import browser
from guide.machine.commands import run
from guide.pages import agents
from guide.site import assets, feed, markdown_pages, verified
from served import ORIGIN, broken_links, parsed, serve

pytestmark = pytest.mark.slow

# Zensical 0.0.73 sometimes checks the links of a page before it has found all pages.
TRIES = 3


@pytest.fixture(scope="module")
def zensical(tmp_path_factory):
    """The folder of the site that Zensical has built from a copy of the sources."""
    tree = tmp_path_factory.mktemp("zensical")
    for name in ("docs", "examples", "scripts", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    environ = {"SITE_URL": f"{ORIGIN}/", "PYTHONPATH": str(tree / "scripts")}
    command = (sys.executable, "-m", "zensical", "build", "--strict")
    for _ in range(TRIES):
        done = run(*command, cwd=tree, env=os.environ | environ, failing="zensical", check=False)
        if "page does not exist" not in done.stdout + done.stderr:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "site"


@pytest.fixture(scope="module")
def zensical_pages(zensical):
    return parsed(zensical)


def test_it_runs_nothing_after_the_build(zensical):
    """Zensical therefore does not publish the Markdown and the feed, and reports no error."""
    assert not [*zensical.rglob("*.md")]
    assert not (zensical / feed.FEED_FILE).exists()


def test_it_has_the_same_pages_with_the_same_text(pages, zensical_pages):
    assert zensical_pages.keys() == pages.keys()
    for address, page in pages.items():
        ours, other = (copy(each.find("article")) for each in (page, zensical_pages[address]))
        # It is written after the build.
        for line in ours.select(".verified"):
            line.decompose()
        assert other.get_text().split() == ours.get_text().split(), address
        copied = [[each["data-copy"] for each in a.select("[data-copy]")] for a in (ours, other)]
        assert copied[0] == copied[1], address


def test_the_markdown_and_the_feed_of_its_pages_are_the_same(built, zensical, tmp_path):
    """The Markdown and the feed of Zensical's pages equal those of mkdocs, including links."""
    site = shutil.copytree(zensical, tmp_path / "site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site), site_url=f"{ORIGIN}/")
    markdown_pages.write_pages(config)
    feed.write_feed(config)
    for path in [*built.rglob("index.md"), built / "llms.txt", built / feed.FEED_FILE]:
        name = path.relative_to(built)
        assert (site / name).read_text() == path.read_text(), name


def test_its_links_lead_somewhere(zensical, zensical_pages):
    missing = {*broken_links(zensical, zensical_pages)}
    after_the_build = (
        "/index.md",
        f"/{feed.FEED_FILE}",
        f"/{verified.FILE}",
        f"/{agents.FILE}",
    )
    assert [each for each in missing if not each.endswith(after_the_build)] == []


def test_data_and_downloads_are_published_as_they_are(built, zensical):
    for folder in ("data", "downloads", "assets/fonts", "assets/js/vendor"):
        for path in nonempty((built / folder).rglob("*.*")):
            assert (zensical / path.relative_to(built)).read_bytes() == path.read_bytes(), path


def test_its_scripts_differ_in_their_comments_alone(built, zensical):
    scripts = built / "assets/js"
    for path in nonempty(assets.modules(scripts)):
        # Zensical does not put modules into one file.
        if path.relative_to(scripts) in assets.PUBLISHED:
            continue
        script = (zensical / path.relative_to(built)).read_text()
        assert assets.minified(script) == path.read_text(), path


def test_the_checker_works_from_its_own_modules(chromium, zensical):
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    serve(page, zensical)
    browser.open_page(page, f"{ORIGIN}/check/")
    page.wait_for_selector("check-dockerfile.ready")
    page.locator("check-dockerfile textarea").fill("FROM python:3.14-slim\nRUN uv sync --frozen\n")
    page.wait_for_selector("[id^=finding-frozen-install-]")
    assert errors == []
    page.close()


def test_search_and_navigation_without_reloading_work(chromium, zensical):
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    serve(page, zensical)
    browser.open_page(page, f"{ORIGIN}/", "networkidle")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Get started").first.click()
    page.wait_for_url(f"{ORIGIN}/get-started/")
    assert page.evaluate("window.stayed") is True
    page.keyboard.press("/")
    page.keyboard.type("out-of-date lockfile", delay=20)
    page.wait_for_selector("a[href*='/locked-and-frozen/']:visible >> nth=1")
    assert errors == []
    page.close()

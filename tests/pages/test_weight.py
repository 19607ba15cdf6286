"""Measure in a browser how much a first visit transfers."""

import gzip

import pytest

from assertions import nonempty
from guide import ROOT
from guide.machine import browser
from guide.site import assets, fonts, stylesheets
from guide.site.vendor import VENDOR
from served import ORIGIN

# Maximum size of a first visit in bytes.
MAX_BYTES = 120_000
# The page with the rules and the predictors, which it loads when a reader uses the form.
MAX_BYTES_OF_CHECK = 140_000
MAX_BYTES_OF_RULES = 110_000
# The page with every error message.
MAX_BYTES_OF_ERRORS = 145_000
SCRIPTS = ROOT / "docs" / "assets" / "js"
START_PAGES = ("/", "/benchmarks/")


@pytest.fixture(scope="module")
def transferred_sizes(chromium, built, pages) -> dict[str, dict[str, int]]:
    """The size of each file that a page requests, keyed by page. `pytest -s` prints them."""
    patterns = [address for address in pages if address.startswith("/patterns/")]
    sizes_by_page = {
        address: browser.first_visit(chromium, built, ORIGIN, address)
        for address in (*START_PAGES, *patterns)
    }
    for address, sizes in sizes_by_page.items():
        print(f"\n{address}: {sum(sizes.values())} bytes, {len(sizes)} requests")
        for path, size in sorted(sizes.items(), key=lambda item: -item[1]):
            print(f"{size:8} {path}")
    return sizes_by_page


def test_a_first_visit_is_light(transferred_sizes):
    for address, sizes in transferred_sizes.items():
        assert sum(sizes.values()) <= MAX_BYTES, address
        assert len(sizes) < 25, address
        assert all(sizes.values()), f"{address} requests a missing file: {sizes}"


def test_the_search_loads_only_when_a_reader_uses_it(transferred_sizes):
    for address, sizes in transferred_sizes.items():
        assert not [path for path in sizes if "search" in path], address


def test_the_scripts_of_the_guide_are_small(built):
    sizes = {path.name: path.stat().st_size for path in (built / "assets/js").glob("*.js")}
    assert {path.name for path in SCRIPTS.glob("*.js")} == sizes.keys()
    assert sum(sizes.values()) < 30_000, sizes


def test_scripts_are_published_without_comments(built):
    modules = [path for path in assets.modules(SCRIPTS) if path.parent == SCRIPTS]
    for path in nonempty(modules):
        published = (built / "assets/js" / path.relative_to(SCRIPTS)).read_text()
        assert published == assets.without_comments(path.read_text())
        assert "@ts-check" not in published
        assert len(published) < len(path.read_text())


def test_modules_that_one_page_needs_are_published_in_few_files(built):
    published = built / "assets/js"
    names = {*assets.BUNDLED, *assets.LATE}
    for name in names:
        bundle = assets.without_comments(assets.bundled(SCRIPTS, name))
        assert (published / name).read_text() == bundle
    scripts = assets.modules(published)
    assert {path for path in scripts if path.parent != published} == {
        published / name for name in names
    }


def test_the_page_that_checks_a_dockerfile_stays_within_its_limit(chromium, built):
    sizes = browser.first_visit(chromium, built, ORIGIN, "/check/")
    assert any(path.endswith(str(assets.CHECK_PAGE)) for path in sizes)
    assert not any(path.endswith(late.name) for path in sizes for late in assets.LATE)
    assert not any("yaml" in path for path in sizes)
    assert sum(sizes.values()) <= MAX_BYTES_OF_CHECK
    rules = built / "assets/js" / "check-page/checker.js"
    assert len(gzip.compress(rules.read_bytes())) <= MAX_BYTES_OF_RULES
    assert len(sizes) < 25
    assert all(sizes.values()), f"The page requests a missing file: {sizes}"


def test_the_page_with_error_messages_stays_within_the_limit(chromium, built):
    sizes = browser.first_visit(chromium, built, ORIGIN, "/common-errors/")
    assert any(path.endswith(str(assets.ERRORS_PAGE)) for path in sizes)
    assert sum(sizes.values()) <= MAX_BYTES_OF_ERRORS
    assert len(sizes) < 25


def test_libraries_are_published_as_they_were_bundled(built):
    published = built / "assets/js/vendor"
    names = {path.name for path in published.iterdir()}
    assert names == {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".txt")}
    for name in names:
        assert (published / name).read_bytes() == (VENDOR / name).read_bytes()


def test_the_style_sheet_is_published_in_one_file(built):
    published = [path.name for path in built.rglob("*.css") if "stylesheets" not in path.parts]
    assert published == ["guide.css"]
    assert (built / "assets/guide.css").read_text() == assets.joined(assets.CSS / "guide.css")


def test_the_fonts_have_the_characters_of_the_pages(pages):
    known = {*fonts.CHARACTERS, *fonts.FROM_THE_SYSTEM, "\n", "\t"}
    for address, page in pages.items():
        unknown = {
            character
            for text in page.body.find_all(string=True)
            if text.parent.name not in ("script", "style")
            for character in str(text)
            if character not in known
        }
        assert not unknown, f"{address}: see CHARACTERS in scripts/guide/site/fonts.py"


def test_styles_go_only_when_a_word_of_theirs_is_nowhere():
    known = {"a", "tabs", "tabs__label--", "data-on", "yes"}
    css = (
        '@charset "utf-8";:root{--used:1px;--unused:url("data:x;<p>")}a,b{margin:var(--used)}'
        "@media print{b>a{top:0}.tabs__label--first{top:1px}}[data-on=no]{top:2px}"
        "a:not(.gone),a[data-on=yes]:hover::after{top:3px}"
    )
    dropped = []
    kept = stylesheets.keep_used_rules(css, known | {"root"}, dropped)
    assert dropped == ["b", "b>a", "[data-on=no]"]
    assert stylesheets.without_variables({"x": kept}, "")["x"] == (
        '@charset "utf-8";:root{--used:1px;}a{margin:var(--used)}'
        "@media print{.tabs__label--first{top:1px}}"
        "a:not(.gone),a[data-on=yes]:hover::after{top:3px}"
    )

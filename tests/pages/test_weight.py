"""Measure in a browser how much a first visit transfers."""

import json
import tempfile
from pathlib import Path

import pytest

from assertions import nonempty
from guide import ROOT
from guide.machine import browser, node
from guide.site import assets, fonts, stylesheets
from guide.site.vendor import VENDOR
from served import ORIGIN

# Maximum size of a first visit in bytes.
MAX_BYTES = 120_000
# The page that checks a Dockerfile, with the rules and the predictors, which it loads when a reader
# uses the form.
MAX_BYTES_OF_CHECK = 200_000
# The page that makes a kit, with the readers of projects and the library that writes the zip.
MAX_BYTES_OF_KIT = 200_000
# The page with every error message.
MAX_BYTES_OF_ERRORS = 160_000
SCRIPTS = ROOT / "docs" / "assets" / "js"
KINDS = ("source", "minified")
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


def test_scripts_are_published_minified(built):
    modules = [path for path in assets.modules(SCRIPTS) if path.parent == SCRIPTS]
    for path in nonempty(modules):
        published = (built / "assets/js" / path.relative_to(SCRIPTS)).read_text()
        assert published == assets.minified(path.read_text())
        assert "@ts-check" not in published
        assert len(published) < len(path.read_text())


def test_minified_scripts_are_those_of_the_sources():
    """Only white space and comments differ: esbuild reads the same program from both texts."""
    own = [path for path in assets.modules(SCRIPTS) if path.parent == SCRIPTS]
    texts = {path: path.read_text() for path in own} | assets.bundled(SCRIPTS)
    with tempfile.TemporaryDirectory() as folder:
        for kind, minify in zip(KINDS, (str, assets.minified), strict=True):
            for path, text in texts.items():
                file = Path(folder, kind, path.relative_to(SCRIPTS))
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(minify(text))
            node.run(
                *("vendor", "esbuild", "--minify-whitespace", "--format=esm", "--log-level=error"),
                *(f"--outdir={folder}/read-{kind}", f"--outbase={folder}/{kind}"),
                *(Path(folder, kind, path.relative_to(SCRIPTS)) for path in texts),
                failing="esbuild cannot read a script",
            )
        for path in nonempty(texts):
            name = path.relative_to(SCRIPTS)
            read = [Path(folder, f"read-{kind}", name).read_text() for kind in KINDS]
            assert read[0] == read[1], f"{name}: rjsmin changes it. Simplify its template literals."


def test_the_modules_of_the_checker_are_published_in_few_files(built):
    published = built / "assets/js"
    texts = {
        published / path.relative_to(SCRIPTS): assets.minified(text)
        for path, text in assets.bundled(SCRIPTS).items()
    }
    scripts = [path for path in assets.modules(published) if path.parent != published]
    assert {path: path.read_text() for path in scripts} == texts
    assert {path.relative_to(published) for path in texts} == assets.PUBLISHED


def test_the_page_that_checks_a_dockerfile_stays_within_its_limit(chromium, built):
    sizes = browser.first_visit(chromium, built, ORIGIN, "/check/")
    element, *late = (path.name for path in assets.BUNDLED)
    assert any(path.endswith(element) for path in sizes)
    assert not any(path.endswith(name) for path in sizes for name in late)
    assert not any("yaml" in path for path in sizes)
    assert sum(sizes.values()) <= MAX_BYTES
    assert len(sizes) < 25
    assert all(sizes.values()), f"The page requests a missing file: {sizes}"


def test_the_page_stays_within_its_limit_while_a_reader_uses_it(chromium, built):
    texts = json.loads((built / "downloads/check-examples.json").read_text())["faulty"]["texts"]
    sizes = browser.first_visit(chromium, built, ORIGIN, "/check/", lambda page: use(page, texts))
    print(f"{sum(sizes.values())} bytes: {sizes}")
    assert any(path.endswith("checker.js") for path in sizes)
    assert sum(sizes.values()) <= MAX_BYTES_OF_CHECK
    assert all(sizes.values()), f"The page requests a missing file: {sizes}"


def use(page, texts):
    """Paste a Dockerfile and what Python reads of its project, as a reader does."""
    page.wait_for_selector("check-dockerfile.ready")
    for name in ("Dockerfile", "pyproject.toml", "uv.lock"):
        page.check(f"check-dockerfile [name=file][value='{name}']", force=True)
        page.locator("check-dockerfile textarea").fill(texts[name])
        page.wait_for_selector("check-dockerfile .answer.findings h3")
    page.wait_for_timeout(500)


def test_the_page_that_makes_a_kit_stays_within_its_limit(chromium, built):
    sizes = browser.first_visit(chromium, built, ORIGIN, "/kit/")
    element, late = (str(path) for path in assets.KIT_BUNDLED)
    assert any(path.endswith(element) for path in sizes)
    assert not any(path.endswith((late, "fflate.js")) for path in sizes)
    texts = json.loads((built / "downloads/check-examples.json").read_text())["faulty"]["texts"]
    sizes = browser.first_visit(
        chromium, built, ORIGIN, "/kit/", lambda page: make_kit(page, texts["pyproject.toml"])
    )
    print(f"{sum(sizes.values())} bytes: {sizes}")
    assert any(path.endswith("fflate.js") for path in sizes)
    assert any(path.endswith(late) for path in sizes)
    assert sum(sizes.values()) <= MAX_BYTES_OF_KIT
    assert all(sizes.values()), f"The page requests a missing file: {sizes}"


def make_kit(page, pyproject):
    """Paste a pyproject.toml and download the files, as a reader does."""
    page.wait_for_selector("make-kit.ready")
    page.locator("make-kit textarea").fill(pyproject)
    page.wait_for_selector("make-kit .reading:not([hidden])")
    with page.expect_download():
        page.get_by_role("button", name="Download all files").click()


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

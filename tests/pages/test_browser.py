"""The built site works in a browser."""

import pytest
from playwright.sync_api import expect

from guide import ROOT
from guide.content.examples import examples
from guide.site.parsing import code_text
from samples import sample_of_today

# Screenshots are for people to look at. No test compares them.
SCREENSHOTS = ROOT / "screenshots"
SCHEMES = {"light": "default", "dark": "slate"}
LOOKED_AT = (
    *("/", "/choose/", "/patterns/pattern-a/", "/docker-layer-caching/"),
    *("/dependency-groups/", "/benchmarks/", "/ci/", "/404.html"),
)

# Words of code that are broken across lines. In the explorer, they may be broken.
BROKEN_WORDS = r"""() => {
    const broken = [];
    for (const code of document.querySelectorAll("article code:not(pre *, layer-explorer *)")) {
        const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const { data } = texts.currentNode, word = document.createRange();
            for (const { 0: { length }, index } of data.matchAll(/(?<!\S)\S{4,36}(?!\S)/g)) {
                word.setStart(texts.currentNode, index);
                word.setEnd(texts.currentNode, index + length);
                const lines = new Set([...word.getClientRects()].map(each => each.top));
                if (lines.size > 1) broken.push(String(word));
            }
        }
    }
    return broken;
}"""


def test_every_page_fits_the_screen_asks_no_other_host_and_prints_no_error(open_page, pages):
    root = "document.documentElement"
    SCREENSHOTS.mkdir(exist_ok=True)
    for address in pages:
        page = open_page(address, until="networkidle")
        for width in (1440, 390, 360):
            page.set_viewport_size({"width": width, "height": 900})
            wider = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
            assert wider == 0, f"{address}, {width} px"
            broken = page.evaluate(BROKEN_WORDS)
            assert broken == [], f"{address}, {width} px"
            for scheme in SCHEMES if address in LOOKED_AT and width != 360 else ():
                page.emulate_media(color_scheme=scheme)
                named = f"body[data-md-color-scheme={SCHEMES[scheme]}]:not([data-switching])"
                page.wait_for_selector(named)
                name = address.removesuffix(".html").strip("/").replace("/", "-") or "home"
                page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
        assert page.foreign == [], address
        assert page.errors == [], address
        page.context.close()


def test_nothing_moves_while_a_page_loads_or_is_scrolled(open_page, pages):
    watch = """() => {
        window.moved = [];
        new PerformanceObserver(list => {
            for (const each of list.getEntries()) {
                const what = each.sources.map(({ node }) => node?.className || node?.nodeName);
                if (!each.hadRecentInput) moved.push([each.value, ...what]);
            }
        }).observe({ type: "layout-shift", buffered: true });
    }"""
    scroll = """async () => {
        for (let y = 0; y < document.body.scrollHeight; y += 700) {
            scrollTo(0, y);
            await new Promise(requestAnimationFrame);
            // Reading two screens takes longer than loading what comes after them.
            const near = [...document.querySelectorAll("layer-explorer:not(.ready)")].filter(
                each => each.getBoundingClientRect().top < 2 * innerHeight);
            while (near.some(each => !each.matches(".ready")))
                await new Promise(requestAnimationFrame);
        }
        await new Promise(done => setTimeout(done, 100));
        return moved;
    }"""
    patterns = [each for each in pages if each.startswith("/patterns/")]
    for address in ("/", "/benchmarks/", *patterns):
        for width in (1440, 390):
            # The theme's script arrives after the page is painted, as on a slow network.
            page = open_page(address, width, late="bundle.")
            page.evaluate(watch)
            moved = page.evaluate(scroll)
            # A shift of a fraction of a pixel is allowed. Lighthouse would not report it either.
            assert sum(value for value, *_ in moved) < 0.0005, f"{address}, {width} px: {moved}"
            page.context.close()


@pytest.mark.parametrize("tells", [True, False], ids=["tells", "does not tell"])
def test_the_scripts_run_when_a_reader_has_seen_the_page(open_page, tells):
    """If a browser does not report the first paint, the scripts run after a second."""
    begin = """
        Object.defineProperty(window, "document$", {
            set(subject) { this.ran = performance.now(); this.subject = subject; },
            get() { return this.subject; },
        });
    """
    if not tells:
        begin += "PerformanceObserver.prototype.observe = () => {};"
    page = open_page("/patterns/pattern-a/", begin=begin)
    page.wait_for_selector(".without-it[aria-expanded]")
    seen = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert page.evaluate("ran") > seen + (0 if tells else 500)


def test_comments_stand_beside_their_code_on_a_wide_screen_only(open_page):
    beside = """() => {
        const note = document.querySelector(".annotated .note:not(:first-child)");
        const [a, b] = [note, note.nextElementSibling].map(each => each.getBoundingClientRect());
        return Math.abs(a.top - b.top) < 2 && a.right <= b.left + 1;
    }"""
    assert open_page("/patterns/pattern-a/", 1440).evaluate(beside) is True
    assert open_page("/patterns/pattern-a/", 390).evaluate(beside) is False


def test_copy_buttons_copy_the_whole_file_and_nothing_else(open_page, pages, request):
    """The copy buttons copy each file of the examples, including its trailing newline.

    Without --all, this tries a third of the pages that show such files.
    """
    texts = [(each.folder / path).read_text() for each in examples() for path in each.shown]
    shown = {address: files_of_examples(html, texts) for address, html in pages.items()}
    tried = [address for address, files in shown.items() if files]
    assert {*texts} == set().union(*shown.values())
    if not request.config.option.all:
        tried = sample_of_today(tried, (len(tried) + 2) // 3)
    for address in tried:
        page = open_page(address)
        # Also show the buttons of folded blocks and of hidden tabs.
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.add_style_tag(content=".tabbed-block { display: block !important }")
        missing = shown[address] - {*page.evaluate(COPY_ALL)}
        # On a busy machine, some buttons appear late.
        assert not missing or missing - {*page.evaluate(COPY_ALL)} == set(), address
        page.context.close()


FILES = ".highlight:has(> .filename):not(.claim *, .transcript)"


def files_of_examples(html, texts):
    """Return those of the texts that are shown as files on a page."""
    whole = {text.rstrip("\n"): text for text in texts}
    blocks = [code_text(block.find("code")).rstrip("\n") for block in html.select(FILES)]
    return {whole[block] for block in blocks if block in whole}


# Clicks the copy button of each file and reads the clipboard.
COPY_ALL = f"""async () => {{
    const found = [];
    for (const block of document.querySelectorAll("{FILES}")) {{
        block.scrollIntoView();
        let button;
        for (let tries = 0; tries < 30 && !button; tries++) {{
            await new Promise(requestAnimationFrame);
            button = block.querySelector("[data-md-type=copy]");
        }}
        if (!button) continue;
        button.click();
        found.push(await navigator.clipboard.readText());
    }}
    return found;
}}"""


def test_the_scheme_is_that_of_the_system_until_a_reader_chooses(open_page):
    page = open_page("/", scheme="dark")
    button = page.get_by_role("button", name="Dark mode")
    scheme = "scheme => getComputedStyle(document.documentElement).colorScheme === scheme"

    def is_shown(name):
        page.wait_for_function(scheme, arg=name)
        expect(button).to_have_attribute("aria-pressed", "true" if name == "dark" else "false")

    is_shown("dark")
    page.emulate_media(color_scheme="light")
    is_shown("light")
    button.click()
    is_shown("dark")
    page.reload()
    is_shown("dark")
    page.get_by_role("link", name="Get started").first.click()
    page.wait_for_url("**/get-started/")
    is_shown("dark")
    button.click()
    is_shown("light")
    # The reader chose the system's scheme, so the page follows the system again.
    page.emulate_media(color_scheme="dark")
    is_shown("dark")


def test_search_works_after_another_page_was_put_in_place(open_page):
    page = open_page("/locked-and-frozen/")
    page.get_by_role("link", name="Benchmarks").first.click()
    page.wait_for_url("**/benchmarks/")
    result = page.locator(".md-search-result__item").first
    for _ in range(20):
        page.keyboard.press("/")
        page.keyboard.press("Control+A")
        page.keyboard.type("private index", delay=20)
        page.wait_for_timeout(500)
        if result.is_visible():
            break
        # Material closes the search shortly after navigation. Blur the field, then try again.
        page.evaluate("document.activeElement.blur()")
    assert result.is_visible()

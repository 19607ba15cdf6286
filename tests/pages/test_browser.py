"""The finished site in a real browser, served out of its folder."""

import mimetypes

import pytest

from guide.macros import PAGES
from served import ORIGIN


@pytest.fixture
def visit(chromium, built):
    """Opens a page at a width and in a colour scheme; gives it with what it asked and said."""
    contexts = []

    def opened(address, width=1440, scheme="light", until="load"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.foreign, page.errors = [], []

        def answer(route):
            url = route.request.url
            if not url.startswith(ORIGIN):
                page.foreign.append(url)
                return route.abort()
            path = url.removeprefix(ORIGIN).partition("?")[0].lstrip("/")
            file = built / (f"{path}index.html" if path.endswith("/") or not path else path)
            if not file.is_file():
                page.errors.append(f"404 {url}")
                return route.fulfill(status=404)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return route.fulfill(body=file.read_bytes(), content_type=kind)

        context.route("**/*", answer)
        page.on(
            "console", lambda said: page.errors.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(ORIGIN + address, wait_until=until)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_every_page_fits_the_screen_asks_no_other_host_and_prints_no_error(visit, pages):
    root = "document.documentElement"
    for address in pages:
        page = visit(address, until="networkidle")
        for width in (1440, 390):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                wider = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
                assert wider == 0, f"{address}, {width} px, {scheme}"
        assert page.foreign == [], address
        assert page.errors == [], address
        page.context.close()


def test_nothing_moves_while_a_page_loads_or_is_scrolled(visit, pages):
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
        }
        await new Promise(done => setTimeout(done, 100));
        return moved;
    }"""
    for address in ("/", "/numbers/", *(each for each in pages if each.startswith("/patterns/"))):
        for width in (1440, 390):
            page = visit(address, width)
            page.evaluate(watch)
            moved = page.evaluate(scroll)
            # Less than Lighthouse prints: a line that is a fraction of a pixel higher.
            assert sum(value for value, *_ in moved) < 0.0005, f"{address}, {width} px: {moved}"
            page.context.close()


def test_comments_stand_beside_their_code_on_a_wide_screen_only(visit):
    beside = """() => {
        const note = document.querySelector(".annotated .note:not(:first-child)");
        const [a, b] = [note, note.nextElementSibling].map(each => each.getBoundingClientRect());
        return Math.abs(a.top - b.top) < 2 && a.right <= b.left + 1;
    }"""
    assert visit("/patterns/pattern-a/", 1440).evaluate(beside) is True
    assert visit("/patterns/pattern-a/", 390).evaluate(beside) is False


def test_the_copy_button_copies_the_dockerfile(visit, example):
    page = visit(PAGES[example.name][1].removesuffix(".md") + "/")
    blocks = page.locator(".annotated pre").all()
    block = next(
        each for each in blocks if each.get_attribute("data-copy") == example.dockerfile_text
    )
    block.hover()
    block.get_by_role("button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.rstrip("\n") == example.dockerfile_text.rstrip("\n")


def test_search_finds_the_page(visit):
    page = visit("/")
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("stale lockfile uv.lock", delay=20)
    page.wait_for_selector(".md-search-result__item")
    first = page.locator(".md-search-result__link").first.get_attribute("href")
    assert "/lockfiles/" in first


def test_search_works_after_another_page_was_put_in_place(visit):
    page = visit("/lockfiles/")
    page.get_by_role("link", name="The numbers").first.click()
    page.wait_for_url("**/numbers/")
    page.keyboard.press("/")
    page.keyboard.type("private index", delay=20)
    page.wait_for_selector(".md-search-result__item")

"""The finished site in a real browser, served out of its folder."""

from guide.macros import PAGES


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

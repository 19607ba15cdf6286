"""axe finds no accessibility problem on any page, in both colour schemes and on a phone."""

import pytest

from guide.machine import browser, node
from served import ORIGIN

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# What the colour scheme can change, and what the width of the screen.
COLOURS = ["color-contrast", "link-in-text-block"]
SCROLLS = ["scrollable-region-focusable"]
REST = {"runOnly": TAGS, "rules": {name: {"enabled": False} for name in (*COLOURS, *SCROLLS)}}
# Most of the time goes to words of code, and with colours to cells: those of one kind look alike.
ONE_OF_EACH = """selector => {
    const kind = each => each.matches("article") ? "" : kind(each.parentElement) + each.className;
    const seen = new Set();
    for (const each of document.querySelectorAll(`article ${selector}:not(:has(*))`)) {
        const its = kind(each);
        if (seen.has(its)) each.remove();
        seen.add(its);
    }
}"""
# Copy buttons come when their code is seen.
SEE_ALL = """async () => {
    document.body.style.zoom = 0.02;
    for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
    document.body.style.zoom = "";
}"""
# Each claim stands on another page as well: of those in a row, one is read here.
FOLDED = "/reference/claims/"


@pytest.fixture
def page(chromium, built):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.route("**/*", lambda route: browser.answer(route, built, ORIGIN))
    page = context.new_page()
    yield page
    context.close()


def axe_core():
    """Return the text of the script that makes `axe` known to a page."""
    return (
        node.installed_project("accessibility") / "node_modules/axe-core/axe.min.js"
    ).read_text()


def test_axe_finds_nothing(page, pages):
    axe = axe_core()
    problems = []
    for address in pages:
        browser.open_page(page, ORIGIN + address)
        page.evaluate(axe)
        if address == FOLDED:
            page.evaluate("document.querySelectorAll('.claim + .claim').forEach(e => e.remove())")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            problems += [(address, width, *each) for each in when_idle(page, {"runOnly": SCROLLS})]
        page.evaluate(SEE_ALL)
        page.evaluate(ONE_OF_EACH, "pre span")
        problems += [(address, *each) for each in violations(page, REST)]
        page.evaluate(ONE_OF_EACH, "td")
        for scheme in ("default", "slate"):
            page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
            colours = violations(page, {"runOnly": COLOURS})
            problems += [(address, scheme, *each) for each in colours]
    assert problems == []


def test_axe_finds_what_is_broken_on_purpose(page):
    """Without this test, a rule that does not run would look like a rule that finds nothing."""
    axe = axe_core()
    browser.open_page(page, f"{ORIGIN}/numbers/")
    page.evaluate(axe)
    page.add_style_tag(content=".recorded { opacity: .4 }")
    page.evaluate("document.querySelector('[role=dialog]').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('h2').outerHTML = '<h4>Too deep</h4>'")
    assert {"aria-dialog-name", "heading-order"} <= {rule for rule, *_ in violations(page, REST)}
    page.evaluate(ONE_OF_EACH, "td")
    for scheme in ("default", "slate"):
        page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
        colours = violations(page, {"runOnly": COLOURS})
        assert [rule for rule, *_ in colours] == ["color-contrast"]
    page.set_viewport_size({"width": 360, "height": 900})
    assert when_idle(page, {"runOnly": SCROLLS}) == []
    page.evaluate("document.querySelectorAll('.scroll').forEach(each => each.tabIndex = -1)")
    assert [rule for rule, *_ in violations(page, {"runOnly": SCROLLS})] == SCROLLS


def when_idle(page, rules: dict) -> list[tuple[str, str, str]]:
    """Return the violations after the page has made everything that scrolls reachable.

    The page does that when it is idle, so the violations are read again for some seconds.
    """
    for _ in range(20):
        problems = violations(page, rules)
        if not problems:
            break
        page.wait_for_timeout(200)
    return problems


def violations(page, rules: dict) -> list[tuple[str, str, str]]:
    """Return the rules that the page breaks, each with one element and what is wrong with it."""
    problems = page.evaluate(
        """rules => axe.run(document, { ...rules, preload: false, resultTypes: ["violations"] })
            .then(result => result.violations)""",
        rules,
    )
    return [
        (each["id"], node["html"][:200], node["failureSummary"])
        for each in problems
        for node in each["nodes"][:1]
    ]

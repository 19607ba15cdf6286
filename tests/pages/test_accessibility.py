"""Every page read by axe, in both schemes, and on a phone."""

import pytest

from guide import browser, node
from served import ORIGIN

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERY_RULE = {"runOnly": TAGS}
# What the colour scheme, or the width of the screen, can change.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
SIZES = {"runOnly": ["scrollable-region-focusable", "target-size"]}
# Each claim stands on another page as well, where it is unfolded.
FOLDED = "/reference/claims/"


@pytest.fixture
def page(chromium, built):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.route("**/*", lambda route: browser.answer(route, built, ORIGIN))
    page = context.new_page()
    yield page
    context.close()


def test_axe_finds_nothing(page, pages):
    axe = (node.folder() / "node_modules/axe-core/axe.min.js").read_text()
    found = []
    for address in pages:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(ORIGIN + address)
        page.evaluate(axe)
        if address != FOLDED:
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for scheme, width, rules in (
            ("default", 1440, EVERY_RULE),
            ("slate", 1440, COLOURS),
            ("slate", 360, SIZES),
        ):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
            found += [(address, scheme, width, *each) for each in violations(page, rules)]
    assert found == []


def test_axe_finds_what_is_broken_on_purpose(page):
    """A rule that is not asked for finds nothing, and so does one that has nothing to look at."""
    axe = (node.folder() / "node_modules/axe-core/axe.min.js").read_text()
    page.goto(f"{ORIGIN}/numbers/")
    page.evaluate(axe)
    page.add_style_tag(content=".recorded { opacity: .4 } .scroll { max-width: 9rem }")
    page.evaluate("document.querySelector('[role=dialog]').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('h2').outerHTML = '<h4>Too deep</h4>'")
    found = {rule for rule, *_ in violations(page, EVERY_RULE)}
    assert {"aria-dialog-name", "color-contrast", "heading-order"} <= found
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    assert {rule for rule, *_ in violations(page, COLOURS)} == {"color-contrast"}


def violations(page, rules: dict) -> list[tuple[str, str, str]]:
    """The rules that the page breaks, each with one place and what is wrong there."""
    found = page.evaluate(
        """rules => axe.run(document, { ...rules, preload: false, resultTypes: ["violations"] })
            .then(result => result.violations)""",
        rules,
    )
    return [
        (each["id"], place["html"][:200], place["failureSummary"])
        for each in found
        for place in each["nodes"][:1]
    ]

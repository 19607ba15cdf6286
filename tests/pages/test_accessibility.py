"""axe finds no accessibility problems in either colour scheme or on a phone."""

import pytest

from guide.machine import browser, node
from samples import day_number
from served import ORIGIN, serve

SCHEMES = ["default", "slate"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The rules that depend on the colour scheme, and the rule that depends on the screen width.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
SCROLL_RULES = ["scrollable-region-focusable"]
OTHER_RULES = {
    "runOnly": TAGS,
    "rules": {name: {"enabled": False} for name in (*COLOUR_RULES, *SCROLL_RULES)},
}
# Checking words of code and table cells takes most of the time, so keep one element of each kind.
DEDUPE_SCRIPT = """selector => {
    const kind = each => each.matches("article") ? "" : kind(each.parentElement) + each.className;
    const seen = new Set();
    for (const each of document.querySelectorAll(`article ${selector}:not(:has(*))`)) {
        const its = kind(each);
        if (seen.has(its)) each.remove();
        seen.add(its);
    }
}"""
# Copy buttons appear only when their code is visible, so zoom out to show everything.
REVEAL_SCRIPT = """async () => {
    document.body.style.zoom = 0.02;
    for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
    document.body.style.zoom = "";
}"""
# Every claim is also on another page. On this page, only the first of several in a row is checked.
FOLDED = "/reference/tested-statements/"
# What a reader does on a page before it is checked, and what appears then.
USED = {
    "/check/": (lambda page: page.click(".ready [name=example][value=faulty]"), ".finding"),
    "/kit/": (
        lambda page: page.fill(".ready textarea", '[project]\nname = "a"\ndependencies = ["rq"]'),
        "make-kit .reading li",
    ),
    "/common-errors/": (
        lambda page: page.fill("find-error.ready textarea", "curl: not found\nNo module named pip"),
        "find-error .found section",
    ),
}


@pytest.fixture
def page(chromium, built):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    serve(context, built)
    page = context.new_page()
    yield page
    context.close()


def axe_core():
    """Return the script that defines `axe` in a page."""
    return (
        node.installed_project("accessibility") / "node_modules/axe-core/axe.min.js"
    ).read_text()


def pages_of(day, pages, every):
    """Yield the pages to check on a day, each with its colour schemes.

    Without --all, every second page is checked in one colour scheme, the others on the next day,
    and both in the other colour scheme two days later.
    """
    for number, address in enumerate(pages, day):
        if every:
            yield address, SCHEMES
        elif number % 2 == 0:
            yield address, [SCHEMES[number // 2 % 2]]


def test_four_days_check_every_page_in_both_schemes():
    days = [pages_of(day, "abc", every=False) for day in range(4)]
    checked = [(page, scheme) for day in days for page, (scheme,) in day]
    assert sorted(checked) == [(page, scheme) for page in "abc" for scheme in SCHEMES]


def test_axe_finds_nothing(page, pages, request):
    axe = axe_core()
    today = day_number()
    problems = []
    for address, schemes in pages_of(today, pages, request.config.option.all):
        browser.open_page(page, ORIGIN + address)
        page.evaluate(axe)
        if address in USED:
            use, answer = USED[address]
            use(page)
            page.wait_for_selector(answer)
        if address == FOLDED:
            page.evaluate("document.querySelectorAll('.claim + .claim').forEach(e => e.remove())")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            problems += [
                (address, width, *each) for each in when_idle(page, {"runOnly": SCROLL_RULES})
            ]
        page.evaluate(REVEAL_SCRIPT)
        page.evaluate(DEDUPE_SCRIPT, "pre span")
        problems += [(address, *each) for each in violations(page, OTHER_RULES)]
        page.evaluate(DEDUPE_SCRIPT, "td")
        for scheme in schemes:
            page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
            colours = violations(page, {"runOnly": COLOUR_RULES})
            problems += [(address, scheme, *each) for each in colours]
    assert problems == []


def test_axe_finds_what_is_broken_on_purpose(page):
    """This test detects rules that never run."""
    axe = axe_core()
    browser.open_page(page, f"{ORIGIN}/benchmarks/")
    page.evaluate(axe)
    # Without its cells, a table can scroll in a direction in which it never does on the page.
    page.set_viewport_size({"width": 360, "height": 900})
    assert when_idle(page, {"runOnly": SCROLL_RULES}) == []
    page.evaluate("document.querySelectorAll('.scroll').forEach(each => each.tabIndex = -1)")
    assert [rule for rule, *_ in violations(page, {"runOnly": SCROLL_RULES})] == SCROLL_RULES
    page.add_style_tag(content=".recorded { opacity: .4 }")
    page.evaluate("document.querySelector('[role=dialog]').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('h2').outerHTML = '<h4>Too deep</h4>'")
    assert {"aria-dialog-name", "heading-order"} <= {
        rule for rule, *_ in violations(page, OTHER_RULES)
    }
    page.evaluate(DEDUPE_SCRIPT, "td")
    for scheme in SCHEMES:
        page.evaluate(f"document.body.dataset.mdColorScheme = '{scheme}'")
        colours = violations(page, {"runOnly": COLOUR_RULES})
        assert [rule for rule, *_ in colours] == ["color-contrast"]


def when_idle(page, rules: dict) -> list[tuple[str, str, str]]:
    """Return the violations once the page has made all scrollable elements focusable.

    The page does so when it is idle, so the check is repeated for a few seconds.
    """
    for _ in range(20):
        problems = violations(page, rules)
        if not problems:
            break
        page.wait_for_timeout(200)
    return problems


def violations(page, rules: dict) -> list[tuple[str, str, str]]:
    """Return the violated rules, each with an element and a description of the problem."""
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

"""Every set of answers leads to a pattern, in Python, in JavaScript and on the page."""

import itertools
import os
import re
from urllib.parse import urljoin, urlsplit

import pytest

from assertions import nonempty
from guide import ROOT, Problem
from guide.content.examples import examples
from guide.machine import node
from guide.pages import chooser
from served import ORIGIN

SCRIPTS = ROOT / "docs/assets/js"
CHOOSER = chooser.read_chooser()
ANSWER_SETS = [
    {*names}
    for names in itertools.product(
        *([answer.name for answer in question.answers] for question in CHOOSER.questions)
    )
]
OPTIONS = CHOOSER.options


def recommend(names):
    return [option.name for option in CHOOSER.recommend(CHOOSER.complete(names))]


def test_a_key_that_is_missing_or_unknown_is_a_problem(tmp_path, monkeypatch):
    text = chooser.CHOOSER_FILE.read_text()
    monkeypatch.setattr(chooser, "CHOOSER_FILE", tmp_path / "chooser.toml")
    for broken in (
        text.replace("short =", "shrot =", 1),
        text.replace("[[options]]", "[options", 1),
    ):
        chooser.CHOOSER_FILE.write_text(broken)
        with pytest.raises(Problem, match="is not valid"):
            chooser.read_chooser()


def test_there_are_at_most_six_questions_and_each_answer_has_a_name_of_its_own():
    assert len(CHOOSER.questions) <= 6
    names = [answer.name for question in CHOOSER.questions for answer in question.answers]
    assert len({*names}) == len(names)


def test_every_way_leads_to_one_pattern_and_at_most_one_dockerfile_to_take_instead():
    patterns = {option.name for option in OPTIONS if option.is_pattern}
    instead = {
        option.name
        for option in OPTIONS
        if not option.is_pattern and any(name.endswith("Dockerfile") for name in option.files)
    }
    for names in ANSWER_SETS:
        taken = recommend(names)
        assert len(patterns & {*taken}) == 1, names
        assert len(instead & {*taken}) <= 1, names
        assert taken[0] in patterns, names


def test_every_option_and_every_reason_is_reached():
    rules = [option.when for option in OPTIONS]
    assert [
        rule
        for rule in rules
        if not any(chooser.rule_matches(rule, names) for names in ANSWER_SETS)
    ] == []
    for option in OPTIONS:
        reached = [names for names in ANSWER_SETS if chooser.rule_matches(option.when, names)]
        for reason in option.reasons:
            if reason.when:
                held = [chooser.rule_matches(reason.when, names) for names in reached]
                assert any(held), f"{option.name}: {reason.when}"


def test_every_recommendation_has_a_reason_out_of_an_answer():
    for names in ANSWER_SETS:
        for option in OPTIONS:
            if chooser.rule_matches(option.when, names):
                held = [p for p in option.reasons if p.when and chooser.rule_matches(p.when, names)]
                assert any(not reason.watch for reason in held), (option.name, names)


def test_no_answer_is_passed_over():
    """With any other answers, each answer leads to a recommendation or a warning."""
    firsts = {question.answers[0].name for question in CHOOSER.questions}
    for names in ANSWER_SETS:
        taken = CHOOSER.recommend(names)
        rules = [option.when for option in taken]
        rules += [p.when for option in taken for p in option.reasons if p.when]
        held = " ".join(
            one for rule in rules for one in rule.split(",") if chooser.rule_matches(one, names)
        )
        assert names - firsts <= {*held.split()}, (names, [option.name for option in taken])


def test_every_answer_changes_something():
    for question in CHOOSER.questions:
        for answer in question.answers[1:]:
            assert recommend({answer.name}) != recommend(set()), answer.name


def test_rules_name_answers():
    names = {answer.name for question in CHOOSER.questions for answer in question.answers}
    rules = [option.when for option in OPTIONS]
    rules += [reason.when for option in OPTIONS for reason in option.reasons if reason.when]
    for rule in rules:
        assert {*rule.replace("!", "").replace(",", " ").split()} <= names, rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("git", "include “A package from private Git”"),
        ("git src", "include “A package from private Git” and “A src/ package”"),
        (
            "git fresh !src",
            "include “A package from private Git” and “Fresh CI runners”, but not “A src/ package”",
        ),
        (
            "git !src !lean",
            "include “A package from private Git”, but neither “A src/ package” nor "
            "“No uv in the image”",
        ),
        (
            "!git !src !lean",
            "include none of “A package from private Git”, “A src/ package” or "
            "“No uv in the image”",
        ),
        ("git, src", "include “A package from private Git” or “A src/ package”"),
        (
            "git, src !lean",
            "include “A package from private Git”; or “A src/ package”, but not "
            "“No uv in the image”",
        ),
        (
            "fresh git, fresh src",
            "include “Fresh CI runners”, and also “A package from private Git” or “A src/ package”",
        ),
        (
            "!index git, !index src",
            "include “A package from private Git” or “A src/ package”, but not "
            "“A package from a private index”",
        ),
        (
            "git native, src native, git library, src library",
            "include “A package from private Git” or “A src/ package”, and also "
            "“A compiler at build time” or “A run-time library or program”",
        ),
        (
            "fresh git, fresh !src",
            "include “Fresh CI runners” and “A package from private Git”; or “Fresh CI runners”, "
            "but not “A src/ package”",
        ),
    ],
)
def test_a_rule_is_shown_in_words(rule, words):
    assert CHOOSER.condition(rule) == f"if your answers {words}"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_no_option_repeats_an_answer_in_its_condition(option):
    condition = CHOOSER.condition(option.when)
    labels = re.findall("“.*?”", condition)
    assert "; or " not in condition
    assert len(labels) == len({*labels})


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_factors_of_a_rule_match_the_same_answers(option):
    groups = chooser.factors([terms.split() for terms in option.when.split(",")])
    rules = [",".join(group) for group in groups]
    assert rules
    for names in ANSWER_SETS:
        matches = all(chooser.rule_matches(rule, names) for rule in rules)
        assert matches == chooser.rule_matches(option.when, names), names


def test_names_in_urls_that_readers_keep_still_exist():
    kept = {"git", "index", "library", "native", "src", "lean", "updates", "pyproject", "fresh"}
    assert {
        answer.name for question in CHOOSER.questions for answer in question.answers[1:]
    } == kept


def in_node(answer_sets):
    """Return the options, sentence and URL hash for each set of answers, and the parsed hash."""
    function = """({ questions, options, answer_sets }) => answer_sets.map((names) => {
        const given = module.complete(questions, names);
        const taken = module.recommend(options, given);
        const hash = module.toHash(questions, given);
        const shorts = options.filter(({ name }) => taken.includes(name)).map(({ short }) => short);
        const again = module.complete(questions, module.fromHash(hash));
        return { given, taken, hash, line: module.sentence(shorts), again };
    })"""
    asked = {
        "questions": [[answer.name for answer in each.answers] for each in CHOOSER.questions],
        "options": [{"name": o.name, "when": o.when, "short": o.short} for o in OPTIONS],
        "answer_sets": answer_sets,
    }
    return node.call(SCRIPTS / "pattern-chooser-answer.js", function, asked)


def test_the_script_answers_as_python_does_on_every_way():
    # Also without the first answers, as in the URL, and with an unknown answer.
    firsts = {question.answers[0].name for question in CHOOSER.questions}
    answer_sets = [*ANSWER_SETS, *(names - firsts for names in ANSWER_SETS), {"none-of-them"}]
    shorts = {option.name: option.short for option in OPTIONS}
    for names, answer in zip(
        answer_sets, in_node([sorted(names) for names in answer_sets]), strict=True
    ):
        wanted = recommend(names)
        assert answer["taken"] == wanted, names
        assert {*answer["given"]} == {*answer["again"]} == CHOOSER.complete(names)
        assert answer["line"] == chooser.sentence([shorts[name] for name in wanted])
        assert {*answer["hash"].removeprefix("#choose=").split(".")} - {""} == (
            CHOOSER.complete(names) - firsts
        )


def test_the_page_has_every_rule_and_its_links_lead_to_pages_anchors_and_downloads(built, pages):
    page = pages["/choose/"]
    sections = {each["data-option"]: each for each in page.select("pattern-chooser section")}
    assert [*sections] == [option.name for option in OPTIONS]
    for option in OPTIONS:
        section = sections[option.name]
        assert section["data-when"] == option.when
        rules = [each.get("data-when", "") for each in section.select("li")]
        assert rules == [reason.when for reason in option.reasons]
        proofs = [each["href"].partition("#")[2] for each in section.select("a.proof")]
        assert proofs == [name for reason in option.reasons for name in reason.claims]
        for link in nonempty(section.select("a")):
            url = urlsplit(urljoin(f"{ORIGIN}/choose/", link["href"]))
            if "download" in link.attrs:
                assert (built / url.path.lstrip("/")).is_file()
            else:
                assert not url.fragment or pages[url.path].find(id=url.fragment), link
        # The files of an option are in a download.
        assert bool(section.select("a[download]")) is bool(option.files)


def test_files_to_take_are_in_their_example():
    by_folder = {each.name: each for each in examples()}
    for option in OPTIONS:
        if option.files:
            files = {path.as_posix() for path in by_folder[option.example.partition("--")[0]].files}
            assert {*option.files} <= files


def test_the_scripts_are_small():
    assert sum(os.path.getsize(path) for path in SCRIPTS.glob("pattern-chooser*.js")) <= 7_000


# --- in the browser ---

READY = "pattern-chooser:defined"


def recommended(page):
    """Return the sentence with the recommendation, and the visible headings under it."""
    headings = page.locator("pattern-chooser section h2")
    shown = [each.inner_text() for each in headings.all() if each.is_visible()]
    return page.locator("pattern-chooser output").text_content(), shown


def test_it_is_answered_with_the_keyboard_and_the_address_keeps_the_answer(open_page):
    page = open_page("/choose/")
    page.wait_for_selector(READY)
    assert recommended(page) == ("Pattern A", ["Use Pattern A: single-stage Dockerfile"])
    page.get_by_role("radio", name="All are public").focus()
    page.keyboard.press("ArrowRight")
    assert page.url == f"{ORIGIN}/choose/#choose=git"
    assert recommended(page)[0] == "Pattern C"
    for _ in range(5):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.url == f"{ORIGIN}/choose/#choose=git.fresh"
    line, shown = recommended(page)
    assert line == "Pattern C with a registry cache"
    assert len(shown) == 2

    page.reload()
    page.wait_for_selector(READY)
    assert recommended(page) == (line, shown)
    assert page.get_by_role("radio", name="Private Git").is_checked()

    page.go_back()
    assert recommended(page)[0] == "Pattern C"
    page.go_back()
    assert recommended(page)[0] == "Pattern A"
    page.go_forward()
    assert recommended(page)[0] == "Pattern C"

    page.get_by_role("button", name="Copy link").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="Start over").click()
    assert page.url == f"{ORIGIN}/choose/"
    assert recommended(page)[0] == "Pattern A"
    assert page.errors == []


def test_only_the_dockerfile_to_copy_has_a_button(open_page):
    page = open_page("/choose/")
    page.wait_for_selector(READY)
    buttons = page.locator("pattern-chooser .options .md-button:visible")
    assert buttons.all_inner_texts() == ["Open the Dockerfile"]
    page.get_by_role("radio", name="Private index").click()
    assert buttons.all_inner_texts() == ["Open this Dockerfile"]
    buttons.click()
    page.wait_for_url("**/migrate-files/#with-uv")
    assert page.errors == []


def test_it_works_when_the_page_comes_by_instant_navigation(open_page):
    page = open_page("/")
    page.evaluate("window.stayed = true")
    page.locator(".file").get_by_role("link", name="Which Dockerfile do you need?").click()
    page.wait_for_selector(READY)
    page.get_by_role("radio", name="Private Git").click()
    assert recommended(page)[0] == "Pattern C"
    page.locator("pattern-chooser").get_by_role("link", name="Open the Dockerfile").last.click()
    page.wait_for_url("**/patterns/pattern-c/#the-files")
    page.go_back()
    page.wait_for_selector(READY)
    assert recommended(page)[0] == "Pattern C"
    assert page.evaluate("window.stayed") is True
    assert page.errors == []


def test_an_answer_given_before_the_script_is_there_counts(open_page):
    page = open_page("/choose/")
    page.wait_for_selector(READY)
    # A copy of the element, with an answer selected before it is added to the page.
    page.evaluate(
        """() => {
            const old = document.querySelector("pattern-chooser");
            const copy = old.cloneNode(true);
            copy.querySelector("[value=git]").checked = true;
            old.replaceWith(copy);
        }"""
    )
    assert recommended(page)[0] == "Pattern C"
    assert page.url.endswith("#choose=git")


def test_without_a_script_everything_is_there_to_read(open_page):
    page = open_page("/choose/", script=False)
    headings = page.locator("pattern-chooser section h2")
    assert all(each.is_visible() for each in nonempty(headings.all()))
    assert headings.count() == len(OPTIONS)
    assert page.get_by_text("How is your project laid out?").is_visible()
    assert all(each.is_visible() for each in nonempty(page.locator("pattern-chooser .when").all()))
    assert page.locator("pattern-chooser").get_by_role("radio").count() == 0
    assert page.locator("pattern-chooser button:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_answer_is_in_sight_and_everything_is_large_enough(open_page, scheme):
    page = open_page("/choose/#choose=git.native.pyproject.fresh", 360, scheme)
    page.wait_for_selector(READY)
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    box = page.locator("pattern-chooser .answer").bounding_box()
    assert box["y"] + box["height"] <= 900
    targets = page.locator("pattern-chooser :is(label, button):visible").all()
    assert all(each.bounding_box()["height"] >= 24 for each in targets)
    page.get_by_role("button", name="See why").click()
    heading = page.locator("pattern-chooser section:not([data-off]) h2").first
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert 48 <= heading.bounding_box()["y"] < 450


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_script_arrives(open_page, width):
    page = open_page("/", width)
    page.route("**/pattern-chooser.js", lambda route: route.abort())
    page.goto(f"{ORIGIN}/choose/", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    parts = page.locator("pattern-chooser :is(form, fieldset, .answer, section)")
    before = [each.bounding_box() for each in parts.all()]
    assert page.locator(READY).count() == 0
    page.evaluate("import('/assets/js/pattern-chooser.js?later')")
    page.wait_for_selector(READY)
    assert [each.bounding_box() for each in parts.all()] == before

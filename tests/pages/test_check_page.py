"""The page that checks a reader's Dockerfile works in a browser, and sends nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assertions import nonempty
from check_page import ADDRESS, BAD, FIELD, findings, opened, paste, status
from guide import ROOT
from guide.content import check_rules, claims
from guide.machine import node
from guide.pages import check
from served import ORIGIN

# --- what a reader sees ---


def test_typing_gives_findings_with_their_lines_and_fixes(checker):
    page = checker()
    page.locator(FIELD).focus()
    page.keyboard.type(BAD)
    expect(findings(page, "frozen-install").locator("p").first).to_be_hidden()
    finding = opened(page, "frozen-install")
    expect(finding.locator("summary").first).to_contain_text("Line 4")
    expect(finding.get_by_role("button", name="Line 4")).to_be_visible()
    expect(page.locator(".files :checked ~ small")).to_have_text("6 lines")
    assert finding.locator(".gd").inner_text() == "- RUN uv sync --frozen --no-dev"
    assert finding.locator(".gi").inner_text() == "+ RUN uv sync --locked --no-dev"
    order = page.locator(".answer.findings > h3[class]").evaluate_all(
        "each => each.map(heading => heading.className)"
    )
    assert order == sorted(order, key=[*check_rules.SEVERITIES].index)
    assert re.fullmatch(r"\d+ findings: .+", status(page).inner_text())
    assert page.errors == []


def test_a_finding_names_the_tested_statements_when_a_reader_asks(checker):
    page = checker()
    paste(page, BAD)
    details = opened(page, "frozen-install").locator("details")
    assert not details.locator("li").all()
    details.locator("summary").click()
    rule = next(rule for rule in check_rules.rules() if rule.name == "frozen-install")
    links = details.locator("li a")
    expect(links).to_have_count(len(rule.claims))
    address = f"/reference/tested-statements/#{rule.claims[0]}"
    expect(links.first).to_have_attribute("href", address)
    sentence = claims.claim(rule.claims[0]).sentence
    expect(links.first).to_have_text(sentence.replace("`", ""))


def test_a_finding_leads_to_its_lines_its_tests_and_its_rule(checker, pages):
    page = checker()
    paste(page, BAD)
    finding = opened(page, "frozen-install")
    finding.get_by_role("button", name="Line 4").click()
    selected = "each => each.value.slice(each.selectionStart, each.selectionEnd)"
    assert page.locator(FIELD).evaluate(selected) == "RUN uv sync --frozen --no-dev"
    links = page.locator(".answer a").evaluate_all("each => each.map(link => link.href)")
    for link in nonempty(links):
        path, _, anchor = link.removeprefix(ORIGIN).partition("#")
        assert not anchor or pages[path].find(id=anchor) or path == ADDRESS, link


def test_a_fix_removes_its_finding_and_can_be_undone(checker):
    page = checker()
    paste(page, BAD)
    apply = opened(page, "frozen-install").get_by_role("button", name="Apply this fix")
    apply.click()
    expect(page.locator(FIELD)).to_have_value(BAD.replace("--frozen", "--locked"))
    expect(findings(page, "frozen-install")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(FIELD)).to_have_value(BAD)
    expect(findings(page, "frozen-install")).to_have_count(1)
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()


def test_all_fixes_show_the_dockerfile_and_what_is_left(checker):
    page = checker()
    paste(page, BAD)
    code = opened(page, "code-before-install")
    expect(code).to_contain_text("To get a fix, add")
    code.get_by_role("button", name="pyproject.toml").click()
    paste(page, '[project]\nname = "shop"\nversion = "1"\ndependencies = ["django"]\n')
    expect(code.get_by_role("button", name="Apply this fix")).to_be_visible()
    page.get_by_role("button", name="Apply all fixes").click()
    expect(page.locator(".finding [data-apply]")).to_have_count(0)
    expect(page.locator(".files :checked")).to_have_value("Dockerfile")
    text = page.locator(FIELD).input_value()
    assert "ENV DATABASE_PATH=/data/db.sqlite3\nUSER 10001\n" in text
    lines = page.locator(".marks .changed").evaluate_all(
        "each => each.map(mark => Number(mark.style.getPropertyValue('--line')))"
    )
    kept = {number for number, line in enumerate(text.split("\n"), 1) if line in BAD.split("\n")}
    assert {*lines} == {*range(1, len(text.split("\n")) + 1)} - kept
    left = page.locator(".finding").count()
    expect(page.locator(".fixed")).to_contain_text(f"{left} left for you to decide")
    expect(page.locator(".fixed a")).to_have_count(left)
    expect(page.locator(".answer.findings li", has_text="DATABASE_PATH")).to_have_count(1)
    page.locator(".fixed").get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "Dockerfile"
    assert Path(download.value.path()).read_text() == text
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(FIELD)).to_have_value(BAD)
    expect(page.locator(".marks .changed")).to_have_count(0)
    expect(page.locator(".fixed [data-download]")).to_have_count(0)


def test_a_fix_names_what_a_reader_has_to_do(checker):
    page = checker()
    paste(page, BAD)
    root = opened(page, "runs-as-root")
    expect(root).to_contain_text("If you apply this fix: The server cannot write next to the code.")
    root.get_by_role("button", name="Apply this fix").click()
    expect(root).to_have_count(0)
    expect(page.locator(FIELD)).to_have_value(re.compile(r"USER 10001\nCMD"))
    todo = page.locator(".answer.findings > ul li", has_text="The server cannot write")
    expect(todo).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(todo).to_have_count(0)


def test_a_reader_without_a_dockerignore_starts_with_that_of_an_example(checker):
    page = checker()
    paste(page, BAD)
    page.get_by_role("button", name="Start with Pattern A's").click()
    expect(page.locator(".files :checked")).to_have_value(".dockerignore")
    own = (ROOT / "examples/pattern-a-single-stage/.dockerignore").read_text()
    expect(page.locator(FIELD)).to_have_value(own)
    changed = page.locator(".fixed li", has_text="Download")
    expect(changed).to_contain_text("Some browsers save it without the dot")
    with page.expect_download() as download:
        changed.get_by_role("button", name="Download").click()
    # The reason for the sentence.
    assert download.value.suggested_filename != ".dockerignore"
    expect(page.get_by_role("button", name="Start with Pattern A's")).to_have_count(0)
    assert page.errors == []


def test_the_new_lines_of_a_fix_are_copied(checker):
    page = checker()
    paste(page, BAD)
    opened(page, "frozen-install").get_by_role("button", name="Copy the new lines").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "RUN uv sync --locked --no-dev\n"


def test_each_edit_shows_the_steps_that_run_again(checker):
    page = checker()
    page.get_by_role("button", name="Try it with an example").click()
    install = page.locator(".panels li li", has_text="uv sync --frozen")
    expect(install.locator("b")).to_have_text("slow")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator(".panels a").click()
    assert "#finding-code-before-install-" in page.url
    # Loading the page again would empty the field.
    expect(page.locator("[id^=finding-code-before-install-]")).to_be_in_viewport()
    assert requests == []
    page.get_by_role("button", name="Try it with Pattern A").click()
    install = page.locator(".panels li li", has_text="uv sync --locked")
    expect(install.locator("b")).to_have_text("cached")
    page.locator(".rebuilds label", has_text="Add a dependency").click()
    expect(install.locator("b")).to_have_text("slow")


def test_the_packages_of_the_image_are_listed(checker):
    page = checker()
    page.get_by_role("button", name="Try it with an example").click()
    packages = page.locator(".answer.packages")
    expect(packages.locator(".missing")).to_have_text("gunicorn group prod")
    expect(packages.locator(".extra", has_text="pytest-django")).to_contain_text("group dev")
    page.get_by_role("button", name="Try it with Pattern A").click()
    expect(packages).not_to_contain_text("Should not be in the image")
    expect(packages.locator(".uv-lines li")).to_have_count(1)
    expect(status(page)).to_have_text("No findings.")


def test_poetry_gets_what_it_installs_and_the_way_to_uv(checker):
    page = checker()
    paste(page, "FROM python:3.14-slim\nCOPY . .\nRUN poetry install --only main\n")
    packages = page.locator(".answer.packages")
    expect(packages).to_contain_text("Poetry installs the group main of poetry.lock alone.")
    packages.get_by_role("link", name="Migrate from Poetry").click()
    page.wait_for_url("**/migrate/")


def test_compose_and_pyproject_make_the_answers_better(checker):
    page = checker()
    paste(page, "FROM python:3.14-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --locked\nUSER 1000\n")
    expect(findings(page, "compose-user-root")).to_have_count(0)
    page.locator(".files label", has_text="compose.yaml").click()
    paste(page, "services:\n  web:\n    build: .\n    user: root\n")
    finding = opened(page, "compose-user-root")
    expect(finding.get_by_role("button", name="compose.yaml, line 4")).to_be_visible()
    page.locator(".files label", has_text="Dockerfile").first.click()
    finding.get_by_role("button", name="compose.yaml, line 4").click()
    expect(page.locator(".files :checked")).to_have_value("compose.yaml")
    assert page.errors == []


def test_a_chosen_folder_is_read(checker, tmp_path):
    folder = tmp_path / "shop"
    (folder / "shop").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name, text in {
        "Dockerfile": BAD,
        "dev.Dockerfile": "FROM python:3.14-slim AS dev\nRUN uv sync\n",
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
        "shop/views.py": "secret",
        ".git/config": "secret",
    }.items():
        (folder / name).write_text(text)
    page = checker()
    page.locator("[name=folder]").set_input_files(folder)
    expect(page.locator(FIELD)).to_have_value(BAD)
    names = page.locator(".files label span").all_inner_texts()
    assert sorted(names) == ["Dockerfile", "dev.Dockerfile", "pyproject.toml"]
    expect(page.locator(".panels")).to_contain_text("shop/views.py")
    page.locator(".files label", has_text="dev.Dockerfile").click()
    expect(page.locator(".gaps")).to_contain_text("This image is for development")
    assert page.errors == []


def test_dropped_files_are_read(checker):
    page = checker()
    page.locator("check-dockerfile").evaluate(
        """(element, text) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], "web.Dockerfile"));
            dataTransfer.items.add(new File(["[project]"], "pyproject.toml"));
            element.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""",
        BAD,
    )
    expect(page.locator(FIELD)).to_have_value(BAD)
    expect(page.locator(".files label", has_text="pyproject.toml")).to_contain_text("1 line")
    assert page.errors == []


# --- nothing is sent ---


def test_nothing_is_requested_while_a_reader_pastes(checker):
    page = checker()
    page.locator(FIELD).focus()
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    paste(page, f"{BAD}USER 1000\n")
    findings(page, "frozen-install").wait_for()
    page.get_by_role("button", name="Apply all fixes").click()
    expect(page.locator(".finding [data-apply]")).to_have_count(0)
    assert [url for url in requests if not url.startswith("blob:")] == []
    # The reader for YAML is the only file that comes later, from the same site.
    page.locator(".files label", has_text="compose.yaml").click()
    paste(page, "services:\n  web:\n    build: .\n    user: root\n")
    findings(page, "compose-user-root").wait_for()
    assert {url.removeprefix(f"{ORIGIN}/assets/js/") for url in requests} == {
        "check/yaml-support.js",
        "vendor/yaml.js",
    }
    assert page.foreign == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_home_page_hands_the_text_over_without_sending_it(open_page, width):
    page = open_page("/", width)
    page.wait_for_selector("paste-text:defined")
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.get_by_label("Your Dockerfile").fill(BAD)
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url(f"{ORIGIN}{ADDRESS}")
    findings(page, "frozen-install").wait_for()
    expect(page.locator(FIELD)).to_have_value(BAD)
    # The answers are in view, with the button, what it leaves to the reader, and the first finding.
    expect(status(page)).to_be_focused()
    expect(page.get_by_role("button", name="Apply all fixes")).to_be_in_viewport(ratio=1)
    expect(page.locator(".fixed")).to_be_in_viewport(ratio=1)
    expect(page.locator(".finding h4").first).to_be_in_viewport()
    assert all(each.method == "GET" and "?" not in each.url for each in nonempty(requests))
    # The text is taken over once.
    assert page.evaluate("sessionStorage.getItem('check-dockerfile')") is None


# --- for everyone ---


def test_it_works_with_the_keyboard_alone(checker):
    page = checker()
    page.locator(".files input").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.insert_text(BAD)
    findings(page, "frozen-install").wait_for()

    def tab_to(selector):
        for _ in range(200):
            if page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab does not reach {selector}")

    tab_to("[id^=finding-frozen-install] > summary")
    page.keyboard.press("Enter")
    tab_to("[data-rule=frozen-install][data-apply]")
    page.keyboard.press("Enter")
    expect(findings(page, "frozen-install")).to_have_count(0)
    # The button is gone, so the focus is on the summary, from where the findings follow.
    assert (
        page.evaluate("document.activeElement.role ?? document.activeElement.getAttribute('role')")
        == "status"
    )
    tab_to("[name=edit]")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panels h3")).to_contain_text("Edit a template")
    assert page.evaluate("document.activeElement.name") == "edit"


@pytest.mark.parametrize("width", [1440, 390, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answers_fit_the_screen(checker, width, scheme):
    page = checker(width=width, scheme=scheme)
    page.get_by_role("button", name="Try it with an example").click()
    findings(page, "frozen-install").wait_for()
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    buttons = page.locator("check-dockerfile button:visible").all()
    assert all(each.bounding_box()["height"] >= 24 for each in nonempty(buttons))


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_script_arrives(open_page, width):
    page = open_page("/", width)
    page.route("**/check-dockerfile.js", lambda route: route.abort())
    page.goto(ORIGIN + ADDRESS, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    parts = page.locator(":is(check-dockerfile, check-dockerfile *, article h2):visible")
    before = [each.bounding_box() for each in nonempty(parts.all())]
    page.evaluate("import('/assets/js/check-dockerfile.js?later')")
    page.wait_for_selector("check-dockerfile.ready")
    assert [each.bounding_box() for each in parts.all()] == before


def test_the_files_to_paste_are_those_of_the_script():
    module = ROOT / "docs/assets/js/check-page/given.js"
    assert node.call(module, "() => module.SLOTS", None) == [*check.SLOTS]


def test_without_a_script_the_rules_are_listed_and_explained(open_page):
    page = open_page(ADDRESS, script=False)
    assert not page.locator("check-dockerfile").is_visible()
    for rule in check_rules.rules():
        link = page.locator(f'article a[href$="check-rules/#{rule.name}"]')
        assert link.first.is_visible(), rule.name
    page.locator('article a[href$="check-rules/#frozen-install"]').first.click()
    assert page.locator("#frozen-install").is_visible()

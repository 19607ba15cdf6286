"""The page that makes a kit works in a browser, and sends nothing."""

import io
import tomllib
import zipfile

import pytest
from playwright.sync_api import expect

from assertions import nonempty
from guide import ROOT
from guide.content.examples import example as find_example
from guide.content.kit_sources import kit_sources
from guide.content.release import guide_version
from guide.machine import node
from guide.pages import chooser
from served import ORIGIN

ADDRESS = "/kit/"
PYPROJECT = """\
# Our shop.
[project]
name = "shop"
version = "1"
requires-python = ">=3.12"
dependencies = [
    "django>=6",  # the framework
    "psycopg[binary]"
]

[dependency-groups]
dev = ["pytest"]

[[tool.uv.index]]
name = "acme"
url = "https://packages.acme.example/simple/"
"""
MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")\n'


@pytest.fixture
def kit(open_page):
    """A function that opens the page and waits for its script. Takes the options of `open_page`."""

    def open_kit(address=ADDRESS, **options):
        page = open_page(address, **options)
        page.wait_for_selector("make-kit.ready")
        return page

    return open_kit


@pytest.fixture
def project(tmp_path):
    """A folder with a project."""
    files = {
        "pyproject.toml": PYPROJECT,
        "manage.py": MANAGE,
        "web/__init__.py": "",
        "web/settings.py": "import os\n\nDEBUG = True\n",
        "orders/__init__.py": "",
        "orders/models.py": "",
        "Dockerfile": "FROM python:3.14-slim\nRUN uv sync --frozen\nEXPOSE 9000\n",
        ".env": "SECRET=1",
    }
    for name, text in files.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "shop"


def answer(page, question, value):
    # The option fills its label, over which it is transparent.
    page.check(f"make-kit [name={question}][value='{value}']")


def status(page):
    return page.locator("make-kit [role=status]")


def open_file(page, path):
    page.check(f"make-kit [name=file][value='{path}']", force=True)
    expect(page.locator(".text h3")).to_have_text(path)


def paste(page, text):
    page.locator("make-kit textarea").fill(text)
    page.wait_for_selector("make-kit .reading:not([hidden])")


def copied_file(page):
    page.get_by_role("button", name="Copy the file").click()
    page.get_by_role("button", name="Copied").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


# --- what a reader sees ---


def test_a_changed_answer_lights_the_lines_that_it_changed(kit):
    page = kit()
    expect(page.locator(".text h3")).to_have_text("Dockerfile")
    expect(page.locator(".text .lit")).to_have_count(0)
    answer(page, "python", "3.13")
    assert page.locator(".text .lit").all_inner_texts() == ["FROM python:3.13-slim-trixie"]
    expect(page.locator(".tree label:has(i)").first).to_be_visible()
    assert "Changed: " in status(page).inner_text()
    assert page.url == f"{ORIGIN}{ADDRESS}#kit={guide_version()}&python=3.13"
    answer(page, "ci", "gitlab")
    expect(page.locator(".tree label", has_text=".gitlab-ci.yml")).to_contain_text("new")
    assert page.errors == []


def test_a_name_appears_in_the_files_while_it_is_typed(kit):
    page = kit()
    page.get_by_label("Package with settings.py").fill("web")
    expect(page.locator(".text pre code")).to_contain_text('CMD ["gunicorn", "web.wsgi"]')
    page.get_by_label("Apps", exact=True).fill("orders, billing")
    expect(page.locator(".text pre code")).to_contain_text("compileall -q billing orders web")
    page.get_by_label("Port").fill("80")
    assert status(page).inner_text() == "Correct the marked names to see the files."
    expect(page.get_by_label("Port")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("make-kit .made")).to_be_hidden()
    page.get_by_label("Port").fill("8080")
    expect(page.locator(".text pre code")).to_contain_text("EXPOSE 8080")


def test_answers_without_a_kit_say_why_and_offer_others(kit, pages):
    page = kit()
    answer(page, "system", "compiler")
    refusal = page.locator(".refusals section")
    expect(refusal).to_contain_text("These answers do not work together.")
    path, _, anchor = refusal.get_by_role("link").get_attribute("href").partition("#")
    assert pages[path.removeprefix(ORIGIN)].find(id=anchor)
    expect(page.get_by_role("button", name="Download all files")).to_be_hidden()
    refusal.get_by_role("button", name="3.12").click()
    expect(refusal).to_have_count(0)
    expect(page.locator(".pattern")).to_have_text("Pattern B: multi-stage on Ubuntu")
    assert page.evaluate("document.activeElement.value") == "3.12"


def test_a_pasted_pyproject_fills_in_the_form_and_shows_its_changes(kit):
    page = kit()
    paste(page, PYPROJECT)
    expect(page.get_by_label("Project", exact=True)).to_have_value("shop")
    index = page.locator("[data-field=private]")
    expect(index.get_by_role("radio", name="Private index")).to_be_checked()
    assert index.locator(".from").inner_text() == "from pyproject.toml, tool.uv.index"
    expect(page.locator(".reading")).to_contain_text("needs no password")
    # What a reader changes no longer comes from the file.
    answer(page, "private", "none")
    expect(index.locator(".from")).to_be_empty()
    open_file(page, "pyproject.toml")
    assert page.locator(".text .gd").all_inner_texts() == ['-     "psycopg[binary]"']
    added = page.locator(".text .gi").all_inner_texts()
    assert added[0] == '+     "psycopg[binary]",'
    assert any("whitenoise" in line for line in added)
    merged = copied_file(page)
    assert merged.startswith("# Our shop.\n")
    document = tomllib.loads(merged)
    assert [each.partition(">")[0] for each in document["dependency-groups"]["prod"]] == [
        "gunicorn"
    ]
    assert page.errors == []


def test_a_folder_is_read_and_its_settings_are_merged(kit, project):
    page = kit()
    page.locator("[name=folder]").set_input_files(project)
    expect(page.get_by_label("Apps", exact=True)).to_have_value("orders")
    expect(page.get_by_label("Port")).to_have_value("9000")
    open_file(page, "web/settings.py")
    expect(page.locator(".text .gi").first).to_be_visible()
    merged = copied_file(page)
    assert "DEBUG = True" in merged
    compile(merged, "settings.py", "exec")
    # A secret of the project is not read.
    assert "SECRET=1" not in page.evaluate(
        "JSON.stringify(document.querySelector('make-kit').given)"
    )


def test_typing_changes_the_pyproject_of_a_project_in_a_subfolder(kit, project):
    """What is typed while a script loads stays."""
    repository = project.parent / "repository"
    repository.mkdir()
    project.rename(repository / "backend")
    page = kit()
    page.locator("[name=folder]").set_input_files(repository)
    name = page.get_by_label("Project", exact=True)
    expect(name).to_have_value("shop")
    pasted = page.locator("make-kit textarea")
    pasted.fill(PYPROJECT.replace('"shop"', '"store"'))
    expect(name).to_have_value("store")
    assert '"store"' in pasted.input_value()
    # The script is loaded once. A new page asks for it after the first paste.
    page = kit()
    waiting = []
    page.route("**/own-project*.js", lambda route: waiting.append(route))
    pasted = page.locator("make-kit textarea")
    with page.expect_request("**/own-project*.js"):
        pasted.fill(PYPROJECT)
    changed = PYPROJECT.replace("6", "7")
    pasted.fill(changed)
    page.wait_for_timeout(0)
    waiting[0].fallback()
    page.wait_for_selector("make-kit .reading:not([hidden])")
    assert pasted.input_value() == changed


def test_dropped_files_are_read(kit):
    page = kit()
    page.locator("make-kit").evaluate(
        """(element, [pyproject, manage]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([pyproject], "pyproject.toml"));
            dataTransfer.items.add(new File([manage], "manage.py"));
            element.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""",
        [PYPROJECT, MANAGE],
    )
    expect(page.get_by_label("Package with settings.py")).to_have_value("web")
    assert page.errors == []


def test_the_zip_has_the_files_of_the_command_line(kit):
    page = kit("/kit/#kit=1&project=shop&settings=web&ci=github")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all files").click()
    assert download.value.suggested_filename == "shop.zip"
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    choice = {"answers": {"ci": "github"}, "names": {"project": "shop", "settings": "web"}}
    made = node.call(
        ROOT / "docs/assets/js/kit/kit.js",
        "({ choice, sources }) => module.makeKit(choice, sources)",
        {"choice": choice, "sources": kit_sources()},
    )
    assert files == {f"shop/{file['target']}": file["text"] for file in nonempty(made["files"])}
    # The reader's own files with the lines in them come on top.
    paste(page, PYPROJECT)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all files").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        merged = archive.read("shop/merged/pyproject.toml").decode()
        assert "The folder `merged`" in archive.read("shop/KIT-README.md").decode()
    assert merged.startswith("# Our shop.\n")


# --- addresses ---


def test_the_address_keeps_the_answers_and_says_what_has_changed(kit):
    page = kit("/kit/#kit=1&database=postgresql&settings=web")
    expect(page.get_by_label("Package with settings.py")).to_have_value("web")
    answer(page, "server", "uvicorn")
    page.go_back()
    expect(page.get_by_role("radio", name="gunicorn (WSGI)")).to_be_checked()
    expect(page.locator("make-kit .notice")).to_be_hidden()
    page.evaluate("location.hash = 'kit=1&database=oracle'")
    expect(page.locator("make-kit .notice")).to_contain_text("“oracle”")
    page.get_by_role("button", name="Start over").click()
    assert page.url == f"{ORIGIN}{ADDRESS}"
    assert page.errors == []


def test_answers_are_taken_from_the_chooser_and_back_to_it(open_page):
    page = open_page("/choose/")
    page.wait_for_selector("pattern-chooser:defined")
    page.get_by_role("radio", name="Private Git").check()
    page.get_by_role("link", name="Get these files with your names").click()
    page.wait_for_selector("make-kit.ready")
    expect(page.get_by_role("radio", name="Private Git")).to_be_checked()
    expect(page.locator(".pattern")).to_have_text("Pattern C: cache mounts")
    page.get_by_role("link", name="Why this Dockerfile?").click()
    page.wait_for_selector("pattern-chooser:defined")
    expect(page.locator("pattern-chooser output")).to_have_text("Pattern C")
    assert page.errors == []


def test_the_answers_of_the_chooser_exist_in_both_forms():
    """Each name in its addresses belongs to an answer, and each answer to a question of kits."""
    module = ROOT / "docs/assets/js/kit-page/chooser-answers.js"
    names = {answer.name for each in chooser.read_chooser().questions for answer in each.answers}
    questions = node.call(ROOT / "docs/assets/js/kit/answers.js", "() => module.QUESTIONS", None)
    options = {each["id"]: {option["id"] for option in each["options"]} for each in questions}
    call = "(names) => names.map((name) => module.fromChooser(`#choose=${name}`))"
    taken = [each for each in node.call(module, call, sorted(names)) if each]
    assert len(taken) == 6
    for question, value in (item for each in taken for item in each.items()):
        assert value in options[question]


def test_check_hands_the_project_over_without_sending_it(open_page, project):
    page = open_page("/check/")
    page.wait_for_selector("check-dockerfile.ready")
    # A reader can be faster than the script that checks.
    waiting = []
    page.route("**/checker*.js", lambda route: waiting.append(route))
    with page.expect_request("**/checker*.js"):
        page.locator("[name=folder]").set_input_files(project)
    expect(page.locator("check-dockerfile textarea")).to_have_value(
        (project / "Dockerfile").read_text()
    )
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.get_by_role("button", name="Get new files").click()
    waiting[0].fallback()
    page.wait_for_selector("make-kit.ready")
    settings = page.get_by_label("Package with settings.py")
    expect(settings).to_have_value("web")
    expect(page.get_by_label("Apps", exact=True)).to_have_value("orders")
    assert all(each.method == "GET" and "?" not in each.url for each in nonempty(requests))
    # The project is taken over once.
    page.reload()
    page.wait_for_selector("make-kit.ready")
    assert page.evaluate("sessionStorage.getItem('kit-project')") is None
    assert page.errors == []


def test_nothing_is_sent_while_a_reader_uses_the_page(kit):
    page = kit()
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    answer(page, "database", "postgresql")
    paste(page, PYPROJECT)
    with page.expect_download():
        page.get_by_role("button", name="Download all files").click()
    loaded = {url for url in requests if not url.startswith("blob:")}
    assert {url.removeprefix(f"{ORIGIN}/assets/js/") for url in loaded} == {
        "kit/own-project.js",
        *(f"vendor/{name}.js" for name in ("fflate", "pep440", "smol-toml")),
    }
    assert page.foreign == []


# --- for everyone ---


def test_it_works_with_the_keyboard_alone(kit):
    page = kit()
    page.locator("make-kit [name=python]:checked").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".text .lit").all_inner_texts() == ["FROM python:3.13-slim-trixie"]

    def tab_to(selector):
        for _ in range(60):
            if page.evaluate(f"document.activeElement.matches({selector!r})"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab does not reach {selector}")

    tab_to("make-kit [name=file]")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".text h3")).not_to_have_text("Dockerfile")
    assert page.evaluate("document.activeElement.name") == "file"
    tab_to("make-kit .text pre")
    tab_to("make-kit .text pre, article a")


@pytest.mark.parametrize("width", [1440, 390, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_files_fit_the_screen(kit, width, scheme):
    page = kit(width=width, scheme=scheme)
    paste(page, PYPROJECT)
    page.get_by_role("button", name="What to do next").click()
    expect(page.locator(".text h3")).to_have_text("KIT-README.md")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    buttons = page.locator("make-kit :is(button, .tree label):visible").all()
    assert all(each.bounding_box()["height"] >= 24 for each in nonempty(buttons))


def test_on_a_phone_the_answer_stays_in_sight_and_leads_to_the_files(kit):
    page = kit(width=390)
    see = page.get_by_role("button", name="See the files")
    box = see.bounding_box()
    assert 0 < box["y"] < 900 - box["height"]
    see.click()
    expect(see).to_be_hidden()
    expect(page.locator(".text h3")).to_be_in_viewport()


def test_without_a_script_each_pattern_has_its_own_files(open_page):
    page = open_page(ADDRESS, script=False)
    assert not page.locator("make-kit").is_visible()
    for option in (each for each in chooser.read_chooser().options if each.is_pattern):
        section = page.locator(".kit-patterns section", has_text=option.title)
        names = section.locator(".files code").all_inner_texts()
        assert names == [*option.files]
        assert {*names} <= {each.as_posix() for each in find_example(option.example).files}
        assert section.get_by_role("link", name="Download the example").is_visible()

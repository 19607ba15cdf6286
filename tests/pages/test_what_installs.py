"""The command form shows the recorded packages for every spelling of a command."""

import pytest

from guide import ROOT, Problem
from guide.content import recordings, uv_options
from guide.content.examples import example
from guide.machine import node
from guide.pages import numbers, what_installs
from guide.record import installed_sets
from served import ORIGIN

MODULE = ROOT / "docs/assets/js/what-installs-sets.js"
RECORDED = recordings.sets(uv_options.EXAMPLE)
JOBS = what_installs.job_commands(uv_options.EXAMPLE)


def answers(name, *calls):
    """Return the results of a function of the script, one for each call."""
    function = (
        "({ calls, data }) => "
        f"calls.map(([first, ...others]) => module.{name}(first, data, ...others))"
    )
    return node.call(MODULE, function, {"calls": calls, "data": RECORDED})


def look_up(*texts):
    return answers("lookUp", *([text] for text in texts))


def spellings(command, lock, line):
    """Yield the spellings of a command that people may type."""
    options = uv_options.options(line)
    yield uv_options.command_line(command, lock, line)
    yield f"$ {command}  {' '.join([*options, lock])}"
    if not {"--dev", "--no-dev"} <= set(options):
        turned = [lock, *(option.replace(" ", "=") for option in reversed(options))]
        yield " ".join((command, *turned, "-- pytest --group=x" if command == "uv run" else ""))


def test_every_recorded_command_gives_its_recorded_set():
    wanted = {
        text: uv_options.outcome(RECORDED, command, line)
        for line in uv_options.option_strings(RECORDED["groups"])
        for command, lock in uv_options.command_variants(line)
        for text in spellings(command, lock, line)
    }
    assert len(wanted) > 10_000
    assert dict(zip(wanted, look_up(*wanted), strict=True)) == wanted


def test_the_recording_has_every_line_and_no_other():
    lines = uv_options.option_strings(uv_options.groups(example(uv_options.EXAMPLE)))
    recorded = [*RECORDED["lines"], *RECORDED["uv sync"]]
    assert sorted(recorded) == sorted(lines)
    assert RECORDED["uv sync"].keys() == RECORDED["uv run"].keys()


def test_sequences_are_found_whatever_uv_run_runs():
    wanted = {
        uv_options.sequence_line(line, lock, tail): RECORDED["outcomes"][each["outcome"]]
        for line, each in RECORDED["sequences"].items()
        for tail in ("", each["runs"])
        for lock in uv_options.LOCKS
    }
    assert dict(zip(wanted, look_up(*wanted), strict=True)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "uv sync --group test --group test",
        "uv sync --locked --frozen --no-dev",
        "uv sync --no-dev --no-dev",
        "uv sync --no-dev --no-default-groups --group prod --group test",
        "uv sync --locked && uv sync --no-dev",
        "uv sync && uv sync",
    ],
)
def test_what_was_not_run_is_unknown(text):
    assert look_up(text) == [{}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Begin with uv sync or uv run."),
        ("uv", "Begin with"),
        ("pip install", "Begin with"),
        ("UV_NO_DEV=1 uv sync", "Begin with"),
        ("uv sync ruff", "“ruff” is not understood"),
        ("uv sync -x", "“-x” is not among"),
        ("uv sync --no-devs", "“--no-devs” is not among"),
        ("uv sync --no-dev=1", "“--no-dev 1” is not among"),
        ("uv sync --group", "“--group” is not among"),
        ("uv sync --group tests", "“--group tests” is not among"),
        ("uv sync --group tests", "The groups are prod, test, types, lint, dev."),
        ("uv sync --extra test", "“--extra test” is not among"),
        ("uv sync && uv", "Begin with"),
    ],
)
def test_nonsense_is_named(text, message):
    [answer] = look_up(text)
    assert message in answer["problem"]


def packages(line):
    return uv_options.outcome(RECORDED, "uv sync", line)["packages"]


PRODUCTION = packages("--no-default-groups --group prod")


def surplus(line):
    """Return the part of a verdict that counts the packages that production does not need."""
    return f"{len({*packages(line)} - {*PRODUCTION})} too many."


@pytest.mark.parametrize(
    ("line", "verdict", "missing"),
    [
        ("--no-default-groups --group prod", "Right for production.", []),
        ("--no-dev", "Not for production: gunicorn missing.", ["gunicorn"]),
        (
            "--only-group lint",
            f"Right for the lint job. Not for production: {len(PRODUCTION)} missing, "
            + surplus("--only-group lint"),
            PRODUCTION,
        ),
        ("--all-groups", f"Not for production: {surplus('--all-groups')}", []),
        (
            "",
            f"Right for a laptop. Not for production: gunicorn missing, {surplus('')}",
            ["gunicorn"],
        ),
    ],
)
def test_the_verdict_follows_from_the_dockerfile_and_the_pipelines(line, verdict, missing):
    [judged] = answers("judge", [packages(line), JOBS])
    assert (judged["verdict"], judged["missing"]) == (verdict, missing)


def test_production_is_what_the_dockerfile_installs():
    assert JOBS[0] == ("production", "uv sync --locked --no-default-groups --group prod")
    run = recordings.run(uv_options.EXAMPLE)
    assert look_up(JOBS[0][1])[0]["packages"] == run["packages"]


def test_each_package_has_a_reason_that_was_recorded():
    sets = [each["packages"] for each in RECORDED["outcomes"] if "packages" in each]
    own = {"": packages("--no-default-groups")}
    own |= {name: packages(f"--only-group {name}") for name in RECORDED["groups"]}
    for wanted, reasons in zip(sets, answers("reasons", *([each] for each in sets)), strict=True):
        assert sorted(name for each in reasons for name in each["names"]) == wanted
        for each in reasons:
            assert set(each["names"]) <= set(own[each["source"]]) <= set(wanted)


def test_a_difference_between_the_flags_for_the_lockfile_is_a_problem():
    names = ["a"]
    seen = {
        uv_options.command_line(*way, line): {"packages": []}
        for line in uv_options.option_strings(names)
        for way in uv_options.command_variants(line)
    }
    for line, tail in uv_options.SEQUENCES:
        for lock in uv_options.LOCKS:
            seen[uv_options.sequence_line(line, lock, tail)] = {"packages": []}
    assert installed_sets.sets_content(names, {}, seen)["outcomes"] == [{"packages": []}]
    broken = seen | {"uv run --frozen --no-dev true": {"packages": ["x"]}}
    with pytest.raises(Problem, match="install different packages"):
        installed_sets.sets_content(names, {}, broken)
    broken = {text: {"refused": "no network"} for text in seen}
    with pytest.raises(Problem, match="no network"):
        installed_sets.sets_content(names, {}, broken)


# --- in a browser ---


PAGE = "/dependency-groups/"
STATUS = "what-installs [role=status]"


def says(page, text):
    """Wait until the verdict contains a text, because the form updates with a delay."""
    page.locator(STATUS).filter(has_text=text).wait_for()


def chips(page, kind=""):
    return page.locator(f"what-installs dl li{kind}").all_inner_texts()


def linked(text):
    return f"{PAGE}#installs={text.replace(' ', '+')}"


def test_typing_answers_ticks_and_links(open_page):
    page = open_page(PAGE)
    says(page, "Not for production: gunicorn missing.")
    field = page.get_by_label("Type a command")
    field.fill("uv run --only-group=lint ruff check")
    says(page, "Right for the lint job.")
    assert chips(page, ".extra") == ["ruff"]
    for name in ("uv run", "neither", "as they are", "--only-group", "lint"):
        assert page.get_by_label(name, exact=True).is_checked(), name
    assert page.url.endswith("#installs=uv+run+--only-group%3Dlint+ruff+check")
    field.fill("uv sync --no-devs")
    says(page, "“--no-devs” is not among")
    assert chips(page) == []
    field.fill("uv sync --group test --group test")
    says(page, "Unknown: this combination was not run.")
    field.fill("uv sync --only-group lint && uv run pytest")
    says(page, "Right for a laptop.")
    assert page.errors == []


def test_putting_together_types_and_one_can_go_back(open_page):
    page = open_page(PAGE)
    says(page, "gunicorn missing")
    field = page.get_by_label("Type a command")
    page.get_by_label("--no-default-groups", exact=True).check()
    page.get_by_label("prod", exact=True).check()
    says(page, "Right for production.")
    assert field.input_value() == "uv sync --locked --no-default-groups --group prod"
    page.get_by_label("--only-dev", exact=True).check()
    says(page, "uv refuses: the argument '--only-dev' cannot be used with")
    page.get_by_role("button", name="test job").click()
    says(page, "Right for the test job.")
    for text in ("uv refuses", "Right for production.", "gunicorn missing"):
        page.go_back()
        says(page, text)
    page.go_forward()
    says(page, "Right for production.")
    assert page.get_by_label("prod", exact=True).is_checked()
    assert page.errors == []


def test_a_choice_keeps_what_else_was_typed(open_page):
    page = open_page(linked("uv run --all-extras pytest -x"))
    page.get_by_label("--no-dev", exact=True).check()
    typed = page.get_by_label("Type a command").input_value()
    assert typed == "uv run --no-dev --all-extras pytest -x"


def test_the_packages_are_counted_and_their_size_is_printed_as_on_other_pages(open_page):
    names = packages("--no-default-groups")
    page = open_page(linked("uv sync --no-default-groups"))
    says(page, "gunicorn missing")
    size = numbers.size(1000 * sum(RECORDED["sizes"][name] for name in names))
    shown = page.locator("what-installs dl dd").first.text_content()
    assert shown == f"{len(names)}, together {size}"


def test_a_link_shows_its_command_and_reloading_keeps_it(open_page):
    page = open_page(linked("uv sync --all-groups"))
    for _ in range(2):
        says(page, f"Not for production: {surplus('--all-groups')}")
        assert (
            page.locator("what-installs").evaluate("each => each.getBoundingClientRect().y") < 300
        )
        page.reload()


def test_the_keyboard_is_enough(open_page):
    page = open_page(PAGE)
    says(page, "gunicorn missing")
    page.get_by_label("Type a command").focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("uv run --no-default-groups --group test")
    says(page, "Right for the test job.")
    focused = "document.activeElement.value"
    reached = []
    for _ in range(9):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
    # Each set of radio buttons is one tab stop, and so is each group.
    wanted = ["uv run", "", "--no-default-groups", "--group", *RECORDED["groups"]]
    assert reached == wanted
    for _ in range(4):
        page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == "prod"
    page.keyboard.press("Space")
    says(page, f"Not for production: {surplus('--no-default-groups --group prod --group test')}")
    assert page.evaluate(focused) == "prod"


def test_it_arrives_by_instant_navigation(open_page):
    page = open_page("/")
    page.evaluate("window.same = true")
    page.locator(".doors").get_by_role("link", name="Dependency groups", exact=True).click()
    says(page, "gunicorn missing")
    page.get_by_label("--all-groups", exact=True).check()
    says(page, surplus("--all-groups"))
    page.go_back()
    says(page, "gunicorn missing")
    page.go_back()
    page.wait_for_url(f"{ORIGIN}/")
    page.go_forward()
    says(page, "gunicorn missing")
    assert page.evaluate("window.same") is True
    assert page.errors == []


def test_without_javascript_there_is_the_table(open_page):
    page = open_page(PAGE, script=False)
    assert page.locator("what-installs tbody tr").count() == len(what_installs.ROWS)
    assert page.locator("what-installs table").is_visible()
    assert page.locator("what-installs form").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_screen_and_its_targets_a_finger(open_page, scheme):
    page = open_page(linked("uv sync"), width=360, scheme=scheme)
    says(page, "Right for a laptop.")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    sizes = page.locator("what-installs :is(label, button, summary)").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24


def test_nothing_moves_when_it_is_there(open_page):
    page = open_page(PAGE)
    says(page, "gunicorn missing")
    shift = page.evaluate("""() => new Promise((done) => {
        let sum = 0;
        const add = (list) => list.forEach((each) => (sum += each.value));
        const watch = new PerformanceObserver((list) => add(list.getEntries()));
        watch.observe({ type: "layout-shift", buffered: true });
        setTimeout(() => { add(watch.takeRecords()); done(sum); }, 100);
    })""")
    assert shift < 0.01


def test_the_two_scripts_stay_small(built):
    scripts = (built / "assets/js").glob("what-installs*.js")
    assert sum(path.stat().st_size for path in scripts) <= 8192

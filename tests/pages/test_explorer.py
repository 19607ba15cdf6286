"""The layer-cache explorer shows the recording of every example and every edit."""

import json

import pytest
from bs4 import BeautifulSoup

from guide import ROOT
from guide.content import recordings
from guide.content.dockerfile import Instruction
from guide.machine import node
from guide.pages.explorer import layer_explorer
from guide.pages.steps import step_labels

PICTURE = ROOT / "docs/assets/js/layer-explorer-picture.js"


def recorded_builds() -> dict[str, dict]:
    """Return the recorded builds that the explorer shows, keyed by example and edit."""
    builds = {}
    for name in recordings.names("layers"):
        for each in recordings.layers(name)["builds"]:
            builds[f"{name} {each['name']}"] = each
    for row in recordings.bench("bench-steps")["builds"]:
        for edit, each in row["runs"].items():
            builds[f"shop {row['name']} {edit}"] = each
    return builds


BUILDS = recorded_builds()


def in_node(function: str, argument: object) -> object:
    return node.call(PICTURE, function, argument)


@pytest.fixture(scope="module")
def pictures() -> dict[str, dict]:
    return in_node(
        "builds => Object.fromEntries(Object.entries(builds).map("
        "([name, build]) => [name, module.picture(build)]))",
        BUILDS,
    )


@pytest.fixture(scope="module")
def moments() -> dict[str, list[dict]]:
    """The state of each step at every time at which a step starts or finishes."""
    return in_node(
        """builds => Object.fromEntries(Object.entries(builds).map(([name, { seconds, steps }]) => {
            const times = steps.flatMap(({ started, seconds }) => [started, started + seconds]);
            return [name, [0, ...times, seconds + 1].map(
                (now) => ({ now, states: steps.map((step) => module.state(step, now)) }))];
        }))""",
        BUILDS,
    )


def test_the_picture_is_the_recording(pictures):
    for name, build in BUILDS.items():
        picture, steps = pictures[name], build["steps"]
        shown = [step for stage in picture["stages"] for step in stage["steps"]]
        assert picture["seconds"] == build["seconds"], name
        assert sorted(step["at"] for step in shown) == [*range(len(steps))], name
        for step in shown:
            recorded = steps[step["at"]]
            assert {key: step[key] for key in recorded} == recorded, name
            # The text and its mounts together cover the whole instruction.
            words = recorded["instruction"].split(" ")
            text = " ".join(word for word in words if not word.startswith("--mount="))
            assert text.endswith(step["text"].removeprefix("RUN ")), name
            instruction = Instruction.parse(recorded["instruction"])
            assert len(instruction.mounts) == len(step["mounts"]), name
        for stage in picture["stages"]:
            assert {step["stage"] for step in stage["steps"]} == {stage["name"]}, name
        ran = sum(not step["cached"] for step in steps)
        assert (picture["ran"], picture["count"]) == (ran, len(steps)), name


def test_the_edges_are_what_buildkit_took_from_other_stages(pictures):
    for name, build in BUILDS.items():
        steps = build["steps"]
        wanted = [
            (source, index, edge(steps[source]["cached"], step["cached"]))
            for index, step in enumerate(steps)
            for source in step["after"]
            if steps[source]["stage"] != step["stage"]
        ]
        edges = [(each["from"], each["to"], each["is"]) for each in pictures[name]["edges"]]
        assert edges == wanted, name


def edge(source_cached: bool, target_cached: bool) -> str:
    if source_cached:
        return "cached"
    return "kept" if target_cached else "ran"


def test_at_each_moment_the_steps_stand_as_they_did(moments):
    for name, build in BUILDS.items():
        steps = build["steps"]
        for moment in moments[name]:
            now = moment["now"]
            for step, state in zip(steps, moment["states"], strict=True):
                ended = now >= step["started"] + step["seconds"]
                wanted = "cached" if step["cached"] else "ran" if ended else "running"
                assert state == (wanted if now >= step["started"] else "waiting"), name
        assert {*moments[name][-1]["states"]} <= {"cached", "ran"}, name


def test_a_step_starts_when_what_it_takes_is_there():
    """No recorded step starts before the steps that it depends on have finished."""
    for name, build in BUILDS.items():
        for step in build["steps"]:
            for source in (build["steps"][each] for each in step["after"]):
                # The tolerance is for rounding. Cached steps are looked up only when needed.
                ended = source["started"] + source["seconds"]
                assert source["cached"] or step["started"] + 0.011 >= ended, name


def test_a_miss_does_not_always_pass_on():
    """`uv export` runs again and writes the same file, so no later step runs."""
    build = BUILDS["lock-stage version"]
    steps = build["steps"]
    assert any(
        not steps[source]["cached"] and step["cached"] for step in steps for source in step["after"]
    )


def test_each_step_has_the_label_that_tables_print():
    element = BeautifulSoup(layer_explorer("lock-stage", "view"), "html.parser").find(
        "layer-explorer"
    )
    labels = json.loads(element["data-names"])["labels"]
    checked = set()
    for name, build in BUILDS.items():
        dockerfile = name.rpartition(" ")[0].replace("shop ", "shop/")
        if dockerfile in labels:
            assert labels[dockerfile] == step_labels(build["steps"]), name
            checked.add(dockerfile)
    assert checked == labels.keys()


def test_mounts_are_told_apart():
    line = (
        "RUN --mount=type=cache,target=/root/.cache/uv --mount=from=packages,source=/uv,target=/uv "
        "--mount=type=secret,id=token,env=TOKEN,required=true --mount=type=bind,source=uv.lock,"
        "target=uv.lock uv sync"
    )
    assert in_node("module.mounts", line) == [
        {"type": "cache", "name": "/root/.cache/uv"},
        {"type": "bind", "name": "packages"},
        {"type": "secret", "name": "token"},
        {"type": "bind", "name": "uv.lock"},
    ]


def test_what_is_shown_is_in_the_address_and_comes_back():
    defaults = {"layers": "pattern-a-single-stage", "edit": "view", "against": "", "on": ""}
    chosen = {**defaults, "edit": "ruff", "against": "shop/shop-bind-mounts", "on": "fresh"}
    from_hash = "([hash, defaults]) => module.fromHash(hash, defaults)"
    assert in_node(from_hash, [in_node("module.toHash", chosen), defaults]) == chosen
    assert in_node(from_hash, ["", defaults]) == defaults
    assert in_node(from_hash, ["#the-files", defaults]) == defaults


# --- in a browser ---


def explorer(page):
    """Wait until the explorer of a page shows a build, and return the explorer."""
    element = page.locator("layer-explorer")
    element.scroll_into_view_if_needed()
    page.wait_for_selector("layer-explorer.ready [data-state]")
    return element


def shown(layers, panel: int = 0) -> list[tuple[str, str]]:
    """Return the instruction and the state of each step in a panel."""
    items = layers.locator("section").nth(panel).locator("[data-at]")
    rows = items.evaluate_all(
        "items => items.map(item => [item.dataset.at, item.querySelector('code').title,"
        " item.dataset.state])"
    )
    return [tuple(row[1:]) for row in sorted(rows, key=lambda row: int(row[0]))]


def recorded(name: str) -> list[tuple[str, str]]:
    """Return the recorded steps of a finished build, in the form of `shown`."""
    steps = BUILDS[name]["steps"]
    return [(each["instruction"], "cached" if each["cached"] else "ran") for each in steps]


def test_without_scripts_there_is_the_table(open_page):
    page = open_page("/patterns/pattern-a/", script=False)
    rows = page.locator("layer-explorer table tbody tr")
    builds = recordings.layers("pattern-a-single-stage")["builds"]
    assert rows.count() == len(builds)
    assert builds[0]["title"] in rows.first.text_content()


@pytest.mark.parametrize("width", [1440, 360])
def test_with_the_keyboard_to_another_dockerfile_and_another_edit(open_page, width):
    page = open_page("/docker-layer-caching/", width)
    layers = explorer(page)
    assert shown(layers) == recorded("lock-stage version")
    layers.get_by_label("Dockerfile").focus()
    # Select the Dockerfile above the current one.
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("layer-explorer h3:has-text('Pattern C')")
    layers.get_by_role("radio", name="Change nothing").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_selector("layer-explorer h3:has-text('cold build')")
    assert shown(layers) == recorded("pattern-c-cache-mounts cold")
    steps = len(BUILDS["pattern-c-cache-mounts cold"]["steps"])
    status = layers.get_by_role("status").text_content()
    assert f"{steps} of {steps} steps ran" in status
    assert "Most of it: apt-get install, " in status
    # The focus does not move.
    assert page.evaluate("document.activeElement.value") == "cold"
    # The URL restores the selection.
    page.reload()
    assert shown(explorer(page)) == recorded("pattern-c-cache-mounts cold")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    assert page.errors == []


def test_a_link_to_a_view_leads_to_it(open_page):
    page = open_page("/patterns/lock-stage/#layers=lock-stage&edit=view&against=&on=", 390)
    page.wait_for_selector("layer-explorer h3:has-text('edit a view')")
    top = page.locator("layer-explorer").evaluate("each => each.getBoundingClientRect().top")
    # A browser scrolls by whole pixels.
    assert 0 <= round(top) < 900


def test_two_dockerfiles_of_one_shop_and_other_machines(open_page):
    poetry, uv = "shop/shop-poetry-everything-first", "shop/shop-single-stage"
    page = open_page(f"/docker-layer-caching/#layers={poetry}&edit=view&against={uv}&on=")
    layers = explorer(page)
    assert shown(layers, 0) == recorded("shop shop-poetry-everything-first view")
    assert shown(layers, 1) == recorded("shop shop-single-stage view")
    assert "Two different services" not in layers.get_by_role("status").text_content()
    layers.get_by_label("built on").select_option("a fresh CI runner")
    page.wait_for_selector("layer-explorer h3:has-text('cold build')")
    assert shown(layers, 0) == recorded("shop shop-poetry-everything-first cold")
    layers.get_by_label("compared with").select_option("lock-stage")
    page.wait_for_selector("text=Two different services")
    layers.get_by_label("built on").select_option("a warm laptop")
    layers.get_by_label("Dockerfile").select_option("lock-stage")
    layers.get_by_role("radio", name="Edit the README").check()
    layers.get_by_label("compared with").select_option("shop/shop-single-stage")
    page.wait_for_selector("text=This build was not recorded.")


def test_the_build_passes_as_it_ran(open_page):
    page = open_page("/patterns/pattern-c/")
    layers = explorer(page)
    layers.get_by_role("radio", name="Cold build").check()
    page.wait_for_selector("layer-explorer h3:has-text('cold build')")
    slider = layers.get_by_role("slider", name="Moment of the build")
    slider.focus()
    page.keyboard.press("Home")
    build = BUILDS["pattern-c-cache-mounts cold"]
    assert {state for _, state in shown(layers)} == {"waiting"}
    slider.fill("500")
    half = build["seconds"] / 2
    wanted = []
    for each in build["steps"]:
        began, ended = each["started"] <= half, each["started"] + each["seconds"] <= half
        wanted.append("ran" if ended else "running" if began else "waiting")
    assert [state for _, state in shown(layers)] == wanted
    layers.get_by_role("button", name="Play").click()
    layers.get_by_role("button", name="Pause").click()
    page.keyboard.press("End")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    assert explorer(page).get_by_role("button", name="Play").count() == 0


def test_it_is_there_after_instant_navigation_and_back(open_page):
    page = open_page("/get-started/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Find out what invalidates your cache").first.click()
    assert shown(explorer(page)) == recorded("lock-stage version")
    assert page.evaluate("window.same") is True
    page.go_back()
    page.wait_for_selector("h1:has-text('Get started')")
    page.go_forward()
    assert shown(explorer(page)) == recorded("lock-stage version")
    assert page.errors == []

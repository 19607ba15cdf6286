"""The home page shows a Dockerfile to copy on its first screen, and links to every page."""

import pytest

from assertions import nonempty
from guide.content.examples import example as find_example


def box_of(page, part):
    box = page.locator(part).first.bounding_box()
    assert box["y"] >= 48, part
    return box


@pytest.mark.parametrize("width", [1440, 390])
def test_the_first_screen_leads_to_the_files_for_a_project(open_page, width):
    page = open_page("/", width)
    page.locator(".ways").get_by_role("link", name="Get your files").click()
    page.wait_for_url("**/kit/")


@pytest.mark.parametrize(
    ("width", "height", "parts"),
    [(1440, 900, ("h1", ".ways", ".file .highlight", ".picture")), (390, 844, ("h1", ".ways"))],
)
def test_the_first_screen_has_the_heading_the_links_and_the_dockerfile(
    open_page, width, height, parts
):
    page = open_page("/", width)
    page.evaluate("document.fonts.ready")
    for part in parts:
        box = box_of(page, part)
        assert box["y"] + box["height"] <= height, part
    # On a phone, half of the Dockerfile is visible.
    code = box_of(page, ".file pre")
    assert code["y"] + code["height"] / 2 <= height
    heading = page.locator("h1").inner_text()
    assert all(word in heading for word in ("Django", "Docker", "uv"))


def test_the_dockerfile_is_copied_whole(open_page):
    page = open_page("/")
    page.locator(".file [data-md-type=copy]").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert tuple(copied.rstrip("\n").split("\n")) == (
        find_example("pattern-a-single-stage").parsed.code
    )


def test_the_home_page_links_to_every_page_of_the_navigation(pages):
    page = pages["/"]
    navigation = {link["href"] for link in page.select(".md-nav--primary a.md-nav__link[href]")}
    doors = {link["href"] for link in nonempty(page.select(".doors a:not(.headerlink)"))}
    # A page in the folder of another page is linked from there.
    missing = [each for each in navigation if not any(each.startswith(door) for door in doors)]
    assert {each for each in missing if not each.startswith("#")} <= {".", "./"}


def test_the_home_page_is_light(built):
    assert (built / "index.html").stat().st_size < 60_000


def test_five_taps_on_a_phone_lead_from_the_home_page_to_the_right_dockerfile(open_page):
    page = open_page("/", 390)
    page.locator(".file").get_by_role("link", name="Which Dockerfile do you need?").click()
    page.get_by_role("radio", name="Private Git").click()
    page.get_by_role("button", name="See why").click()
    page.locator("pattern-chooser").get_by_role("link", name="Open the Dockerfile").last.click()
    page.wait_for_url("**/pattern-c/#the-files")
    page.locator(".annotated button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    wanted = find_example("pattern-c-cache-mounts").dockerfile_text
    assert copied.rstrip("\n") == wanted.rstrip("\n")

"""The home page fits its main content on the first screen and leads quickly to a Dockerfile."""

import pytest

from guide.content.examples import example as find_example


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_first_screen_holds_the_case_the_picture_and_three_doors(open_page, width, height):
    page = open_page("/", width)
    page.evaluate("document.fonts.ready")
    assert page.locator(".doors > div").count() == 3
    for part in ("h1", ".picture", ".doors > div:last-child"):
        box = page.locator(part).bounding_box()
        assert box["y"] >= 48, part
        assert box["y"] + box["height"] <= height, part


def test_the_home_page_is_light(built):
    assert (built / "index.html").stat().st_size < 35_000


def test_five_taps_on_a_phone_lead_from_the_home_page_to_the_right_dockerfile(open_page):
    page = open_page("/", 390)
    page.locator(".doors").get_by_role("link", name="Choose a pattern").click()
    page.get_by_role("radio", name="Private Git").click()
    page.get_by_role("button", name="See why").click()
    page.locator("pattern-chooser").get_by_role("link", name="Open the Dockerfile").last.click()
    page.wait_for_url("**/pattern-c/#the-files")
    page.locator(".annotated button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    wanted = find_example("pattern-c-cache-mounts").dockerfile_text
    assert copied.rstrip("\n") == wanted.rstrip("\n")

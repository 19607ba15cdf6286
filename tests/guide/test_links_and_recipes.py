"""scripts/refresh finds dead links, and recipes whose source has changed."""

import re
from datetime import date, timedelta

import pytest

from guide import Problem
from guide.machine.serving import QuietHandler, http_server
from guide.refresh import links, recipes
from guide.refresh.recipes import RecipeSource
from page_sources import PAGES


class Site(QuietHandler):
    """A site with one page that exists, one that does not, and one that fails."""

    def do_GET(self):
        code = {"/fine": 200, "/o/r/raw/HEAD/Dockerfile": 200, "/broken": 500}.get(self.path, 404)
        linked = re.fullmatch(r"/o/r/raw/[0-9a-f]{40}/Dockerfile", self.path)
        self.send_response(200 if linked else code)
        self.end_headers()
        self.wfile.write(b"RUN uv sync --frozen\n" if linked else b"RUN uv sync --locked\n")


def test_a_link_is_dead_after_it_has_failed_for_weeks():
    """A page that does not exist is dead earlier than one whose server does not answer."""
    start = date(2026, 3, 2)
    with http_server(Site) as site:
        files = {f"{site}/fine": ["a.md"], f"{site}/gone": ["b.md"], f"{site}/broken": ["c.md"]}
        failing = []
        dead = []
        for week in range(5):
            failing = links.failing_links(files, failing, start + timedelta(weeks=week))
            dead.append([each["url"].rpartition("/")[2] for each in failing if each["is_dead"]])
        assert dead == [[], [], ["gone"], ["gone"], ["gone", "broken"]]
        assert {each["since"] for each in failing} == {"2026-03-02"}
        assert [each["reason"] for each in failing] == ["HTTP 404", "no answer"]
        # A link that has worked in between starts again.
        fixed = [each for each in failing if not each["url"].endswith("/gone")]
        [gone, _] = links.failing_links(files, fixed, date(2026, 4, 13))
        assert (gone["since"], gone["is_dead"]) == ("2026-04-13", False)


def test_every_link_to_another_site_has_the_right_shape():
    wrong = {url: why for url in links.links() if (why := links.wrong_shape(url))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "needs https"),
        ("https://user:secret@example.com/", "needs https"),
        ("https://localhost/a", "needs https"),
        ("https://example.com/a b", "needs https"),
        ("https://example.com/?utm_source=x", "track"),
        ("https://example.com//a", "empty part"),
        ("https://example.com/a.", "punctuation"),
        ("https://example.com/a%20b?page=2", None),
    ],
)
def test_a_link_with_a_wrong_shape_is_found(url, why):
    found = links.wrong_shape(url)
    assert (why or "") in (found or "")
    assert (found is None) == (why is None)


def test_links_have_no_anchors_and_name_their_files():
    urls = links.links()
    assert len(urls) > 100
    assert not [url for url in urls if "#" in url]
    assert "docs/popular-recipes.md" in urls[recipes.recipe_sources()[0].url]


def source(site, contains):
    return RecipeSource("frozen", f"{site}/o/r/blob/{'0' * 40}/Dockerfile", contains)


def test_a_mended_recipe_is_reported():
    with http_server(Site) as site:
        mended, fine = source(site, "--frozen"), source(site, "uv sync")
        changed, unreachable = recipes.changed_recipes([mended, fine])
        assert changed == [{"url": mended.url, "section": "frozen", "missing": "--frozen"}]
        assert unreachable == []
        with pytest.raises(Problem, match=r"does not match '--no-such'. Correct recipes\.toml"):
            recipes.changed_recipes([source(site, "--no-such")])


def test_a_recipe_of_a_deleted_repository_is_reported():
    with http_server(Site) as site:
        deleted = RecipeSource("frozen", f"{site}/gone/r/blob/{'0' * 40}/Dockerfile", "uv sync")
        changed, _ = recipes.changed_recipes([deleted])
    assert changed == [{"url": deleted.url, "section": "frozen", "missing": "uv sync"}]


def test_the_recipes_are_links_of_the_page():
    """Every link to a file at a commit is a recipe, unless the page says that it was an old one."""
    page = PAGES["popular-recipes.md"]
    linked = {*re.findall(r"https?://[^)\s]+/blob/[0-9a-f]{7,}/[^)\s]+", page)}
    assert not [url for url in linked if not re.search(r"/blob/[0-9a-f]{40}/", url)]
    sources = recipes.recipe_sources()
    assert {each.url for each in sources} <= linked
    assert all(f"{{ #{each.section} }}" in page for each in sources)
    old = linked - {each.url for each in sources}
    assert sorted(re.sub(r".*/([^/]+/[^/]+)/blob/(.{7}).*", r"\1 \2", url) for url in old) == [
        "MTG/freesound eb474c2",
        "astral-sh/uv-docker-example 3d2a5af",
        "equinor/acidwatch 7cde60f",
    ]

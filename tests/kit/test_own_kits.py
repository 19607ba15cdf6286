"""A kit that is made with an example's own answers and names is that example, byte for byte."""

import pytest

from assertions import nonempty
from guide.content import kit_sources
from guide.content.examples import example as find_example
from guide.kit.kits import kits

SOURCES = kit_sources.kit_sources()
# The examples of which each file of a kit is a file.
WHOLE = ["pattern-a-single-stage", "lock-stage", "pattern-b-multi-stage", "pattern-c-cache-mounts"]
# The variants, of which only the Dockerfile differs from the example.
DOCKERFILES = ["pattern-a-single-stage--apt", "pattern-c-cache-mounts--lock-stage"]
# The files for readers that no example has.
ADDED = {"KIT-README.md"}


@pytest.fixture(scope="module")
def own_kits():
    names = [*WHOLE, *DOCKERFILES]
    examples = [SOURCES["examples"][name] for name in names]
    choices = [{"answers": each["answers"], "names": each["names"]} for each in examples]
    return dict(zip(names, kits(choices), strict=True))


def whole_files(kit):
    return {each["path"]: each["text"] for each in kit if each["kind"] == "file"}


@pytest.mark.parametrize("name", WHOLE)
def test_a_kit_with_the_answers_of_an_example_is_the_example(own_kits, name):
    folder = find_example(name).folder
    texts = {path: text for path, text in whole_files(own_kits[name]).items() if path not in ADDED}
    assert len(texts) >= 6
    # Bytes, because reading as text would hide other line ends.
    assert {path: text.encode() for path, text in texts.items()} == {
        path: (folder / path).read_bytes() for path in texts
    }


@pytest.mark.parametrize("name", DOCKERFILES)
def test_a_kit_with_the_answers_of_a_variant_has_its_dockerfile(own_kits, name):
    assert whole_files(own_kits[name])["Dockerfile"] == find_example(name).dockerfile_text


@pytest.mark.parametrize("name", [*WHOLE, *DOCKERFILES])
def test_the_lines_to_merge_are_lines_of_examples(own_kits, name):
    pyproject, settings = (
        next(each for each in own_kits[name] if each["path"].endswith(suffix))
        for suffix in ("pyproject.toml", "settings.py")
    )
    folder = find_example(name).folder
    # The kit has these lines on one line, and its own way to put the middleware first.
    own = ("dependencies = [", "[tool.uv.build-backend]", "module-name")
    lines = (folder / pyproject["path"]).read_text().splitlines()
    for line in nonempty(pyproject["text"].splitlines()):
        assert line in lines or line.startswith(own), line
    assert settings["path"] in {path.as_posix() for path in find_example(name).files}


def test_other_names_leave_nothing_of_an_example(own_kits):
    names = {
        "project": "kiosk",
        "settings": "config",
        "packages": ["menus"],
        "static": ["menus/static"],
        "libraries": ["libxml2"],
        "indexUrl": "https://packages.kiosk.example/simple/",
        "gitHost": "https://git.kiosk.example",
        "indexName": "kiosk",
        "privatePackages": ["kiosk-prices"],
    }
    choices = [{"answers": SOURCES["examples"][name]["answers"], "names": names} for name in WHOLE]
    shop = SOURCES["examples"]["after-uv"]["answers"]
    for kit in kits([*choices, {"answers": shop, "names": names}]):
        for file in nonempty(kit):
            text = file["text"].lower()
            for word in WORDS:
                assert word not in text, f"{word} is in {file['path']}: {text}"


# Each pattern, and the lock stage, writes these lines in its own way.
WHOLE_APPS = [
    {},
    {"lockStage": "yes"},
    {"private": "git"},
    {"system": "compiler", "python": "3.12"},
]


def test_an_app_among_the_static_folders_is_copied_whole_before_collectstatic():
    names = {"settings": "shop", "packages": ["api", "home"], "static": ["api", "home/static"]}
    for kit in kits([{"answers": answers, "names": names} for answers in WHOLE_APPS]):
        before, after = whole_files(kit)["Dockerfile"].split("collectstatic --noinput")
        copied = "COPY shop shop\nCOPY home/__init__.py home/\nCOPY api api\nCOPY home/static "
        assert copied in before
        assert "COPY api" not in after


# What only the examples are about.
WORDS = [
    *(
        "statuspage",
        "status-page",
        "billing",
        "invoice",
        "tracking",
        "parcel",
        "scan_key",
        "orders",
    ),
    *("pango", "pdf", "cairo", "picture", "acme", "shipcodes", "git.example.com"),
    *("packages.example.com", "«", "»"),
]

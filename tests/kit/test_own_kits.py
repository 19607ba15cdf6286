"""A kit that is made with an example's own answers and names is that example, byte for byte."""

import re

import pytest
from ruamel.yaml import YAML

from assertions import nonempty
from guide.content import kit_sources
from guide.content.dockerfile import Dockerfile
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


def test_no_mount_of_a_src_package_is_inside_another_one():
    names = {"settings": "shop", "packages": ["api"], "static": ["src/shop", "src/mail/static"]}
    (kit,) = kits([{"answers": {"layout": "src"}, "names": names}])
    text = whole_files(kit)["Dockerfile"]
    assert re.findall(r"target=/(src/\S+)", text) == ["src/shop", "src/mail/static"]
    # Raises an error if the instruction has lost its first word.
    Dockerfile.parse(text)


def test_a_settings_package_is_mounted_whole_and_named():
    names = {"settings": "shop", "module": "shop.settings.live"}
    layouts = (
        {"layout": "src"},
        {},
        {"lockStage": "yes"},
        {"system": "compiler", "python": "3.12"},
    )
    for answers, kit in zip(
        layouts, kits([{"answers": e, "names": names} for e in layouts]), strict=True
    ):
        text = whole_files(kit)["Dockerfile"]
        stage = text[text.index("ENV DJANGO_SETTINGS_MODULE=shop.settings.live\n") :]
        if "layout" in answers:
            assert "source=src/shop/settings,target=/src/shop/settings " in text
            assert "--settings shop.settings.live" in text
        else:
            assert "collectstatic" in stage
        (lines,) = (file for file in kit if file["path"].endswith("settings/live.py"))
        assert lines["kind"] == "merge"


def test_the_middleware_of_a_src_package_can_be_in_one_of_its_apps():
    names = {"settings": "shop", "packages": ["api"], "middleware": "api"}
    (kit,) = kits([{"answers": {"layout": "src"}, "names": names}])
    texts = {file["path"]: file["text"] for file in kit}
    assert "src/shop/api/middleware.py" in texts
    assert '"shop.api.middleware.HealthCheckMiddleware"' in texts["src/shop/settings.py"]


def test_code_in_a_folder_is_copied_without_the_folder():
    names = {"settings": "shop", "packages": ["api"], "static": ["api/static"], "folders": ["mail"]}
    own = names | {"code": "src"}
    for answers in [*WHOLE_APPS, {"server": "uvicorn"}]:
        plain, other = kits([{"answers": answers, "names": each} for each in (names, own)])
        old, new = (copied(whole_files(kit)["Dockerfile"]) for kit in (plain, other))
        code = {("manage.py", "./"), ("shop", "shop"), ("api/static", "api/static")}
        assert code <= old
        assert {(f"src/{source}", target) for source, target in code} <= new
        assert not code & new
        assert "src/shop/middleware.py" in whole_files(other)


def copied(dockerfile):
    """Return the paths that COPY instructions name, without those of other stages."""
    return {*re.findall(r"^COPY (?:--chown=\S+ )?([^-\s]\S*) (\S+)$", dockerfile, re.MULTILINE)}


def test_required_variables_have_placeholders_in_each_file_that_needs_them():
    names = {"variables": ["API_KEY", "RETRIES=1", "DATABASE_HOST"]}
    for answers in [{"ci": "github"}, *WHOLE_APPS, {"layout": "src"}]:
        (kit,) = kits([{"answers": answers, "names": names}])
        texts = whole_files(kit)
        step = next(each for each in texts["Dockerfile"].split("\n\n") if "used-only-for" in each)
        assert "API_KEY=none \\\n" in step
        assert "RETRIES=1 \\\n" in step
        assert "DATABASE_HOST=none" not in step
        compose = YAML(typ="safe").load(texts["compose.yaml"])
        values = compose["services"]["web"]["environment"]
        assert (values["API_KEY"], values["RETRIES"]) == ("none", "1")
        if "tests/settings.py" in texts:
            assert 'os.environ.setdefault("API_KEY", "none")\n' in texts["tests/settings.py"]


@pytest.mark.parametrize(
    ("names", "user", "password"),
    [
        ({"indexUrl": "https://gitlab.example.com/simple"}, "gitlab-ci-token", "$CI_JOB_TOKEN"),
        ({"indexUrl": "https://pkg.example.com/simple"}, "__token__", "$PACKAGE_PASSWORD"),
        ({"indexUser": "reader"}, "reader", "$PACKAGE_PASSWORD"),
    ],
)
def test_the_user_of_an_index_is_the_same_in_each_file(names, user, password):
    answers = {"private": "index", "ci": "gitlab"}
    (kit,) = kits([{"answers": answers, "names": names}])
    texts = whole_files(kit)
    assert f"_USERNAME={user} \\" in texts["Dockerfile"]
    assert f"_USERNAME={user}\n" in texts["KIT-README.md"]
    pipeline = YAML(typ="safe").load(texts[".gitlab-ci.yml"])
    assert [*pipeline["variables"].values()][:2] == [user, password]
    secret = f"id=package_password,env={password[1:]}"
    assert secret in texts[".gitlab-ci.yml"]


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

"""Read examples, edits and claims from small trees of files."""

from collections.abc import Callable
from pathlib import Path

import pytest

from guide import Problem
from guide.content import examples as catalogue
from guide.content.claims import claim, claims, identifier
from guide.content.edits import code_first, copy, edit
from guide.content.examples import Example, every_example, example, examples, variants

WriteExample = Callable[..., Path]

DOCKERFILE = """\
# FROM comment:1
FROM --platform=$BUILDPLATFORM python:3.14-slim AS base
COPY --from=ghcr.example/uv:0.13.9 /uv /bin/

FROM base AS packages
RUN --mount=type=cache,target=/root/.cache \\
    # Why this is as it is.
    uv sync --locked \\
        --no-dev && true

FROM base AS test
RUN uv sync --locked --group test

FROM scratch
RUN --mount=from=packages,source=/x,target=/x true
COPY --from=nginx:1 /etc/nginx /etc/nginx
"""


# --- examples ---


def test_every_folder_with_a_dockerfile_is_an_example(write_example: WriteExample) -> None:
    write_example("zoo", {"Dockerfile": "FROM a\n"})
    write_example("move/before", {"Dockerfile": "FROM a\n", "slim.Dockerfile": "FROM b\n"})
    write_example("notes", {"README.md": "# Notes\n"})
    write_example("zoo/private/server", {"Dockerfile": "FROM c\n"})
    assert [each.project for each in examples()] == ["move/before", "zoo"]
    assert [each.name for each in variants()] == ["before--slim"]
    assert example("before--slim").dockerfile_text == "FROM b\n"
    assert example("before").dockerfile_text == "FROM a\n"


@pytest.fixture
def workspace(write_example: WriteExample) -> Example:
    """A workspace with two services, of which the first is the example."""
    files = {
        "pyproject.toml": "[tool.ruff]\nline-length = 88\n",
        "packages/x/src/x/middleware.py": "",
    }
    for name in ("zoo", "farm"):
        files |= {
            f"services/{name}/Dockerfile": "COPY --from=x/uv:0.13.9 /uv /\n",
            f"services/{name}/pyproject.toml": f'[project]\nname = "the-{name}"\n',
            f"services/{name}/{name}/views.py": "pass\n",
        }
    write_example("town", files)
    return example("town--farm")


def test_each_service_of_a_workspace_is_an_example(workspace: Example) -> None:
    assert [each.name for each in examples()] == [workspace.name]
    assert [each.name for each in variants()] == ["town--zoo"]
    assert (workspace.project, workspace.member) == ("town", "services/farm")
    assert workspace.package == "the-farm"
    assert workspace.dockerfile_text.startswith("COPY")


def test_an_example_that_is_not_there_is_a_problem_that_lists_them(
    write_example: WriteExample,
) -> None:
    write_example("zoo", {"Dockerfile": "", "slim.Dockerfile": ""})
    with pytest.raises(Problem, match=r"no example 'zo'\. There are: zoo, zoo--slim\."):
        example("zo")


def test_ignored_files_are_no_files_of_an_example(write_example: WriteExample) -> None:
    kept = {".gitignore", "Dockerfile", "zoo/views.py"}
    left = {".venv/bin/x", "zoo/__pycache__/views.pyc", ".DS_Store", "zoo/.views.py.swp", "x~"}
    write_example("zoo", dict.fromkeys((kept | left) - {".gitignore"}, "x"))
    assert {path.as_posix() for path in Example("zoo").files} == kept
    assert Example("zoo").files == sorted(Example("zoo").files)


def test_shown_are_the_files_at_the_top_settings_and_middleware(
    write_example: WriteExample,
) -> None:
    shown = {".gitignore", "Dockerfile", "zoo/settings.py", "zoo/middleware.py", ".github/x.yml"}
    other = {"uv.lock", "manage.py", "zoo/views.py", "tests/settings.py", "zoo/x.yml"}
    write_example("zoo", dict.fromkeys((shown | other) - {".gitignore"}, "x"))
    assert {path.as_posix() for path in Example("zoo").shown} == shown


def test_title_and_sentence_come_from_the_readme(write_example: WriteExample) -> None:
    write_example("zoo", {"README.md": "# The zoo\n\nAll animals\nof the town.\n\nMore.\n"})
    assert (Example("zoo").title, Example("zoo").sentence) == (
        "The zoo",
        "All animals of the town.",
    )


def test_the_images_of_an_example_are_those_of_its_dockerfile(write_example: WriteExample) -> None:
    write_example("zoo", {"Dockerfile": DOCKERFILE, "uv.lock": ""})
    zoo = example("zoo")
    assert {*zoo.images} == {"python:3.14-slim", "ghcr.example/uv:0.13.9", "nginx:1"}
    assert (zoo.uv_image, zoo.uv_version) == ("ghcr.example/uv:0.13.9", "0.13.9")
    assert zoo.has_uv


def test_commands_of_uv_are_those_that_the_last_stage_comes_from(
    write_example: WriteExample,
) -> None:
    write_example("zoo", {"Dockerfile": DOCKERFILE})
    assert example("zoo").uv_commands == ["uv sync --locked --no-dev"]


@pytest.mark.parametrize(
    "dockerfile", ["FROM python:3.14\n", "FROM x/uv:0.13.8\nFROM x/uv:0.13.9\n", "FROM x/uv:0.13\n"]
)
def test_uv_comes_from_one_pinned_image(write_example: WriteExample, dockerfile: str) -> None:
    write_example("zoo", {"Dockerfile": dockerfile})
    with pytest.raises(Problem, match="zoo must copy uv from exactly one image with a version"):
        _ = example("zoo").uv_image


# --- variants that are made by a patch ---

PATCH = """\
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,2 +1,3 @@
 FROM a
+RUN b
 USER c
--- a/zoo/views.py
+++ b/zoo/views.py
@@ -1 +1 @@
-old
+new
"""


@pytest.fixture
def patched(write_example: WriteExample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A patch of the example `zoo`."""
    snippets = tmp_path / "snippets"
    snippets.mkdir()
    monkeypatch.setattr(catalogue, "SNIPPETS", snippets)
    write_example("zoo", {"Dockerfile": "FROM a\nUSER c\n", "zoo/views.py": "old\n"})
    patch = snippets / "zoo--slim.diff"
    patch.write_text(PATCH)
    return patch


def test_a_patch_is_a_variant_with_a_dockerfile_of_its_own(patched: Path) -> None:
    assert [each.name for each in every_example()] == ["zoo", "zoo--slim"]
    assert example("zoo--slim").patch == patched
    assert example("zoo--slim").dockerfile_text == "FROM a\nRUN b\nUSER c\n"
    assert (example("zoo").patch, example("zoo").dockerfile_text) == (None, "FROM a\nUSER c\n")


def test_a_copy_of_a_variant_has_the_changes_of_its_patch(patched: Path, tmp_path: Path) -> None:
    folder = copy(example("zoo--slim"), tmp_path / "copy")
    assert (folder / "zoo/views.py").read_text() == "new\n"
    assert (folder / "Dockerfile").read_text() == example("zoo--slim").dockerfile_text


def test_a_patch_that_no_longer_fits_is_a_problem(patched: Path, tmp_path: Path) -> None:
    (example("zoo").folder / "zoo/views.py").write_text("other\n")
    with pytest.raises(Problem, match=r"zoo--slim\.diff does not apply to zoo. .*views\.py"):
        copy(example("zoo--slim"), tmp_path / "copy")


# --- edits ---


def no_uv(_folder: Path, _arguments: list[str]) -> None:
    raise AssertionError("this edit needs no uv")


@pytest.fixture
def project(write_example: WriteExample, tmp_path: Path) -> Path:
    """A copy of an example with every file that edits change."""
    files = {
        "Dockerfile": "COPY --from=x/uv:0.13.9 /uv /\n",
        "README.md": "# Zoo\n",
        "pyproject.toml": "[tool.ruff]\nline-length = 88\n",
        "zoo/views.py": "pass\n",
        "zoo/templates/zoo/home.html": "<p>\n",
        "tests/views.py": "pass\n",
        "ignored.pyc": "x",
    }
    write_example("zoo", files)
    return copy(example("zoo"), tmp_path / "copy")


def test_a_copy_has_the_files_and_their_times(project: Path) -> None:
    original = example("zoo")
    assert not (project / "ignored.pyc").exists()
    assert original.files
    for path in original.files:
        assert (project / path).read_bytes() == (original.folder / path).read_bytes()
        times = [(folder / path).stat().st_mtime_ns for folder in (project, original.folder)]
        assert times[0] == times[1]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("view", "zoo/views.py"),
        ("template", "zoo/templates/zoo/home.html"),
        ("readme", "README.md"),
        ("ruff", "pyproject.toml"),
        ("uv", "Dockerfile"),
    ],
)
def test_an_edit_changes_one_file(project: Path, name: str, file: str) -> None:
    files = [path for path in project.rglob("*") if path.is_file()]
    before = {path: path.read_text() for path in files}
    edit(name).apply(project, no_uv)
    assert [path for path in files if path.read_text() != before[path]] == [project / file]


def test_an_edit_that_finds_nothing_to_change_is_a_problem(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.black]\n")
    with pytest.raises(Problem, match="Matches: 0"):
        edit("ruff").apply(project, no_uv)
    (project / "zoo/views.py").unlink()
    with pytest.raises(Problem, match=r"An edit needs a file that matches \*\*/views\.py"):
        edit("view").apply(project, no_uv)


def test_edits_of_packages_are_made_by_uv(project: Path) -> None:
    typed: list[list[str]] = []
    edit("dependency").apply(project, lambda _folder, arguments: typed.append(arguments))
    assert [f"uv {' '.join(words)}" for words in typed] == [edit("dependency").command]


def test_an_edit_that_is_not_there_is_a_problem_that_lists_them() -> None:
    with pytest.raises(Problem, match=r"no edit 'vue'\. There are: .*\bview\b"):
        edit("vue")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("view", "services/farm/farm/views.py"),
        ("other-view", "services/zoo/zoo/views.py"),
        ("shared", "packages/x/src/x/middleware.py"),
        ("ruff", "pyproject.toml"),
    ],
)
def test_an_edit_of_a_workspace_changes_one_file(
    workspace: Example, tmp_path: Path, name: str, file: str
) -> None:
    folder = copy(workspace, tmp_path / "copy")
    edit(name, workspace).apply(folder, no_uv)
    changed = [
        path.as_posix()
        for path in workspace.files
        if (folder / path).read_bytes() != (workspace.folder / path).read_bytes()
    ]
    assert changed == [file]


def test_uv_edits_one_service_of_a_workspace(workspace: Example, tmp_path: Path) -> None:
    typed: list[str] = []
    for name in ("dependency", "other-dependency"):
        change = edit(name, workspace)
        change.apply(tmp_path, lambda _folder, words: typed.append(f"uv {' '.join(words)}"))
        assert typed[-1] == change.command
    assert [each.rpartition(" ")[2] for each in typed] == ["the-farm", "the-zoo"]


def test_the_two_copies_are_swapped() -> None:
    lock, code = "COPY pyproject.toml uv.lock ./\n", "COPY . .\n"
    assert code_first(f"FROM a\n{lock}RUN b\n{code}") == f"FROM a\n{code}RUN b\n{lock}"
    with pytest.raises(Problem, match="exactly once each"):
        code_first(f"FROM a\n{lock}")


# --- claims ---

CLAIMS = '''\
"""About one thing.

And more about it.
"""

def test_it_is_so(terminal):
    """It is
    so."""
    terminal.run("true")


def test_docker_agrees(docker):
    """Docker agrees."""


def helper(terminal):
    pass


def test_of_something_else(tmp_path):
    pass
'''


def test_claims_are_read_from_their_tests(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(CLAIMS)
    (tmp_path / "conftest.py").write_text("def test_no(terminal): pass\n")
    catalogue = claims(tmp_path)
    assert [*catalogue] == ["it-is-so", "docker-agrees"]
    first, second = catalogue.values()
    assert (first.sentence, first.topic) == ("It is so.", "About one thing.")
    assert (first.needs_docker, second.needs_docker) == (False, True)
    assert first.source.startswith("def test_it_is_so(terminal):\n")
    assert first.source.endswith('terminal.run("true")')
    assert first.test == f"{tmp_path / 'test_one.py'}::test_it_is_so"


@pytest.mark.parametrize(
    "more", ["def test_no_sentence(docker):\n    pass\n", CLAIMS], ids=["no sentence", "twice"]
)
def test_a_claim_has_one_sentence_and_a_name_of_its_own(tmp_path: Path, more: str) -> None:
    (tmp_path / "test_one.py").write_text(CLAIMS)
    (tmp_path / "test_two.py").write_text(more)
    with pytest.raises(Problem, match=r"test_two\.py: \w+ needs a unique name and a docstring"):
        claims(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ('    so."""', '    like that."""', True),
        ("    pass", "    # Why.\n    pass", True),
        ('terminal.run("true")', 'terminal.run("false")', False),
        ("def helper(terminal):\n    pass", "def helper(terminal):\n    return 1", False),
    ],
    ids=["sentence", "comment", "test", "helper"],
)
def test_a_fingerprint_changes_if_the_result_of_the_test_could_change(
    tmp_path: Path, old: str, new: str, is_same: bool
) -> None:
    prints = []
    for number, text in enumerate((CLAIMS, CLAIMS.replace(old, new))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "test_one.py").write_text(text)
        prints.append(claims(folder)["it-is-so"].fingerprint)
    assert CLAIMS.count(old) >= 1
    assert (prints[0] == prints[1]) == is_same


def test_a_former_statement_names_its_last_release_and_what_replaced_it(tmp_path: Path) -> None:
    marker = '@pytest.mark.until("0.9.1", replaced_by="docker-agrees")\n'
    test = "def test_it_is_so(terminal)"
    (tmp_path / "test_one.py").write_text(CLAIMS.replace(test, marker + test))
    former, other = claims(tmp_path).values()
    assert (former.until, former.replaced_by) == ("0.9.1", "docker-agrees")
    assert (other.until, other.replaced_by) == (None, None)
    assert former.source.startswith("def test_it_is_so")
    incomplete = tmp_path / "incomplete"
    incomplete.mkdir()
    short = '@pytest.mark.until("0.9.1")\n'
    (incomplete / "test_one.py").write_text(CLAIMS.replace(test, short + test))
    with pytest.raises(Problem, match="test_it_is_so needs the marker until"):
        claims(incomplete)


def test_a_claim_that_is_not_there_is_a_problem() -> None:
    with pytest.raises(Problem, match="no claim 'it-is-not-so'"):
        claim("it-is-not-so")


def test_an_identifier_is_the_name_of_the_test() -> None:
    assert identifier("test_it_is_so") == "it-is-so"

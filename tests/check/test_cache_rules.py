"""What makes a step run again, and what does not."""

import pytest

from guide import ROOT
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/rebuild.js"
PREDICT = "(builds) => builds.map(([before, after]) => module.predict(before, after))"

PROJECT = """\
FROM python:3.14 AS base
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
COPY . .
"""
FILES = {"pyproject.toml": "1", "uv.lock": "1", "app/views.py": "1", "app/static/x.css": "1"}
VIEW = {**FILES, "app/views.py": "2"}
PYPROJECT = {**FILES, "pyproject.toml": "2"}

STAGES = """\
FROM python AS files
COPY . /all
FROM python AS built
COPY . /all
RUN make
FROM python
COPY --from=files /all/uv.lock ./
COPY --from=files /all/app/static static
COPY --from=built /all/uv.lock built.lock
"""


def build(dockerfile: str = PROJECT, files: dict[str, str] = FILES, **options: object) -> dict:
    return {"dockerfile": dockerfile, "files": files, **options}


def edited(old: str, new: str, dockerfile: str = PROJECT) -> list[dict]:
    """Return a build before and after an edit of its Dockerfile."""
    assert old in dockerfile
    return [build(dockerfile), build(dockerfile.replace(old, new))]


def with_lines(*lines: str) -> str:
    return "\n".join(["FROM python", *lines, ""])


def replaced(line: str, other: str, *below: str) -> list[dict]:
    """Return a build before and after an edit of the first line below FROM."""
    return [build(with_lines(line, *below)), build(with_lines(other, *below))]


WILDCARD = """\
FROM python
COPY . /all
FROM python
COPY --from=0 /all/app/static/*.css ./
COPY --from=0 /all/app/*.py ./
"""
ARG = with_lines("COPY uv.lock ./", "ARG MODE=a", "COPY app app", "RUN x", "RUN y")
SYNC, COPY_ALL, COPY_LOCK = "RUN uv sync --locked", "COPY . .", "COPY pyproject.toml uv.lock ./"

# Two builds, and the steps of the second that run.
CASES: dict[str, tuple[list[dict], list[str]]] = {
    "nothing": ([build(), build()], []),
    "a file that is copied last": ([build(), build(files=VIEW)], [COPY_ALL]),
    "a file above the install": (
        [build(), build(files=PYPROJECT)],
        [COPY_LOCK, SYNC, COPY_ALL],
    ),
    "a file that is ignored": (
        [build(dockerignore="app"), build(dockerignore="app", files=VIEW)],
        [],
    ),
    "a file that an exception includes": (
        [
            build(dockerignore=text, files=files)
            for text in ["app\n!app/*.py"]
            for files in (FILES, VIEW)
        ],
        [COPY_ALL],
    ),
    "a new folder with ignored files": (
        [
            build(dockerignore="**/*.pyc"),
            build(dockerignore="**/*.pyc", files={**FILES, "app/__pycache__/x.pyc": "1"}),
        ],
        [COPY_ALL],
    ),
    "a new name": (
        [build(), build(files={**FILES, "app/other.py": "1"})],
        [COPY_ALL],
    ),
    "another mode of a folder": (
        [build(files={**FILES, "app/": "755"}), build(files={**FILES, "app/": "700"})],
        [COPY_ALL],
    ),
    "another base image": (
        edited("3.14", "3.13"),
        ["WORKDIR /app", COPY_LOCK, SYNC, COPY_ALL],
    ),
    "another name of the stage": (edited("AS base", "AS other"), []),
    "another folder": (
        edited("/app", "/srv"),
        ["WORKDIR /srv", COPY_LOCK, SYNC, COPY_ALL],
    ),
    "comments, empty lines and keywords": (
        replaced("RUN x \\\n    && y", "run x \\\n# why\n\n    && y", "COPY app app"),
        [],
    ),
    "the indentation of a continued line": (
        replaced("RUN x \\\n    && y", "RUN x \\\n  && y"),
        ["RUN x && y"],
    ),
    "metadata": (
        replaced("CMD a\nEXPOSE 80\nLABEL a=b", "CMD b\nEXPOSE 81\nLABEL a=c", "RUN x"),
        [],
    ),
    "a variable above a step": (
        replaced("ENV A=1", "ENV A=2", "COPY app app", "RUN x", "COPY . ."),
        ["RUN x", "COPY . ."],
    ),
    "a variable below a step": (
        [build(with_lines("RUN x", f"ENV A={value}", "COPY app app")) for value in "12"],
        [],
    ),
    "a variable in a path": (
        replaced("ENV A=/a", "ENV A=/b", "COPY app $A"),
        ["COPY app $A"],
    ),
    "another way to write the same variable": (
        replaced("ENV A=1 B=2", "ENV A='1'\nENV B \"2\"", "RUN x"),
        [],
    ),
    "an argument": (
        [build(ARG), build(ARG, buildArguments={"MODE": "b"})],
        ["RUN x", "RUN y"],
    ),
    "an argument with its default value": (
        [build(ARG), build(ARG, buildArguments={"MODE": "a"})],
        [],
    ),
    "an argument that is not declared": (
        [build(ARG), build(ARG, buildArguments={"HTTPS_PROXY": "http://proxy"})],
        [],
    ),
    "a global argument in FROM": (
        [
            build("ARG V=3.14\nFROM python:$V\nRUN x\n", buildArguments={"V": version})
            for version in ("3.14", "3.13")
        ],
        ["RUN x"],
    ),
    "a global argument that the stage does not declare": (
        [build(f"ARG V={value}\nFROM python\nRUN x $V\n") for value in "12"],
        [],
    ),
    "a global argument that the stage declares": (
        [build(f"ARG V={value}\nFROM python\nARG V\nRUN x\n") for value in "12"],
        ["RUN x"],
    ),
    "an argument of the stage below": (
        [build(f"FROM python AS a\nARG V={value}\nFROM a\nRUN x\n") for value in "12"],
        ["RUN x"],
    ),
    "the user": (
        replaced("USER 1", "USER 2", "COPY app app", "RUN x"),
        ["RUN x"],
    ),
    "the shell": (
        replaced('SHELL ["sh", "-c"]', 'SHELL ["bash", "-c"]', "RUN x", 'RUN ["x"]'),
        ["RUN x", 'RUN ["x"]'],
    ),
    "the shell above an exec form": (
        replaced('SHELL ["sh", "-c"]', 'SHELL ["bash", "-c"]', 'RUN ["x"]'),
        [],
    ),
    "the network": (
        replaced("RUN x", "RUN --network=none x"),
        ["RUN --network=none x"],
    ),
    "a heredoc": (
        replaced("RUN <<E\nx\nE", "RUN <<E\ny\nE", "COPY <<E /a\nx\nE"),
        ["RUN <<E", "COPY <<E /a"],
    ),
    "the name of a heredoc": (
        replaced("RUN <<E\nx\nE", "RUN <<'F'\nx\nF", "COPY <<E /a\nx\nE"),
        [],
    ),
    "a variable in a heredoc": (
        [
            build(with_lines(f"ARG A={value}", "COPY <<E /a\n$A\nE", "COPY <<'E' /b\n$A\nE"))
            for value in "12"
        ],
        ["COPY <<E /a", "COPY <<'E' /b"],
    ),
    "a variable in a quoted heredoc": (
        [build(with_lines(f"ARG A={value}", "COPY <<'E' /b\n$A\nE")) for value in "12"],
        [],
    ),
    "the name of a cache": (
        replaced(
            "RUN --mount=type=cache,id=a,target=/c x", "RUN --mount=type=cache,id=b,target=/c x"
        ),
        [],
    ),
    "a new cache mount": (
        replaced("RUN x", "RUN --mount=type=cache,target=/c x"),
        ["RUN --mount=type=cache,target=/c x"],
    ),
    "the name of a secret": (
        replaced("RUN --mount=type=secret,id=a x", "RUN --mount=type=secret,id=b x"),
        ["RUN --mount=type=secret,id=b x"],
    ),
    "a mounted file": (
        [
            build(with_lines("RUN --mount=source=app,target=app x"), files)
            for files in (FILES, VIEW)
        ],
        ["RUN --mount=source=app,target=app x"],
    ),
    "a file that is not mounted": (
        [
            build(with_lines("RUN --mount=source=uv.lock,target=uv.lock x"), files)
            for files in (FILES, VIEW)
        ],
        [],
    ),
    "the mounted build context": (
        [build(with_lines("RUN --mount=target=/src x"), files) for files in (FILES, VIEW)],
        ["RUN --mount=target=/src x"],
    ),
    "a wildcard": (
        [build(with_lines("COPY *.toml ./", "COPY */*.py ./"), files) for files in (FILES, VIEW)],
        ["COPY */*.py ./"],
    ),
    "an excluded file": (
        [build(with_lines("COPY --exclude=**/*.py . ."), files) for files in (FILES, VIEW)],
        [],
    ),
    "files with their folders": (
        [
            build(with_lines("COPY --parents **/*.css ./", "COPY --parents **/*.py ./"), files)
            for files in (FILES, VIEW)
        ],
        ["COPY --parents **/*.py ./"],
    ),
    "a layer that does not depend on those above": (
        replaced("RUN x", "RUN y", "COPY --link app app", "COPY uv.lock ./"),
        ["RUN y", "COPY uv.lock ./"],
    ),
    "an image store that cannot merge layers": (
        [
            each | {"mergesLayers": False}
            for each in replaced("RUN x", "RUN y", "COPY --link app app")
        ],
        ["RUN y", "COPY --link app app"],
    ),
    "files from another stage": (
        # Only the content of the copied files counts, unless a command may have changed it.
        [build(STAGES), build(STAGES, VIEW)],
        ["COPY . /all", "RUN make", "COPY --from=built /all/uv.lock built.lock"],
    ),
    "a wildcard in another stage": (
        [build(WILDCARD, files) for files in (FILES, VIEW)],
        ["COPY . /all", "COPY --from=0 /all/app/*.py ./"],
    ),
    "a stage that the target does not need": (
        [
            build("FROM a AS one\nRUN x\nFROM a AS two\nCOPY . .\n", files, target="One")
            for files in (FILES, VIEW)
        ],
        [],
    ),
    "the version of a copied image": (
        [build(with_lines(f"COPY --from=uv:{version} /uv /bin/", "RUN x")) for version in "12"],
        ["COPY --from=uv:2 /uv /bin/", "RUN x"],
    ),
}


@pytest.fixture(scope="module")
def predictions():
    """The predictions for all cases."""
    return dict(
        zip(
            CASES, node.call(MODULE, PREDICT, [builds for builds, _ in CASES.values()]), strict=True
        )
    )


@pytest.mark.parametrize("name", CASES)
def test_only_these_steps_run(predictions, name):
    prediction = predictions[name]
    assert prediction["problems"] == []
    assert [step["text"] for step in prediction["steps"] if not step["cached"]] == CASES[name][1]


@pytest.mark.parametrize(
    ("name", "causes"),
    [
        (
            "a file above the install",
            [{"kind": "files", "names": ["pyproject.toml"]}, {"kind": "above"}, {"kind": "above"}],
        ),
        ("a new name", [{"kind": "files", "names": ["app/other.py"]}]),
        ("another base image", [{"kind": "image"}, *[{"kind": "above"}] * 3]),
        ("a variable above a step", [{"kind": "variables", "names": ["A"]}, {"kind": "above"}]),
        ("the network", [{"kind": "instruction"}]),
        ("a mounted file", [{"kind": "files", "names": ["app/views.py"]}]),
        (
            "files from another stage",
            [
                {"kind": "files", "names": ["app/views.py"]},
                {"kind": "above"},
                {"kind": "stage", "name": "built", "isAssumed": True},
            ],
        ),
        (
            "the version of a copied image",
            [{"kind": "image"}, {"kind": "above"}],
        ),
    ],
)
def test_each_step_that_runs_has_a_cause(predictions, name, causes):
    steps = predictions[name]["steps"]
    assert [step["cause"] for step in steps if not step["cached"]] == causes


def test_a_target_has_to_exist():
    builds = [build(), build(target="other")]
    ((prediction),) = node.call(MODULE, PREDICT, [builds])
    assert prediction["problems"] == [{"line": 1, "reason": "No stage is called other"}]
    assert prediction["steps"] == []


def test_equal_steps_of_two_stages_are_one_step():
    """BuildKit carries out equal steps once, under the name of the last stage that it reads."""
    text = """\
FROM python AS build
WORKDIR /app
RUN make
FROM python
WORKDIR /app
COPY --from=build /built ./
"""
    ((prediction),) = node.call(MODULE, PREDICT, [[build(text), build(text)]])
    steps = [(step["stage"], step["text"], step["after"]) for step in prediction["steps"]]
    assert steps == [
        ("build", "WORKDIR /app", []),
        ("build", "RUN make", [0]),
        ("stage-1", "COPY --from=build /built ./", [0, 1]),
    ]

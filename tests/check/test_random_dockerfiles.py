"""Dockerfiles that nobody would write give no error, and their fixes make them no worse."""

import random

import pytest

from guide import ROOT
from guide.content import recordings
from guide.machine import node

MODULE = ROOT / "docs/assets/js/check/repository.js"
COUNT = 300
RUN = """({ grammar, texts }) => texts.map((dockerfile) => {
    const paths = ["a/Dockerfile", "a/pyproject.toml", "a/uv.lock", "a/shop/views.py", "a/.git/"];
    const run = (files) => module.checkRepository({ paths, texts: files }, grammar)[0];
    const files = { ...PROJECT, "a/Dockerfile": dockerfile };
    const before = run(files);
    return { before, after: run({ ...files, ...before.fixed }) };
})"""
PROJECT = """{
    "a/pyproject.toml": '[project]\\nname = "shop"\\nversion = "1"\\ndependencies = ["django"]\\n'
        + '[dependency-groups]\\ndev = ["pytest"]\\nprod = ["gunicorn"]\\n',
    "a/uv.lock": "version = 1\\n",
    "a/compose.yaml": "services:\\n  web:\\n    build: .\\n    command: uv run gunicorn a\\n",
    "a/.gitlab-ci.yml": "test:\\n  script: [uv sync, docker build --cache-to type=gha .]\\n",
}"""
INSTRUCTIONS = [
    *("FROM {image}", "FROM {image} AS {name}", "FROM {name}", "# {word}", "", "{word}", "RUN"),
    *("RUN {shell}", "RUN {shell} && {shell}", "RUN {mount} \\\n    {shell}", "RUN [{json}]"),
    *("RUN <<EOF\n{shell}\n{shell}\nEOF", "RUN ({shell}; {shell}) || {shell}"),
    *("COPY {path} {path}", "COPY --from={name} {path} {path}", "COPY --chown=1 . .", "COPY"),
    *("ENV {word}={path}", "ENV {word}={path} \\\n    {word}=1", "ARG {word}", "ARG {word}={path}"),
    *("USER {name}", "USER 1000:1000", "WORKDIR {path}", "CMD {shell}", "CMD [{json}]"),
    *(
        "ENTRYPOINT [{json}]",
        "HEALTHCHECK {shell}",
        "HEALTHCHECK CMD curl http://a/",
        "SHELL [{json}]",
    ),
]
WORDS = {
    "image": [
        "python:3.14-slim",
        "ghcr.io/astral-sh/uv:latest",
        "debian",
        "node:24",
        "${X}",
        "a/b",
    ],
    "name": ["build", "base", "dev", "0", "root", "app"],
    "word": [
        "UV_LOCKED",
        "UV_FROZEN",
        "GIT_SHA",
        "TOKEN",
        "PATH",
        "UV_NO_DEV",
        "VIRTUAL_ENV",
        "$A",
    ],
    "path": [".", "/", "/app", "/app/.venv", "uv.lock", "$HOME/x", "../..", "/usr/local", ".env"],
    "shell": [
        *(
            "uv sync",
            "uv sync --locked",
            "uv sync --frozen --no-dev",
            "uv run gunicorn a",
            "uv pip",
        ),
        *("uv sync --group", "uv run --no-sync", "uv venv /app/.venv", "uv lock", "apt-get update"),
        *("chown -R a /app", "rm -rf /app", "exec gunicorn a", "python manage.py migrate", "uvx a"),
        *("pip install uv", "if true; then uv sync; fi", "cd /app", "export A=b", "uv sync $X -U"),
    ],
    "mount": ["--mount=type=cache,target=/root/.cache/uv", "--mount=type=secret,id=a", "--mount="],
    "json": ['"gunicorn", "a"', '"sh", "-c", "uv run gunicorn a"', '"uv", "run", "a"', '"', ""],
}


def dockerfile(seed: int) -> str:
    draw = random.Random(seed)
    lines = (draw.choice(INSTRUCTIONS) for _ in range(draw.randrange(2, 20)))
    words = {kind: lambda kind=kind: draw.choice(WORDS[kind]) for kind in WORDS}
    filled = (line.format(**{kind: choose() for kind, choose in words.items()}) for line in lines)
    return "FROM python:3.14-slim\n" + "\n".join(filled) + "\n"


@pytest.fixture(scope="module")
def results():
    argument = {"grammar": recordings.uv_options(), "texts": [dockerfile(n) for n in range(COUNT)]}
    return node.call(MODULE, RUN.replace("PROJECT", PROJECT), argument)


def test_most_rules_find_something(results):
    rules = {finding["rule"] for result in results for finding in result["before"]["findings"]}
    assert len(rules) > 25


def test_findings_are_on_lines_of_the_file(results):
    for seed, result in enumerate(results):
        count = len(dockerfile(seed).splitlines())
        for finding in result["before"]["findings"]:
            if finding["file"] == "a/Dockerfile":
                assert 1 <= finding["line"] <= finding["lastLine"] <= count, (seed, finding)


def test_fixes_leave_fewer_findings_and_no_new_problem(results):
    for seed, result in enumerate(results):
        before, after = result["before"], result["after"]
        assert len(after["problems"]) <= len(before["problems"]), seed
        if before["fixed"]:
            assert len(after["findings"]) <= len(before["findings"]), seed


def test_there_is_nothing_left_to_fix(results):
    again = {seed: result["after"]["fixed"] for seed, result in enumerate(results)}
    assert {seed: fixed for seed, fixed in again.items() if fixed} == {}

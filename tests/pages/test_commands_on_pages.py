"""The programs understand the commands that the text of the pages and the examples names."""

import re

import pytest

from assertions import nonempty
from command_lines import OPTIONS, RECORDED, calls_in, fault_of, known_options
from guide import ROOT
from guide.content.examples import examples
from guide.content.tool_versions import tools
from served import file_of

# Options of other programs. The pages state that uv has no --only-extra.
OTHER_OPTIONS = {
    "--bind": "gunicorn",
    "--chown": "COPY",
    "--dependency-groups-strategy": "migrate-to-uv",
    "--ignore-locked-versions": "migrate-to-uv",
    "--interval": "HEALTHCHECK",
    "--keep-current-build-backend": "migrate-to-uv",
    "--level": "scripts/check",
    "--no-install-recommends": "apt-get",
    "--no-update": "Poetry 1",
    "--noinput": "manage.py",
    "--noreload": "manage.py",
    "--only-extra": "none",
    "--schedule": "Celery",
    "--settings": "django-admin",
    "--skip-lock": "migrate-to-uv",
    "--start-interval": "HEALTHCHECK",
    "--statsd-host": "gunicorn",
    "--threads": "gunicorn",
    "--worker-tmp-dir": "gunicorn",
    "--workers": "gunicorn",
    "--write": "scripts/check",
    "-A": "Celery",
    "-R": "chown",
}

# Commands of Poetry 1, of which the pages say that Poetry 2 rejects them.
REJECTED = {("poetry", "install", "--no-dev"), ("poetry", "lock", "--no-update")}


@pytest.fixture(scope="session")
def code_spans(pages):
    """The inline code of the pages, each with the name of its file."""
    return [
        (file_of(address), " ".join(code.get_text().replace("\u200b", "").split()))
        for address, page in pages.items()
        for code in page.select("article code:not(pre code)")
    ]


def test_commands_on_pages_are_understood(code_spans):
    calls = [(file, call) for file, text in code_spans for call in calls_in(text)]
    for file, call in nonempty(calls):
        fault = fault_of(call)
        assert bool(fault) == (call in REJECTED), f"{file}: `{' '.join(call)}`: {fault}"


def test_options_on_pages_exist(code_spans):
    options = [
        (file, option)
        for file, text in code_spans
        if text.startswith("-")
        for option in re.findall(r"(?<!\S)--?[a-zA-Z][\w-]*", text)
    ]
    unknown = [(file, option) for file, option in options if option not in known_options()]
    for file, option in nonempty(unknown):
        assert option in OTHER_OPTIONS, f"{file}: `{option}`: uv, Docker, Poetry and pip lack it"
    unnecessary = OTHER_OPTIONS.keys() - {option for _, option in unknown}
    assert not unnecessary, f"Remove the exceptions that are not necessary: {unnecessary}"


def test_commands_in_comments_of_the_examples_are_understood():
    paths = [each.folder / path for each in examples() for path in each.files]
    calls = []
    for path in paths:
        # A command can continue in the next line of a comment.
        text = re.sub(r"\n *#", " ", path.read_text())
        spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", text)
        calls += [(path, call) for span in spans for call in calls_in(span)]
    for path, call in nonempty(calls):
        fault = fault_of(call)
        assert not fault, f"{path.relative_to(ROOT)}: `{' '.join(call)}`: {fault}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("uv sync --lock", "unexpected argument '--lock' found"),
        ("uv install --locked", "unrecognized subcommand 'install'"),
        ("uv lock check", "unexpected argument 'check' found"),
        ("uv run --only-groups lint ruff check", "unexpected argument '--only-groups' found"),
        ("uv version --bump micro", "invalid bump component `micro`"),
        ("uvx --silent ruff", "unexpected argument '--silent' found"),
        (
            "RUN --mount=type=cache,target=/c uv sync --freeze",
            "unexpected argument '--freeze' found",
        ),
        ("docker build --tags x .", "docker build has no option --tags"),
        (
            "docker compose -f a.yaml start-up",
            "docker compose start-up is not in command_options.json",
        ),
        ("docker compose -f a.yaml up --builds", "docker compose up has no option --builds"),
        ("poetry env remove --everything", "poetry env remove has no option --everything"),
        ("poetry sync-all", "poetry sync-all is not in command_options.json"),
        ("poetry lock && uv lock --checks", "unexpected argument '--checks' found"),
        ("pip install --require-hash x", "pip install has no option --require-hash"),
    ],
)
def test_a_mistake_in_a_command_is_found(text, fault):
    (found,) = [each for each in map(fault_of, calls_in(text)) if each]
    assert fault in found


@pytest.mark.parametrize(
    "text",
    [
        "uv run --only-group lint ruff check --fix",
        "docker run --rm -e A=b image program --any-option",
        "docker build --file=other.Dockerfile -",
        "poetry run pip list --any-option",
    ],
)
def test_options_of_other_programs_are_not_compared(text):
    assert [fault_of(call) for call in calls_in(text)] == [None]


def test_the_recorded_options_are_those_of_the_pinned_poetry():
    assert RECORDED["versions"]["poetry"] == tools()["poetry"], "Run scripts/record options."
    assert {"docker build", "poetry install", "pip install"} <= OPTIONS.keys()

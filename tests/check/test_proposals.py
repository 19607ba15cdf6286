"""Proposals end their findings, and name what a reader has to check."""

import re

import pytest

from guide.content import recordings
from guide.machine import node
from rule_cases import CASES, MODULE, Case, check, count, edited

# The fast lane has the tests of the modules that do the work.
pytestmark = pytest.mark.slow

PROPOSALS = MODULE.with_name("proposals.js")
PROPOSE = """({ grammar, cases }) => cases.map(({ input, findings }) =>
    module.proposalsIn({ ...input, grammar }, findings))"""
# What a change brings to light: settings that undo it, and steps that a new server or a new
# lockfile needs.
FOLLOWING = {
    "no-lock-flag": {"lockfile-ignored", "lockfile-out-of-date"},
    "no-start-command": {"no-health-check", "server-not-installed"},
    "runs-as-root": {"compose-user-root"},
}
# The lines that create the user of a container.
CREATE = (
    "RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app \\\n"
    "    && install --directory --owner app --group app /data\n"
)


def proposals(inputs, results):
    cases = [
        {"input": each, "findings": result["findings"]}
        for each, result in zip(inputs, results, strict=True)
    ]
    return node.call(MODULE, PROPOSE, {"grammar": recordings.uv_options(), "cases": cases})


@pytest.fixture(scope="module")
def proposed():
    """Every proposal for a finding in a case, with the results before and after it."""
    inputs = [case.input() for case in CASES]
    results = check(inputs)
    found = [
        (case, before, finding, proposal)
        for case, before, own in zip(CASES, results, proposals(inputs, results), strict=True)
        for finding, proposal in zip(before["findings"], own, strict=True)
        if proposal
    ]
    texts = edited([case for case, *_ in found], [each["edits"] for *_, each in found])
    return [(*each, after) for each, after in zip(found, check(texts), strict=True)]


def test_proposals_end_their_findings_and_add_none(proposed):
    wrong = []
    for case, before, finding, _, after in proposed:
        rule = finding["rule"]
        allowed = count(before)
        allowed[rule] -= 1
        more = {each for each, n in count(after).items() if n > allowed.get(each, 0)}
        if more - FOLLOWING.get(rule, set()) or after["problems"]:
            wrong.append(f"{case.name}: {rule} adds {more or after['problems']}")
    assert not wrong, "\n".join(wrong)


def test_every_kind_of_proposal_is_made(proposed):
    texts = (PROPOSALS.read_text(), MODULE.with_name("yaml-support.js").read_text())
    names = {name for text in texts for name in re.findall(r'"([\w-]+)": \w+[ ,]', text)}
    assert len(names) > 10
    assert {finding["rule"] for _, _, finding, *_ in proposed} == names


def test_conditions_are_one_or_two_sentences(proposed):
    texts = {proposal["condition"] for *_, proposal, _ in proposed}
    sentences = {text: re.split(r"(?<=\.) (?=[A-Z])", text) for text in texts}
    assert [
        text
        for text, parts in sentences.items()
        if len(parts) > 2 or not all(part.endswith(".") for part in parts) or ", and if " in text
    ] == []


def test_findings_with_a_fix_have_no_proposal(proposed):
    assert not any("fix" in finding for _, _, finding, *_ in proposed)


@pytest.mark.parametrize(
    ("rule", "lines", "changed"),
    [
        (
            "runs-as-root",
            'RUN uv sync\nEXPOSE 8000\nCMD ["gunicorn", "a"]',
            f'{CREATE}RUN uv sync\nEXPOSE 8000\nUSER 10001\nCMD ["gunicorn", "a"]',
        ),
        (
            "runs-as-root",
            'CMD ["gunicorn", "a"]\nRUN uv sync',
            f'{CREATE}CMD ["gunicorn", "a"]\nRUN uv sync\nUSER 10001',
        ),
        ("runs-as-root", 'CMD ["gunicorn", "a"]', f'{CREATE}USER 10001\nCMD ["gunicorn", "a"]'),
        (
            "runs-as-root",
            "USER app\nCOPY . .\nUSER root\nEXPOSE 8000",
            f"USER app\nCOPY . .\nUSER root\nEXPOSE 8000\n{CREATE}USER 10001",
        ),
        ("runs-as-root", "RUN uv sync\nCMD uv run report.py", None),
        (
            "migrate-at-start",
            "CMD python manage.py migrate && exec gunicorn a",
            'CMD ["gunicorn", "a"]',
        ),
        (
            "migrate-at-start",
            "CMD python manage.py migrate --noinput && exec gunicorn -b :$PORT a",
            "CMD exec gunicorn -b :$PORT a",
        ),
        (
            "runserver-in-production",
            'ENV DJANGO_SETTINGS_MODULE=shop.settings PATH="/.venv/bin:$PATH"\nRUN uv sync\n'
            'CMD ["python", "manage.py", "runserver", "0.0.0.0:9000"]',
            'ENV DJANGO_SETTINGS_MODULE=shop.settings PATH="/.venv/bin:$PATH"\nRUN uv sync\n'
            'CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:9000", "--workers", "2"]',
        ),
        (
            "secret-in-env",
            'ENV SECRET_KEY=abc A=1\nRUN pip install uv && uv sync\nCMD ["gunicorn", "a"]',
            'ENV A=1\nRUN pip install uv && uv sync\nCMD ["gunicorn", "a"]',
        ),
        ("secret-in-env", "ENV SECRET_KEY=abc\nRUN uv run manage.py collectstatic", None),
        ("secret-in-env", "ENV API_TOKEN=abc\nRUN echo $API_TOKEN > /token", None),
        ("secret-in-env", "ENV UV_INDEX_ACME_PASSWORD=abc\nRUN uv sync", None),
        (
            "no-lock-flag",
            "COPY pyproject.toml .\nRUN uv sync",
            "COPY pyproject.toml uv.lock .\nRUN uv sync --locked",
        ),
        (
            "user-by-name",
            'RUN useradd --create-home app\nUSER app\nCMD ["gunicorn", "a"]',
            'RUN useradd --uid 10001 --create-home app\nUSER 10001\nCMD ["gunicorn", "a"]',
        ),
        (
            "no-health-check",
            'CMD ["gunicorn", "a", "--bind", "0.0.0.0:8080"]',
            "HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\\n"
            '    CMD ["python", "-c", "import http.client as h; '
            "c = h.HTTPConnection('127.0.0.1', 8080, timeout=4); c.request('GET', '/'); "
            'c.getresponse()"]\nCMD ["gunicorn", "a", "--bind", "0.0.0.0:8080"]',
        ),
        ("no-health-check", 'CMD ["gunicorn", "a", "--bind", "unix:/run/a"]', None),
        (
            "failure-ignored",
            "RUN uv run manage.py collectstatic || true",
            "RUN uv run manage.py collectstatic",
        ),
    ],
)
def test_a_proposal_is_written_as_a_person_would(rule, lines, changed):
    text = f"FROM python:3.14-slim-trixie\n{lines}"
    given = {"dockerfile": text}
    (result,) = check([given])
    (own,) = proposals([given], [result])
    at = [each["rule"] for each in result["findings"]].index(rule)
    if changed is None:
        assert own[at] is None
    else:
        (after,) = edited([Case(rule, "", text.splitlines())], [own[at]["edits"]])
        assert after["dockerfile"] == f"FROM python:3.14-slim-trixie\n{changed}"


def test_compose_waits_for_the_database():
    compose = (
        "services:\n  web:\n    build: .\n    depends_on:\n      - redis\n      - db\n"
        "  db:\n    image: postgres:18\n  redis:\n    image: redis\n"
    )
    given = {"dockerfile": "FROM python:3.14-slim-trixie\n", "texts": {"compose.yaml": compose}}
    (result,) = check([given])
    (own,) = proposals([given], [result])
    at = [each["rule"] for each in result["findings"]].index("depends-on-not-ready")
    text = node.call(
        MODULE.with_name("fixes.js"),
        "({ input, edits }) => module.withEdits(input, edits).texts",
        {"input": given, "edits": own[at]["edits"]},
    )["compose.yaml"]
    assert text == (
        "services:\n  web:\n    build: .\n    depends_on:\n"
        "      redis:\n        condition: service_started\n"
        "      db:\n        condition: service_healthy\n"
        "  db:\n    healthcheck:\n"
        '      test: ["CMD-SHELL", \'pg_isready --username "$${POSTGRES_USER:-postgres}"\']\n'
        "      interval: 2s\n      retries: 30\n"
        "    image: postgres:18\n  redis:\n    image: redis\n"
    )


@pytest.mark.parametrize(
    ("driver", "compose", "path", "volume", "note"),
    [
        (None, "", False, False, "With SQLite,"),
        ("", "", True, True, "the volume of the SQLite database"),
        ("psycopg[binary]", "", False, False, None),
        ("", "services:\n  db:\n    image: postgres:18\n", False, False, None),
    ],
    ids=["unknown", "SQLite", "psycopg", "a database in compose.yaml"],
)
def test_the_user_of_a_container_can_write_to_a_sqlite_database(
    driver, compose, path, volume, note
):
    """The advice about migrations then names the volume with the database."""
    text = "FROM python:3.14-slim\nRUN uv sync\nCMD python manage.py migrate && exec gunicorn a\n"
    pyproject = f'[project]\nname = "a"\nversion = "1"\ndependencies = ["django", "{driver}"]\n'
    texts = {} if driver is None else {"pyproject.toml": pyproject, "compose.yaml": compose}
    given = {"dockerfile": text, "texts": texts}
    (result,) = check([given])
    own = dict(
        zip(
            (each["rule"] for each in result["findings"]), proposals([given], [result])[0], strict=1
        )
    )
    user, migrations = own["runs-as-root"], own["migrate-at-start"]["condition"]
    (created, used) = (each["text"] for each in user["edits"])
    assert "\n".join(created) + "\n" == CREATE
    assert used == ["ENV DATABASE_PATH=/data/db.sqlite3"] * path + ["USER 10001"]
    assert "`/data`" in user["condition"]
    assert ("--volume DATA:/data" in migrations) == volume
    assert note in migrations if note else migrations.endswith("manage.py migrate`.")

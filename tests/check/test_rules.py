"""Every rule finds what its fixture says, and nothing else.

The fixture of a rule is rules/RULE.Dockerfile. It has several cases, which start with a comment
`# case: TITLE`. The rule must find the line below a comment `# finds: REASON`, and no other line.
A comment `# fine: REASON` states why the line below it is right. After `# files: FOLDER`, the case
is checked with the files in rules/projects/FOLDER, whose comments count as well.
"""

import re

import pytest

from guide.check.folders import LEVELS
from guide.content import recordings
from guide.content.check_rules import MODULES as RULES
from guide.content.claims import claims
from guide.machine import node
from rule_cases import CASES, MODULE, Case, check, count, edited, fix

CATALOGUE = "() => module.allRules.map(({ check, ...rule }) => rule)"


@pytest.fixture(scope="module")
def catalogue():
    return node.call(RULES.with_name("repository.js"), CATALOGUE, None)


@pytest.fixture(scope="module")
def results():
    return check([case.input() for case in CASES])


def test_every_rule_finds_its_lines_alone(results):
    wrong = [
        f"{case.name}: finds {sorted(actual)}, not {sorted(case.finds)}"
        for case, result in zip(CASES, results, strict=True)
        if (actual := lines(result, case.rule)) != case.finds
    ]
    assert not wrong, "\n".join(wrong)


def lines(result: dict, rule: str) -> set[tuple[str, int]]:
    return {
        (each.get("file", ""), each["line"]) for each in result["findings"] if each["rule"] == rule
    }


def test_fixtures_are_understood(results):
    problems = {
        case.name: result["problems"]
        for case, result in zip(CASES, results, strict=True)
        if result["problems"]
    }
    assert problems == {}


def test_every_rule_has_a_bad_and_a_good_case(catalogue):
    rules = {rule["id"] for rule in catalogue}
    assert rules == {path.stem for path in RULES.glob("*.js")}
    assert rules == {case.rule for case in CASES if case.finds}
    assert rules == {case.rule for case in CASES if case.fine or not case.finds}


def test_the_levels_of_the_command_are_those_of_the_rules(catalogue):
    module = MODULE.with_name("findings.js")
    assert node.call(module, "() => module.SEVERITIES", None) == [*LEVELS]
    assert {rule["severity"] for rule in catalogue} == {*LEVELS}


def test_every_rule_has_a_proof_or_states_what_was_not_tried(catalogue):
    for rule in catalogue:
        assert rule["claims"] or rule.get("notTried"), rule["id"]
        assert set(rule["claims"]) <= claims().keys(), rule["id"]


@pytest.fixture(scope="module")
def fixed(results):
    """The cases that a fix of their rule changes, each with the results before and after it."""
    fixes = [
        [edit for each in result["findings"] if each["rule"] == case.rule for edit in fix(each)]
        for case, result in zip(CASES, results, strict=True)
    ]
    changed = [
        each for each in zip(CASES, results, edited(CASES, fixes), fixes, strict=True) if each[-1]
    ]
    after = check([text for *_, text, _ in changed])
    return [
        (case, before, text["dockerfile"], result)
        for (case, before, text, _), result in zip(changed, after, strict=True)
    ]


def test_a_rule_has_a_case_with_a_fix_or_states_why_there_is_none(catalogue, fixed):
    with_fix = {case.rule for case, *_ in fixed}
    assert {rule["id"] for rule in catalogue if "noFix" not in rule} == with_fix


def test_fixes_remove_their_finding_and_add_none(fixed):
    wrong = []
    for case, before, text, after in fixed:
        allowed = count(before)
        fixes = [each for each in before["findings"] if each["rule"] == case.rule and fix(each)]
        allowed[case.rule] -= len(fixes)
        more = {rule: n for rule, n in count(after).items() if n > allowed.get(rule, 0)}
        if more or after["problems"]:
            wrong.append(f"{case.name}: {more or after['problems']}\n{text.strip()}")
    assert not wrong, "\n".join(wrong)


def test_each_fix_alone_removes_its_finding_and_adds_none(results):
    """Readers also apply a single fix, of any rule that finds something in a case."""
    single = [
        (case, before, finding)
        for case, before in zip(CASES, results, strict=True)
        for finding in before["findings"]
        if fix(finding)
    ]
    assert len(single) > 1000
    texts = edited([case for case, *_ in single], [fix(finding) for *_, finding in single])
    wrong = []
    for (case, before, finding), text, after in zip(single, texts, check(texts), strict=True):
        allowed = count(before)
        allowed[finding["rule"]] -= 1
        more = {rule: n for rule, n in count(after).items() if n > allowed.get(rule, 0)}
        if more:
            wrong.append(
                f"{case.name}: {finding['rule']} adds {more}\n{text['dockerfile'].strip()}"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\ufffd\n" * 5,
        "FROM",
        "FROM a\nRUN",
        "FROM a\nCOPY\nCMD [",
        "FROM a\nHEALTHCHECK CMD",
        "FROM a\nCMD\nENTRYPOINT []\nUSER\nRUN --mount= uv sync",
        "FROM a\nRUN uv\nRUN uv pip\nCMD uv run",
        "FROM a\nRUN " + '"' * 999 + "\nCMD " + "(" * 999 + "\nUSER " + "a" * 99_999,
    ],
)
def test_faulty_input_gives_no_error(text):
    check([{"dockerfile": text}])


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN " + "(" * 100_000,
        "FROM a\nRUN --mount=type=cache,target=/a " * 3_000,
        "FROM a\n" + "RUN uv sync\n" * 10_000,
        "FROM a\n" + "ENV A=$A$A\n" * 500,
        "FROM a\nRUN " + "a && " * 100_000,
        "\0" * 2_000_000,
    ],
    ids=["parentheses", "mounts", "instructions", "values", "commands", "binary"],
)
def test_what_is_too_large_is_a_problem(text):
    (result,) = check([{"dockerfile": text}])
    assert re.search(r"more than \d+ (?:character|instruction)s$", result["problems"][0]["reason"])


def test_the_worst_findings_come_first(results):
    order = ["breaks", "slow", "risky", "untidy"]
    for result in results:
        ranks = [order.index(each["severity"]) for each in result["findings"]]
        assert ranks == sorted(ranks)


def test_what_cannot_be_judged_is_named():
    text = (
        "FROM registry.example.com/base:3\nRUN ./install.sh && make deps\nRUN poetry install\n"
        'ENTRYPOINT ["/entrypoint.sh"]\n'
    )
    (result,) = check([{"dockerfile": text}])
    assert [(each["line"], each["reason"]) for each in result["notJudged"]] == [
        (
            1,
            "The image `registry.example.com/base:3` can set a user, variables and a health check.",
        ),
        (2, "What `./install.sh` installs is unknown."),
        (2, "What `make deps` does is unknown."),
        (3, "poetry installs here, which the rules for uv do not cover."),
        (4, "What `/entrypoint.sh` does when a container starts is unknown."),
    ]


@pytest.mark.parametrize(
    ("text", "is_judged"),
    [
        ("FROM node:24-slim\nCOPY . .\nRUN npm ci", False),
        ("FROM docker.io/library/nginx:1.29\nCOPY --from=x /a /b", False),
        ("FROM node:24-slim\nRUN pip install uv && uv sync", True),
        ("FROM node:24-slim AS a\nFROM python:3.14-slim", True),
    ],
)
def test_images_for_other_programs_are_not_judged(text, is_judged):
    (result,) = check([{"dockerfile": text}])
    reasons = [each["reason"] for each in result["notJudged"]]
    assert any(reason.endswith("so the rules do not apply.") for reason in reasons) != is_judged
    assert bool(result["findings"]) == is_judged


def test_the_lines_of_a_template_are_one_problem():
    text = "{%- if a %}\nFROM python:3.14-slim\n{% else %}\nUSER 1000\n{%- endif %}\n"
    (result,) = check([{"dockerfile": text}])
    assert result["problems"] == [{"line": 1, "reason": "the lines of the template are left out"}]


def test_messages_and_advice_are_single_sentences(catalogue, results):
    texts = [
        rule[key] for rule in catalogue for key in ("advice", "noFix", "notTried") if key in rule
    ]
    texts += [each["message"] for result in results for each in result["findings"]]
    assert [
        text for text in texts if not text.endswith(".") or re.search(r"\w`?\. [A-Z`]", text)
    ] == []


def test_every_fix_is_applied_together():
    """One fix can make another one possible, and several can change one line."""
    text = "FROM python:3.14-slim-trixie\nRUN uv sync --frozen --no-dev\nCMD uv run gunicorn a\n"
    argument = {"grammar": recordings.uv_options(), "dockerfile": text}
    files = node.call(MODULE.with_name("fixes.js"), "module.fixAll", argument)
    assert files == {
        "": "FROM python:3.14-slim-trixie\n"
        "ENV UV_COMPILE_BYTECODE=1\n"
        "ENV UV_LINK_MODE=copy\n"
        "ENV UV_PYTHON_DOWNLOADS=never\n"
        "RUN --mount=type=cache,target=/root/.cache/uv \\\n"
        "    uv sync --locked --no-dev\n"
        'ENV PATH="/.venv/bin:$PATH"\n'
        "ENV PYTHONUNBUFFERED=1\n"
        'CMD ["gunicorn", "a"]\n'
    }


@pytest.mark.parametrize(
    ("rule", "lines", "fixed"),
    [
        ("shell-is-pid-1", "CMD gunicorn shop.wsgi", 'CMD ["gunicorn", "shop.wsgi"]'),
        ("shell-is-pid-1", "CMD gunicorn -b :$PORT a", "CMD exec gunicorn -b :$PORT a"),
        ("shell-is-pid-1", "CMD a && gunicorn b", "CMD a && exec gunicorn b"),
        (
            "shell-is-pid-1",
            'CMD ["sh", "-c", "a && gunicorn b"]',
            'CMD ["sh", "-c", "a && exec gunicorn b"]',
        ),
        (
            "apt-lists-kept",
            "RUN apt-get update \\\n    && apt-get install -y a",
            "RUN apt-get update \\\n    && apt-get install -y a \\\n"
            "    && rm -rf /var/lib/apt/lists/*",
        ),
        (
            "no-cache-mount",
            "RUN uv sync",
            "ENV UV_LINK_MODE=copy\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    uv sync",
        ),
        (
            "no-cache-mount",
            "RUN uv sync --no-install-project\nCOPY . .\nRUN uv sync",
            "ENV UV_LINK_MODE=copy\n"
            "RUN --mount=type=cache,target=/root/.cache/uv \\\n    uv sync --no-install-project\n"
            "COPY . .\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    uv sync",
        ),
        (
            "shell-is-pid-1",
            "RUN uv sync\nCMD uv run manage.py migrate && uv run gunicorn a",
            "RUN uv sync\n"
            'ENV PATH="/.venv/bin:$PATH"\nCMD python manage.py migrate && exec gunicorn a',
        ),
        ("no-bytecode", "# Why.\nRUN uv sync", "ENV UV_COMPILE_BYTECODE=1\n# Why.\nRUN uv sync"),
        (
            "health-check-needs-curl",
            "HEALTHCHECK --timeout=5s CMD curl -f http://localhost/ || exit 1",
            "HEALTHCHECK --timeout=5s \\\n    CMD "
            """["python", "-c", "import urllib.request as r; r.urlopen('http://localhost/', """
            'timeout=4)"]',
        ),
        (
            "uv-run-at-start",
            'ENV PATH="/.venv/bin:$PATH"\nRUN uv sync\nCMD uv run --no-dev gunicorn a',
            'ENV PATH="/.venv/bin:$PATH"\nRUN uv sync\nCMD gunicorn a',
        ),
        (
            "lock-flags-conflict",
            "ENV A=1 \\\n    UV_FROZEN=1 \\\n    UV_LOCKED=1\nRUN uv sync",
            "ENV A=1 \\\n    UV_LOCKED=1\nRUN uv sync",
        ),
        (
            "lock-flags-conflict",
            'ENV UV_FROZEN="1" UV_LOCKED=1\nRUN uv sync',
            "ENV UV_LOCKED=1\nRUN uv sync",
        ),
        (
            "cache-mount-not-used",
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync --no-cache --locked",
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked",
        ),
        (
            "changing-arg-above-install",
            "# The commit.\nARG GIT_SHA=none\nRUN uv sync\nRUN uv sync\nLABEL a=$GIT_SHA",
            "RUN uv sync\nRUN uv sync\n# The commit.\nARG GIT_SHA=none\nLABEL a=$GIT_SHA",
        ),
        # What cannot be fixed on its lines alone.
        ("uv-run-at-start", "RUN uv sync\nCMD uv run report.py", None),
        ("uv-run-at-start", "RUN uv sync\nCMD uv run --with gunicorn gunicorn a", None),
        (
            "lock-flags-conflict",
            "ENV A=1 \\\n    UV_LOCKED=1 \\\n    UV_FROZEN=1\nRUN uv sync",
            None,
        ),
        (
            "cache-mount-not-used",
            "USER a\nRUN --mount=type=cache,target=/root/.cache uv sync",
            None,
        ),
        ("changing-arg-above-install", "ARG GIT_SHA\nRUN uv sync && echo $GIT_SHA", None),
        ("uv-not-pinned", "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/", None),
        ("code-before-install", "COPY . .\nRUN uv sync", None),
        ("apt-lists-kept", "RUN apt-get update || exit 1", None),
        ("no-cache-mount", "USER app\nRUN uv sync", None),
        ("no-cache-mount", "RUN uv sync && rm -rf /root/.cache", None),
        ("shell-is-pid-1", "CMD A=b gunicorn c", None),
        ("shell-is-pid-1", "CMD a; gunicorn b", None),
        ("health-check-needs-curl", "HEALTHCHECK CMD curl http://localhost:$PORT/", None),
        ("dev-group-shipped", "RUN uv sync --all-groups", None),
    ],
)
def test_a_fix_is_written_as_a_person_would(rule, lines, fixed):
    text = f"FROM python:3.14-slim\n{lines}"
    (result,) = check([{"dockerfile": text}])
    (finding,) = [each for each in result["findings"] if each["rule"] == rule]
    if fixed is None:
        assert "fix" not in finding
    else:
        case = Case(rule, "", text.splitlines())
        (after,) = edited([case], [finding["fix"]])
        assert after["dockerfile"] == f"FROM python:3.14-slim\n{fixed}"


@pytest.mark.parametrize(
    ("rule", "lines", "message"),
    [
        (
            "python-downloads",
            "COPY . .\nRUN uv sync",
            "pyproject.toml requires Python `>=3.15`, and the base image has 3.14, "
            "so uv downloads a different Python.",
        ),
        (
            "no-lock-flag",
            "COPY pyproject.toml ./\nRUN uv sync\nCOPY . .",
            "No line above copies uv.lock, so this step resolves the newest versions in each "
            "build.",
        ),
        (
            "build-tools-shipped",
            "FROM python:3.14-trixie",
            "`python:3.14-trixie` contains compilers and headers, which `python:3.14-slim-trixie` "
            "does not.",
        ),
        (
            "build-tools-shipped",
            "FROM python",
            "`python` contains compilers and headers, which `python:slim` does not.",
        ),
        (
            "package-not-locked",
            "COPY . .\nRUN uv sync --locked && uv pip install gunicorn",
            "`gunicorn` is a dependency of the project, so this step has no effect, unless an "
            "earlier step left the package out and this step installs the newest version.",
        ),
    ],
)
def test_a_message_describes_the_project(rule, lines, message):
    pyproject = (
        '[project]\nname = "a"\nrequires-python = ">=3.15"\ndependencies = ["gunicorn>=23"]\n'
    )
    text = f"FROM python:3.14-slim-trixie\n{lines}"
    (result,) = check([{"dockerfile": text, "texts": {"pyproject.toml": pyproject}}])
    assert message in [each["message"] for each in result["findings"] if each["rule"] == rule]


@pytest.mark.parametrize(
    ("lines", "fixed"),
    [
        ("COPY . .\nRUN uv sync", "COPY pyproject.toml uv.lock .\nRUN uv sync\nCOPY . ."),
        (
            "COPY . .\nRUN pip install --no-cache-dir uv==0.13.9\n# Why.\nRUN uv sync",
            "RUN pip install --no-cache-dir uv==0.13.9\nCOPY pyproject.toml uv.lock .\n"
            "# Why.\nRUN uv sync\nCOPY . .",
        ),
        ("COPY . .\nRUN pip install -r uv.txt\nRUN uv sync", None),
        ("COPY . .\nRUN apt-get install ./a.deb\nRUN uv sync", None),
        ("COPY . .\nRUN apt-get install deb/a.deb\nRUN uv sync", None),
        ("COPY . .\nRUN apt-get install -y $(cat packages.txt)\nRUN uv sync", None),
        ("COPY . .\nRUN apt-get install -y `cat packages.txt`\nRUN uv sync", None),
        ("COPY . .\nRUN xargs apt-get install -y < packages.txt\nRUN uv sync", None),
        ("COPY . .\nRUN addgroup --system app < names.txt\nRUN uv sync", None),
        ("COPY . .\nWORKDIR /srv/backend\nRUN uv sync", None),
    ],
)
def test_the_code_of_pasted_files_is_copied_last(lines, fixed):
    texts = {"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n'}
    given = {"dockerfile": f"FROM python:3.14-slim\nWORKDIR /srv\n{lines}", "texts": texts}
    (result,) = check([given])
    (finding,) = [each for each in result["findings"] if each["rule"] == "code-before-install"]
    assert ("fix" in finding) == (fixed is not None)
    if fixed:
        after = node.call(
            MODULE.with_name("fixes.js"),
            "({ input, edits }) => module.withEdits(input, edits).dockerfile",
            {"input": given, "edits": finding["fix"]},
        )
        assert after == f"FROM python:3.14-slim\nWORKDIR /srv\n{fixed}"

"""scripts/check prints findings in each format, shows fixes as a patch, and writes them."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from guide import ROOT
from guide.content.release import guide_version

# The fast lane has the tests of the modules that do the work.
pytestmark = pytest.mark.slow

DOCKERFILE = """\
FROM python:3.14-slim
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
COPY . .
USER 10001
CMD ["/app/.venv/bin/gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]
"""
PYPROJECT = """\
[project]
name = "shop"
version = "1"
dependencies = ["gunicorn"]
"""
LOCKFILE = """\
version = 1

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "gunicorn" }]

[package.metadata]
requires-dist = [{ name = "gunicorn" }]
"""


@pytest.fixture
def project(tmp_path):
    """A folder with a Dockerfile in which uv sync does not check the lockfile."""
    return write(tmp_path / "shop")


def write(folder, dockerfile=DOCKERFILE, **files):
    folder.mkdir(parents=True)
    texts = {"Dockerfile": dockerfile, "pyproject.toml": PYPROJECT, "uv.lock": LOCKFILE}
    for name, text in {**texts, ".dockerignore": ".env\n.venv\n.git\n", **files}.items():
        (folder / name).write_text(text)
    return folder


def check(*arguments, cwd=ROOT, **environ):
    return subprocess.run(
        [sys.executable, ROOT / "scripts/check", *arguments],
        cwd=cwd,
        # The environment is the one of this process.
        env={**os.environ, "GUIDE_ENVIRONMENT": str(ROOT), **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def found(*arguments, **options):
    """Return the file, the line and the rule of each finding."""
    output = json.loads(check("--format", "json", *arguments, **options).stdout)
    return {
        (each["path"], finding["file"], finding["line"], finding["rule"])
        for each in output["dockerfiles"]
        for finding in each["findings"]
    }


def test_the_report_names_the_line_what_happens_and_what_to_do(project):
    done = check(cwd=project)
    assert (done.returncode, done.stderr) == (1, "")
    assert (
        "Dockerfile:5  risky  The build does not notice an out-of-date lockfile  frozen-install\n"
        "  5 | RUN uv sync --frozen\n"
        "  If you add a package to pyproject.toml and forget `uv lock`, this step succeeds without "
        "the package, because of `--frozen`. Use `--locked`, which fails if the lockfile is out of "
        "date.\n"
    ) in done.stdout
    assert re.search(r"\n\d findings in 1 Dockerfile: .*3 untidy\.\n$", done.stdout)


def test_the_worst_findings_come_first(project):
    levels = re.findall(r"(?m)^Dockerfile:\d+  (\w+)  ", check(cwd=project).stdout)
    order = ["breaks", "slow", "risky", "untidy"]
    assert levels == sorted(levels, key=order.index)
    assert len({*levels}) > 1


def test_the_level_decides_on_the_exit_status(project):
    assert check("--level", "breaks", project).returncode == 0
    assert check("--level", "risky", project).returncode == 1


def test_a_clean_project_has_the_exit_status_0():
    done = check("examples/pattern-a-single-stage")
    assert (done.returncode, done.stdout) == (0, "No findings in 1 Dockerfile.\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere"], "check: nowhere is not a folder. Name folders that contain Dockerfiles."),
        (["docs"], "check: There is no Dockerfile in docs. Name a folder that contains one."),
        (["--write"], "scripts/check: error: --write requires --fix"),
        (
            ["--fix", "--format", "json"],
            "scripts/check: error: --fix and --format exclude each other",
        ),
    ],
)
def test_wrong_usage_has_the_exit_status_2(arguments, line):
    done = check(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == line


def test_several_folders_are_checked_at_once(tmp_path):
    first, second = (write(tmp_path / name) for name in ("first", "second"))
    assert "in 2 Dockerfiles: " in check(first, second).stdout
    assert {name for _, name, *_ in found("first", "second", cwd=tmp_path)} == {"Dockerfile"}


def test_a_folder_without_a_dockerfile_does_not_stop_the_check_of_others(project, tmp_path):
    (tmp_path / "empty").mkdir()
    done = check("shop", "empty", cwd=tmp_path)
    assert "\nempty  has no Dockerfile\n" in done.stdout
    assert "shop/Dockerfile:5  risky" in done.stdout


def test_a_dockerfile_below_its_project_is_checked_with_it(tmp_path):
    write(tmp_path / "backend")
    (tmp_path / "backend/docker").mkdir()
    shutil.move(tmp_path / "backend/Dockerfile", tmp_path / "backend/docker/prod.Dockerfile")
    (tmp_path / "backend/.dockerignore").unlink()
    findings = found(cwd=tmp_path)
    assert {path for path, *_ in findings} == {"backend/docker/prod.Dockerfile"}
    assert ("venv-not-ignored", 6) in {(rule, line) for *_, line, rule in findings}


@pytest.mark.parametrize(
    "name", ["Dockerfile.prod", "Dockerfile-web", "web.Dockerfile", "Containerfile"]
)
def test_dockerfiles_can_have_other_names(project, name):
    (project / "Dockerfile").rename(project / name)
    (project / "Dockerfile.md").write_text("# Dockerfile\n")
    assert {path for path, *_ in found(project)} == {name}


@pytest.mark.parametrize(
    "path", ["Dockerfile-dev", "docker/local/Dockerfile", ".devcontainer/Dockerfile"]
)
def test_a_dockerfile_for_development_is_judged_as_such(project, path):
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / "Dockerfile").rename(project / path)
    rules = {rule for *_, rule in found(project)}
    assert "frozen-install" in rules
    assert "no-bytecode" not in rules


def test_its_own_ignore_file_takes_precedence(project):
    (project / "Dockerfile.dockerignore").write_text("*.md\n")
    assert "venv-not-ignored" in {rule for *_, rule in found(project)}


def test_colours_are_for_terminals_alone(project):
    magenta = re.compile(r"\x1b\[[0-9;]*35m")
    assert "\x1b" not in check(project).stdout
    assert magenta.search(check(project, FORCE_COLOR="1").stdout)
    assert not magenta.search(check(project, FORCE_COLOR="1", NO_COLOR="1").stdout)


def test_annotations_for_github(project):
    lines = check("--format", "github", cwd=project).stdout.splitlines()
    assert all(re.match(r"::(error|warning|notice) file=", line) for line in lines)
    assert (
        "::warning file=Dockerfile,line=5,endLine=5,title=The build does not notice an out-of-date "
        "lockfile::If you add a package to pyproject.toml and forget `uv lock`, this step succeeds "
        "without the package, because of `--frozen`. Use `--locked`, which fails if the lockfile "
        "is out of date."
    ) in lines


def test_nothing_is_printed_for_github_if_nothing_is_found():
    assert check("--format", "github", "examples/pattern-a-single-stage").stdout == ""


def test_a_sarif_log_names_rules_and_lines(project):
    log = json.loads(check("--format", "sarif", cwd=project).stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["semanticVersion"] == guide_version()
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len({*rules}) > 2
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    (frozen,) = [each for each in run["results"] if each["ruleId"] == "frozen-install"]
    assert frozen["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "Dockerfile"},
                "region": {"startLine": 5, "endLine": 5},
            }
        }
    ]


def test_a_fix_is_shown_as_a_patch_and_changes_nothing(project):
    done = check("--fix", cwd=project)
    assert done.returncode == 1
    assert (project / "Dockerfile").read_text() == DOCKERFILE
    applied = subprocess.run(["git", "apply"], cwd=project, input=done.stdout, text=True)
    assert applied.returncode == 0
    assert "uv sync --locked\n" in (project / "Dockerfile").read_text()


def test_fixes_are_written_if_asked_and_the_rest_is_reported(project):
    done = check("--fix", "--write", cwd=project)
    text = (project / "Dockerfile").read_text()
    assert "uv sync --locked\n" in text
    assert "frozen-install" not in done.stdout
    assert check("--fix", project).stdout == ""


def test_windows_line_ends_stay(project):
    (project / "Dockerfile").write_bytes(DOCKERFILE.replace("\n", "\r\n").encode())
    check("--fix", "--write", project)
    content = (project / "Dockerfile").read_bytes()
    assert b"--locked" in content
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_file_that_is_no_text_is_not_changed(project):
    content = DOCKERFILE.encode() + b"# \xff\n"
    (project / "Dockerfile").write_bytes(content)
    done = check("--fix", "--write", project)
    assert done.returncode == 2
    assert "Dockerfile cannot be changed: " in done.stderr
    assert (project / "Dockerfile").read_bytes() == content


def test_what_could_not_be_judged_is_named(tmp_path):
    text = "FROM python:3.14-slim\nRUN poetry install\nNOTHING\n"
    done = check(write(tmp_path / "a", text), cwd=tmp_path)
    assert "a/Dockerfile:3  not understood  NOTHING is no instruction\n" in done.stdout
    assert "a/Dockerfile:2  not judged  poetry installs here" in done.stdout

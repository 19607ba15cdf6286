"""scripts/refresh raises versions everywhere, finds what changed, and survives interruptions."""

import json
import os
import re
import signal
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from assertions import nonempty
from guide import ROOT, Problem
from guide.machine.git import git
from guide.record import command
from guide.refresh import packages, parts, pins, report, repository, testing
from guide.refresh.changes import Change, changes
from guide.refresh.parts import Options
from guide.start.environment import UV_VERSION
from guide.testing.failures import REPORTED
from page_sources import PAGES

# --- raised versions ---


def test_a_new_uv_changes_every_file_that_pins_it():
    changed = pins.PINS["uv"].files_to_change("0.99.1")
    assert changed["scripts/guide/start/environment.py"].count('UV_VERSION = "0.99.1"') == 1
    assert "examples/pattern-a-single-stage/Dockerfile" in changed
    edits = changed["scripts/guide/content/edits.py"]
    assert f'ANOTHER_UV = "{UV_VERSION}"' in edits
    listed = git(ROOT, "grep", "-lF", UV_VERSION, "--", ":!docs/data", ":!*.lock", ":!tests/guide")
    for path in nonempty({*listed.splitlines()} - {"docs/changes.md"}):
        text = changed[path].replace(f'ANOTHER_UV = "{UV_VERSION}"', "")
        assert UV_VERSION not in text, path


def test_a_new_series_of_uv_changes_the_constraints():
    changed = pins.PINS["uv"].files_to_change("0.99.1")
    backend = 'requires = ["uv_build>=0.99,<0.100"]'
    assert backend in changed["pyproject.toml"]
    assert backend in changed["examples/pattern-c-cache-mounts/pyproject.toml"]
    snippet = changed["scripts/guide/content/snippets/required-version.toml"]
    assert 'required-version = ">=0.99.1,<0.100"' in snippet


def test_a_new_release_in_the_same_series_keeps_the_constraints():
    version = f"{UV_VERSION.rpartition('.')[0]}.99"
    changed = pins.PINS["uv"].files_to_change(version)
    assert "pyproject.toml" not in changed
    kept = f",<{pins.next_series(UV_VERSION)}"
    assert kept in changed["scripts/guide/content/snippets/required-version.toml"]


def test_a_page_keeps_the_versions_in_its_text():
    """Text can be about the release that introduced an option."""
    text = "Since uv 0.13.9, use `/uv:0.13.9` or `0.13.9-python3.14`, but not 0.13.90."
    forms = pins.uv_forms("0.13.9", "0.13.10")
    assert pins.replaced("docs/a.md", text, forms) == (
        "Since uv 0.13.9, use `/uv:0.13.10` or `0.13.10-python3.14`, but not 0.13.90."
    )
    assert "Since uv 0.13.10, use" in pins.replaced("examples/a/README.md", text, forms)


def test_a_new_django_changes_the_constraints_of_every_example():
    pin = pins.PINS["django"]
    series = pins.next_series(pin.current())
    changed = pin.files_to_change(pin.target(f"{series}.4"))
    examples = [each for each in changed if each.startswith("examples/")]
    # Pattern C and the shared package of the workspace have no manage.py.
    assert len(examples) == len([*(ROOT / "examples").rglob("manage.py")]) + 2
    assert f"django>={series},<{pins.next_series(series)}" in changed[examples[0]]


@pytest.mark.parametrize("name", ["poetry", "migrate-to-uv"])
def test_a_pin_changes_in_more_than_one_file(name):
    changed = pins.PINS[name].files_to_change("99.0.0")
    assert len(changed) > 1
    assert all(pins.PINS[name].current() not in text.splitlines() for text in changed.values())


def test_a_raised_package_names_the_lockfiles_that_contain_it():
    before = {"a": {"django": "6.1", "x": "1"}, "b": {"django": "6.1"}}
    after = {"a": {"django": "6.1.3", "x": "1", "new": "1"}, "b": {"django": "6.1.3"}}
    files = {"a": "a/uv.lock", "b": "b/uv.lock"}
    [raised] = packages.raised_packages(before, after, files, is_written=True)
    assert (raised["name"], raised["before"], raised["after"]) == ("django", "6.1", "6.1.3")
    assert raised["files"] == ["a/uv.lock", "b/uv.lock"]


@pytest.mark.parametrize("pin", pins.PINS.values(), ids=lambda pin: pin.name)
def test_no_pin_changes_the_workflows_of_the_guide(pin):
    """GitHub rejects the push of the weekly refresh if it changes one of them."""
    changed = pin.files_to_change(pin.target("99.0.0"))
    assert not [path for path in changed if path.startswith(".github/workflows/")]


# --- the parts ---


def test_parts_run_in_their_order_and_docker_can_be_left_out():
    names = [each.name for each in parts.chosen_parts(["test", "uv"], Options())]
    assert names == ["uv", "test"]
    without = parts.chosen_parts([], Options(has_docker=False))
    assert not [each for each in without if each.needs_docker]
    assert [each.name for each in without[:2]] == ["uv", "django"]
    named = parts.chosen_parts(["kits", "lines"], Options())
    assert [each.name for each in named] == ["lines", "kits"]
    assert not {"lines", "kits"} & {each.name for each in parts.chosen_parts([], Options())}


def test_the_page_names_what_is_not_recorded_again():
    """The icons and the schemas depend on no version."""
    recorded = {each.name for each in parts.PARTS}
    left_out = {*command.SUBJECTS} - recorded - {"card", "schema"}
    left_out |= {*command.OF_EXAMPLES} - {*command.ALL} - recorded
    assert left_out == {"site"}
    page = PAGES["how-this-guide-is-tested.md"]
    [names] = re.findall(r"It leaves out (the benchmarks, [^.]*)\.", page)
    assert " ".join(names.split()) == (
        "the benchmarks, the page sizes and Lighthouse scores of this site, and the planted faults"
    )


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (["uvx"], Options(), "no part 'uvx'"),
        (["claims"], Options(version="1.0"), "--to needs --only"),
        ([], Options(version="1.0"), "--to needs --only"),
        (["all"], Options(has_docker=False), "all needs Docker"),
    ],
)
def test_wrong_parts_are_a_problem(names, options, message):
    with pytest.raises(Problem, match=message):
        parts.chosen_parts(names, options)


# --- differences between recordings ---


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"output": "uv 0.13.9 took 1.2s"}, {"output": "uv 0.14.0 took 12ms"}, []),
        ({"output": "error: old"}, {"output": "error: new"}, ["message"]),
        ({"seconds": 1.0}, {"seconds": 9.0}, []),
        ({"every_round": [1.0, 1.2]}, {"every_round": [1.1, 1.4]}, []),
        ({"every_round": [1.0, 1.2]}, {"every_round": [1.3, 1.4]}, ["figure"]),
        ({"image_size": 1000}, {"image_size": 1040}, []),
        ({"image_size": 1000}, {"image_size": 1100}, ["figure"]),
        ({"packages": ["a", "b"]}, {"packages": ["b", "a"]}, []),
        ({"packages": ["a", "b"]}, {"packages": ["a", "c"]}, ["fact"]),
        ({"recorded": {"date": "1"}, "digest": "x"}, {"recorded": {"date": "2"}}, []),
    ],
)
def test_only_differences_that_readers_notice_are_reported(before, after, expected):
    assert [each.kind for each in changes(before, after)] == expected


def test_a_step_that_is_no_longer_cached_is_reported_with_its_edit():
    def layers(cached):
        steps = [{"stage": "", "instruction": "RUN uv sync", "cached": cached}]
        return {"builds": [{"name": "view", "steps": steps}, {"name": "cold", "steps": []}]}

    [change] = changes(layers(True), layers(False))
    assert change == Change("fact", "builds view steps 1 cached", "True", "False")


# --- the report ---

CLAIM = {
    "recorded": {"date": "2026-01-01", "versions": {"uv": "0.13.9"}},
    "sentence": "uv installs no pip.",
    "transcript": [{"command": "uv pip list", "output": "no pip", "exit_code": 0}],
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with three recorded claims, in which a refresh has not run yet."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "a@example.com")
    folder = tmp_path / "project"
    claims = folder / "docs/data/claims"
    claims.mkdir(parents=True)
    for name in ("old", "same", "untrue"):
        version = {"uv": "0.13.8" if name == "old" else "0.13.9"}
        content = CLAIM | {"recorded": {"date": "2026-01-01", "versions": version}}
        (claims / f"{name}.json").write_text(json.dumps(content))
    pinned = folder / "scripts/guide/start/environment.py"
    pinned.parent.mkdir(parents=True)
    pinned.write_text('UV_VERSION = "0.13.9"\n')
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    return folder


def test_the_report_shows_each_kind_of_change(project):
    base = repository.head(project)
    for name in ("old", "same"):
        output = "still none" if name == "old" else "no pip"
        again = {"command": "uv pip list", "output": output, "exit_code": 0}
        recorded = {"date": "2026-02-02", "versions": {"uv": "0.13.9"}}
        content = CLAIM | {"recorded": recorded, "transcript": [again]}
        (project / f"docs/data/claims/{name}.json").write_text(json.dumps(content))
    transcript = [{"command": "uv pip list", "output": "pip <26>", "exit_code": 0}]
    untrue = {"name": "untrue", "reason": "AssertionError: `pip`", "transcript": transcript}
    repository.commit(project, "Claims", {"part": "claims", "untrue": [untrue]})
    failed = [
        {"test": "tests/check/test_rules.py::test_rule[uv-unused]", "reason": "line 4"},
        {"test": "tests/claims/test_a.py::test_untrue", "reason": "is in another section"},
        {"test": "tests/pages/test_a.py::test_b", "reason": "no page"},
    ]
    raised = {"name": "uv", "before": "1", "after": "2", "files": ["a", "b"], "is_written": True}
    link = {"url": "https://example.com/", "reason": "HTTP 404", "files": ["docs/a.md"]}
    dead = link | {"since": "2026-01-01", "is_dead": True}
    recent = link | {"url": "https://example.com/b", "since": "2026-02-02", "is_dead": False}
    result = {"part": "x", "failed": failed, "failing": [dead, recent]}
    repository.commit(project, "Others", result)
    repository.commit(project, "More", {"part": "y", "raised": [raised], "error": "no network"})
    written = report.write_report(project, base)
    assert written.decisions == {
        "Statements that are no longer true": 1,
        "Messages with new words": 1,
        "Dead links": 1,
        "Dockerfiles for which Check needs another answer": 1,
        "Other tests that failed": 1,
        "Parts that could not finish": 1,
    }
    text = written.text(report.introduction(repository.results(project, base)))
    assert "now with uv 2" in text
    assert "### uv installs no pip." in text
    assert "<td><pre>no pip</pre></td><td><pre>pip &lt;26&gt;</pre></td>" in text
    assert "<td><pre>no pip</pre></td><td><pre>still none</pre></td>" in text
    assert "- `claims/old` was recorded with uv 0.13.8" in text
    assert "- <https://example.com/> (HTTP 404 since 2026-01-01) in `docs/a.md`" in text
    assert "- <https://example.com/b> (HTTP 404 since 2026-02-02) in `docs/a.md`" in text


def test_a_refresh_that_finds_nothing_needs_no_decision(project):
    base = repository.head(project)
    silent = {"url": "a", "reason": "no answer", "since": "", "files": [], "is_dead": False}
    repository.commit(project, "Links", {"part": "links", "failing": [silent]})
    written = report.write_report(project, base)
    assert written.decisions == {}
    text = written.text("")
    assert "Nothing needs a decision." in text
    assert "1 URLs of other sites gave no answer" in text


def test_the_links_that_failed_are_read_from_the_branch_of_the_last_refresh(project, tmp_path):
    base = repository.head(project)
    assert repository.last_result(project, "links") == {}
    git(project, "switch", "--quiet", "--create", repository.BRANCH)
    for reason in ("older", "newest"):
        failing = {"url": "a", "reason": reason, "since": "", "files": [], "is_dead": False}
        repository.commit(project, "Links", {"part": "links", "failing": [failing]})
    repository.commit(project, "Links", {"part": "links", "error": "no network"})
    repository.commit(project, "Claims", {"part": "claims"})
    git(project, "switch", "--quiet", "main")
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "--quiet", "--no-checkout", str(project), str(copy))
    git(copy, "checkout", "--quiet", "-B", repository.BRANCH, base)
    [link] = repository.last_result(copy, "links")["failing"]
    assert link["reason"] == "newest"


def test_a_result_can_be_longer_than_an_argument(project):
    base = repository.head(project)
    result = {"part": "links", "unreachable": ["a" * 200_000]}
    repository.commit(project, "Links", result)
    assert repository.results(project, base) == [result]


def test_a_broken_fixture_is_reported_once(monkeypatch):
    """The first failed test names the reason, and the others refer to it."""
    cases = (
        ("a", "The page has no table.\nassert 0"),
        ("b", f"RuntimeError {REPORTED} tests/pages/test_a.py::test_a"),
        ("c", None),
    )
    suite = ElementTree.Element("testsuite")
    for name, message in cases:
        attributes = {"classname": "tests.pages.test_a", "name": f"test_{name}@pages"}
        case = ElementTree.SubElement(suite, "testcase", attributes)
        if message:
            ElementTree.SubElement(case, "error", {"message": message})

    def run_pytest(*command, **_options):
        report = next(part for part in command if str(part).startswith("--junitxml="))
        ElementTree.ElementTree(suite).write(report.partition("=")[2])
        return subprocess.CompletedProcess([], 1, "", "")

    monkeypatch.setattr(testing, "run", run_pytest)
    failed = {"test": "tests/pages/test_a.py::test_a", "reason": "The page has no table."}
    assert testing.failed_tests(["tests/pages"]) == [failed]


# --- interruptions ---

# What runs in the copy instead of scripts/refresh. The part "killed" kills the refresh that has
# started it, while a recording is half written, and ends later. It does so only once.
PART = """#!/usr/bin/env python3
import fcntl, json, os, pathlib, signal, sys, time
lock = open(os.environ["XDG_CACHE_HOME"] + "/django-images-with-uv/refresh/part.lock", "a")
fcntl.flock(lock, fcntl.LOCK_EX)
name, output = (each.partition("=")[2] for each in sys.argv[1:3])
recording = pathlib.Path(f"docs/data/claims/{name}.json")
recording.write_text('{"half')
marker = pathlib.Path(os.environ["MARKER"])
if name == "fails":
    sys.exit("error: no network")
if name == "killed" and not marker.exists():
    marker.touch()
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(3)
    pathlib.Path("new.txt").touch()
    sys.exit()
recording.write_text('{"recorded": {"versions": {}}}')
pathlib.Path(output).write_text(json.dumps({"part": name}))
"""
REFRESH = """
import sys, pathlib
from guide.refresh import command, repository
from guide.refresh.parts import Options, RefreshPart
command.ROOT = repository.ROOT = pathlib.Path(sys.argv[1])
names = ("first", "fails", "killed")
wanted = [RefreshPart(name, f"Record {name}", lambda _: {}) for name in names]
sys.exit(command.refresh(wanted, Options(), None))
"""


def run_refresh(project, cache, marker):
    environ = {**os.environ, "XDG_CACHE_HOME": str(cache), "MARKER": str(marker)}
    command = [sys.executable, "-c", REFRESH, project]
    return subprocess.run(command, capture_output=True, text=True, env=environ)


def test_a_killed_refresh_resumes_and_ends_with_the_same_files(project, tmp_path):
    script = project / "scripts/refresh"
    script.write_text(PART)
    script.chmod(0o755)
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Add the script")
    # As on a CI runner.
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{project}", str(shallow))
    project = shallow
    marker = tmp_path / "marker"
    killed = run_refresh(project, tmp_path / "cache", marker)
    assert killed.returncode == -signal.SIGKILL
    assert git(project, "branch", "--list", "freshness") == ""
    resumed = run_refresh(project, tmp_path / "cache", marker)
    assert "resuming after 2 of 3 parts" in resumed.stderr
    # A part has failed, which the report says.
    assert resumed.returncode == 3
    assert "- **fails**: `error: no network`" in resumed.stdout
    tree = git(project, "rev-parse", "freshness^{tree}")
    files = git(project, "ls-tree", "-r", "--name-only", "freshness").split()
    assert {"docs/data/claims/first.json", "docs/data/claims/killed.json"} <= {*files}
    assert "docs/data/claims/fails.json" not in files
    assert "new.txt" not in files
    whole = run_refresh(project, tmp_path / "cache", marker)
    assert "resuming" not in whole.stderr
    assert git(project, "rev-parse", "freshness^{tree}") == tree
    assert git(project, "status", "--porcelain") == ""
    git(project, "switch", "--quiet", "freshness")
    blocked = run_refresh(project, tmp_path / "cache", marker)
    assert "The branch freshness is checked out." in blocked.stderr

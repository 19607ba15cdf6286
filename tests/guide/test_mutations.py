"""The planted faults fit their files, and the runner tells caught faults from missed ones."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from guide import ROOT, Problem
from guide.record import mutations, saved_results
from guide.record.mutations import Mutation

MUTATIONS = mutations.mutations()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.name)
def test_a_mutation_changes_its_file_and_names_tests_that_exist(mutation):
    text = (ROOT / mutation.file).read_text()
    assert mutation.apply(text) != text
    for test in mutation.tests:
        file, _, name = test.partition("::")
        source = (ROOT / file).read_text()
        assert not name or f"def {name.partition('[')[0]}(" in source, test


def test_there_are_enough_mutations_of_each_kind_with_unique_names():
    assert len({each.name for each in MUTATIONS}) == len(MUTATIONS) >= 120
    kinds = Counter(
        re.sub(r"^docs/(?!data)", "pages/", each.file).split("/")[0] for each in MUTATIONS
    )
    assert min(kinds[kind] for kind in ("examples", "pages", "docs", "tests", "scripts")) >= 5
    assert sum(".github/" in each.file or ".gitlab-ci" in each.file for each in MUTATIONS) >= 20


def fault(find="def b(): return 1", name="a"):
    return Mutation(name, "module.py", find, "def b(): return 2", ("test_module.py",))


@pytest.fixture
def guide(monkeypatch, tmp_path):
    """A small project with one tested function, and one function without a test."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "module.py").write_text("def b(): return 1\ndef c(): return 1\n")
    test = "import module\n\ndef test_b():\n    assert module.b() == 1, 'module.py: b is not 1'\n"
    (project / "test_module.py").write_text(test)
    mutations.git(project, "init", "--quiet")
    monkeypatch.setattr(mutations, "ROOT", project)
    monkeypatch.setattr(saved_results, "cache_dir", lambda: tmp_path / "cache")
    return project


def test_a_fast_run_is_recorded_without_messages(guide, monkeypatch):
    written = {}
    slow = replace(fault(), name="slow", needs="engine")
    monkeypatch.setattr(mutations, "mutations", lambda: (fault(), slow))

    def record(name, content):
        written[name] = content
        return guide / f"{name}.json"

    monkeypatch.setattr(mutations, "write_recording", record)
    assert mutations.try_mutations([fault()])
    recorded = {"name": "a", "file": "module.py", "outcome": "caught"}
    assert written["mutations"]["faults"] == [
        recorded | {"test": "test_module.py::test_b"},
        recorded | {"name": "slow", "outcome": "not tried", "test": ""},
    ]


def test_a_test_file_that_cannot_be_imported_has_noticed_the_fault(guide, capsys):
    broken = Mutation("c", "module.py", "def b(): return 1", "raise OSError", fault().tests)
    by_name = Mutation(
        "d", broken.file, broken.find, broken.replace, (f"{fault().tests[0]}::test_b",)
    )
    assert mutations.try_mutations([broken, by_name])
    assert "2 of 2 caught" in capsys.readouterr().err


def test_caught_and_missed_faults_are_printed_with_their_reasons(guide, capsys):
    missed = Mutation("b", "module.py", "def c(): return 1", "", ("test_module.py",))
    assert not mutations.try_mutations([fault(), missed])
    printed = capsys.readouterr().err
    assert (
        "caught: FAILED test_module.py::test_b - AssertionError: module.py: b is not 1" in printed
    )
    assert "missed: b, module.py" in printed
    assert "1 of 2 caught" in printed
    # The files themselves stay as they are, and a second run uses the saved results.
    assert "def b(): return 1" in (guide / "module.py").read_text()
    assert not mutations.try_mutations([fault(), missed])
    assert "resuming after 2 of 2" in capsys.readouterr().err


def test_a_fault_that_prevents_the_tests_is_caught(guide, capsys):
    broken = Mutation(
        "b", "module.py", "def c(): return 1", "def c(: return 1", ("test_module.py",)
    )
    assert mutations.try_mutations([broken])
    assert "caught: ERROR test_module.py" in capsys.readouterr().err


def test_tests_that_cannot_be_run_stop_the_run(guide):
    missing = Mutation("b", "module.py", "def c(): return 1", "", ("test_module.py::test_c",))
    with pytest.raises(Problem, match=r"test_module\.py::test_c could not be run"):
        mutations.try_mutations([missing])


def test_a_fault_is_not_tried_if_its_tests_fail_without_it(guide, capsys):
    (guide / "module.py").write_text("def b(): return 3\n")
    assert not mutations.try_mutations([fault("def b(): return 3")])
    printed = capsys.readouterr().err
    assert "not tried: its tests fail without it: FAILED test_module.py::test_b" in printed
    assert "not tried: a, module.py\nmutate: 0 of 1 caught" in printed


def test_a_fault_that_does_not_fit_its_file_is_a_problem():
    with pytest.raises(Problem, match=r"module\.py must contain 'x' once"):
        fault("x").apply("")


def test_mutations_are_chosen_by_name():
    first = MUTATIONS[0]
    assert mutations.chosen([first.name], False) == [first]
    assert all(each.needs == "nothing" for each in mutations.chosen([], True))
    with pytest.raises(Problem, match="no mutation 'none'"):
        mutations.chosen(["none"], False)

"""An interrupted recording of kits resumes, and a kit that fails is named."""

import pytest

from guide import Problem
from guide.content import recordings
from guide.kit.kits import built_answers
from guide.pages import kit_builds
from guide.record import kits, saved_results
from guide.record.kit_builder import label
from guide.record.kit_checks import ASKED


class FakeBuilder:
    """A builder that builds nothing. It fails for kits with uvicorn."""

    def __init__(self):
        self.urls = {"git": "http://10.0.0.1:8418", "index": "http://10.0.0.1:8419"}
        self.built = []
        self.engine = self

    def new_project(self, layout):
        pass

    def prune(self):
        pass

    def build(self, answers, files):
        self.built.append(label(answers))
        if answers["server"] == "uvicorn":
            raise Problem("no such server")
        return {"answers": answers, "versions": {"python": "3.14.0"}, "commands": ["uv lock"]}


@pytest.fixture
def saved(tmp_path, monkeypatch):
    monkeypatch.setattr(saved_results, "cache_dir", lambda: tmp_path)
    return lambda: saved_results.SavedResults("kits", "test")


@pytest.fixture(scope="module")
def every():
    """A few kits, the last of which fails."""
    answers = built_answers()
    gunicorn = [each for each in answers if each["server"] == "gunicorn"]
    return [*gunicorn[:2], next(each for each in answers if each["server"] == "uvicorn")]


def test_a_run_resumes_with_what_is_missing(saved, every):
    first, second = FakeBuilder(), FakeBuilder()
    recorded, failed = kits.build_all(first, every, saved())
    assert [each["answers"] for each in recorded] == every[:2]
    assert [each.answers for each in failed] == every[2:]
    assert sorted(first.built) == sorted(map(label, every))
    assert kits.build_all(second, every, saved())[0] == recorded
    assert second.built == [label(every[2])]


def test_a_changed_kit_is_built_again(saved, every, monkeypatch):
    kits.build_all(FakeBuilder(), every, saved())
    make = kits.kits

    def changed(choices):
        made = make(choices)
        made[0][0]["text"] += "# changed\n"
        return made

    monkeypatch.setattr(kits, "kits", changed)
    builder = FakeBuilder()
    kits.build_all(builder, every[:2], saved())
    assert builder.built == [label(every[0])]


def test_the_table_counts_the_kits(saved, every, monkeypatch):
    recorded, _ = kits.build_all(FakeBuilder(), every, saved())
    content = {"asked": [*ASKED], "kits": recorded}
    monkeypatch.setattr(recordings, "built_kits", lambda: content)
    table = kit_builds.kit_table()
    assert "manage.py and apps" in table
    assert "3.14" in table
    assert kit_builds.kit_count() == 2
    assert kit_builds.kit_answers() == "SQLite and gunicorn"
    assert f"- {ASKED[0]}\n" in kit_builds.kits_asked()


def test_labels_differ():
    labels = [*map(label, built_answers())]
    assert len({*labels}) == len(labels)

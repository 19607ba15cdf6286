"""The recorder of lines resumes after an interruption, and reports outcomes of another kind."""

import threading
from types import SimpleNamespace

import pytest

from guide.content import line_outcomes
from guide.content.examples import example
from guide.content.line_outcomes import Probe
from guide.record import lines, saved_results

EXAMPLE = example("pattern-a-single-stage")
ITEMS = lines.lines_of(EXAMPLE)
WANTED = [
    (item, line_outcomes.outcome_of(EXAMPLE.name, item))
    for item in ITEMS
    if item.name.startswith("FROM") or item.name == "ENV PATH" or item.name == "bind"
]


class Observing:
    """Takes the place of an observer. Its probes find the differences in a dictionary."""

    def __init__(self, found):
        self.found = found
        self.saved = saved_results.SavedResults("lines", "a")
        self.observed = []
        engine = SimpleNamespace(prune=lambda: None)
        self.builder = SimpleNamespace(example=EXAMPLE, engine=engine)

    def prepare(self, item, outcome):
        """Observe nothing, because the differences are known."""

    def differences(self, item, _outcome):
        self.observed.append(item.name)
        return self.found.get(item.name, ["service: runs → stops", "build: succeeds → stops"])


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setattr(saved_results, "cache_dir", lambda: tmp_path)


def names(wanted):
    return [item.name for item, _ in wanted]


def test_an_interrupted_recording_continues_with_the_next_item(capsys):
    assert len(WANTED) == 3
    assert lines.observe_all(Observing({}), WANTED[:2]) == []
    resumed = Observing({})
    assert lines.observe_all(resumed, WANTED) == []
    assert resumed.observed == names(WANTED[2:])
    printed = capsys.readouterr().err
    assert "lines: resuming after 2 of 3" in printed
    assert "without bind (1 of 1)" in printed


def test_items_that_wait_are_observed_together():
    """The others use all cores of the machine, and the service for health checks keeps running."""
    kinds = ["health", "service", "build", "stop", "container", "image"]
    outcomes = [SimpleNamespace(probe=Probe(kind)) for kind in kinds]
    wanted = [*zip(ITEMS[: len(kinds)], outcomes, strict=True)]
    batches = [
        [outcome.probe.kind for _, outcome in batch] for batch in lines.batches(EXAMPLE, wanted)
    ]
    assert batches == [["build"], ["image"], ["service", "stop"], ["container"], ["health"]]
    private = example("pattern-c-cache-mounts")
    assert all(len(batch) == 1 for batch in lines.batches(private, wanted))


def test_two_items_that_wait_are_observed_at_the_same_time():
    both = threading.Barrier(2, timeout=10)

    class Meeting(Observing):
        def differences(self, item, outcome):
            both.wait()
            return super().differences(item, outcome)

    services = [
        (item, outcome)
        for item in ITEMS
        if (outcome := line_outcomes.outcome_of(EXAMPLE.name, item)).probe.kind
        == line_outcomes.SERVICE
    ]
    assert lines.observe_all(Meeting({}), services[:2]) == []


def test_an_outcome_of_another_kind_is_reported_at_once_and_not_saved(capsys):
    observing = Observing({"ENV PATH": ["build warning: nothing → a"]})
    (wrong,) = lines.observe_all(observing, WANTED)
    assert wrong == (
        "Dockerfile without 'ENV PATH': the probe 'build' must show 'build: succeeds → stops', but "
        "build warning: nothing → a differs"
    )
    assert wrong in capsys.readouterr().err
    again = Observing({})
    assert lines.observe_all(again, WANTED) == []
    assert again.observed == ["ENV PATH"]


def test_an_item_is_observed_again_if_its_outcome_has_changed():
    lines.observe_all(Observing({}), WANTED)
    item, outcome = WANTED[0]
    changed = line_outcomes.Outcome(
        outcome.file, outcome.item, outcome.probe, "build", outcome.without
    )
    again = Observing({})
    lines.observe_all(again, [(item, changed)])
    assert again.observed == [item.name]


def test_the_content_of_a_recording_comes_from_the_saved_results():
    observing = Observing({})
    lines.observe_all(observing, WANTED)
    content = lines.Observer.content(observing, WANTED)
    assert [line["item"] for line in content["lines"]] == [item.key for item, _ in WANTED]
    assert content["lines"][0]["differences"] == ["build: succeeds → stops"]
    assert content["unchanged"] == {}


def test_a_wrong_outcome_stops_the_recording(monkeypatch):
    """No recording is written, and the saved results are kept."""

    class Context(Observing):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(lines, "observer", lambda *_: Context({"bind": []}))
    monkeypatch.setattr(lines, "lines_of", lambda _example: [item for item, _ in WANTED])
    with pytest.raises(lines.Problem, match="1 of 3 lines of pattern-a-single-stage have another"):
        lines.record_lines(SimpleNamespace(versions={"docker": "1"}), EXAMPLE)

"""Macros format recordings, and raise Problem if something is not recorded."""

import pytest

from guide import Problem
from guide.content import recordings
from guide.pages import builds, claims, goals, migration, numbers, titles, traps, uv_versions
from guide.pages.charts import Ratio
from guide.pages.provenance import provenance_line
from guide.pages.steps import step_label

EXAMPLE = "pattern-a-single-stage"


@pytest.mark.parametrize(
    ("instruction", "text"),
    [
        ("COPY --from=lock /requirements.txt ./", "COPY"),
        ("RUN uv sync --locked --no-dev", "uv sync"),
        ("RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked", "uv sync"),
        ("RUN apt-get update && DEBIAN_FRONTEND=x apt-get install --yes git", "apt-get install"),
        ("RUN uv venv && uv pip sync --python x y", "uv pip sync"),
        ('RUN abi="$(python -c x)" && uv venv --quiet && uv pip sync --strict x', "uv pip sync"),
        ("RUN export USER=x && poetry config a b && poetry install --sync", "poetry install"),
        ("RUN KEY=x python manage.py collectstatic --noinput", "collectstatic"),
        ("RUN python -m compileall -q status", "compileall"),
    ],
)
def test_an_instruction_in_a_word_or_two(instruction: str, text: str) -> None:
    assert step_label(instruction) == text


@pytest.mark.parametrize(
    ("macro", "arguments", "message"),
    [
        (builds.find_build, (EXAMPLE, "no-such-edit"), "No build 'no-such-edit'"),
        (traps.find_trap, (EXAMPLE, "no-such-trap"), "No trap 'no-such-trap'"),
        (titles.example_title, ("no-such-example",), "has no title"),
        (claims.folded_claims, ("no-such-claim",), "no-such-claim"),
        (uv_versions.claim_since, ("no-such-claim",), "No release is recorded"),
        (uv_versions.claim_until, ("locked-fails-on-a-new-dependency",), "is still true"),
        (uv_versions.option, ("--no-such-option",), "not recorded"),
        (migration.migration_session, ("no-such-part",), "no part"),
        (migration.command_table, ("no-such-group",), "group 'no-such-group'"),
        (provenance_line, ("runs/no-such-example",), "no recording"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_not_recorded_is_a_problem(macro, arguments, message) -> None:
    with pytest.raises(Problem, match=message):
        macro(*arguments)


def test_results_of_two_commands_are_sentences() -> None:
    install, environment = map(migration.command_table, ("Install", "Environment"))
    assert "Both leave the same packages installed. Neither compiles packages" in install
    assert "Both delete the virtual environment." in environment
    assert "whether" not in install + environment


def test_a_line_has_a_sentence_for_each_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = {"cores": 2, "memory": 8}
    container = {"base_images": "pulled", "machine": machine}
    docker = {"uv": "0.13.9", "docker": "29.1+x"}
    origins = {
        "layers/lock-stage": {"date": "2026-11-26", "versions": docker, **container},
        "runs/lock-stage": {"date": "2026-11-27", "versions": docker, **container},
        "command-map": {"date": "2026-11-26", "versions": {"uv": "0.13.9", "poetry": "2.5.1"}},
        "bench": {
            "date": "2026-11-26",
            "versions": docker,
            **container,
            "machine": {"cores": 4, "memory": 8},
        },
        "layers/dependency-groups": {"date": "2026-11-27", "versions": {"uv": "0.13.10"}},
    }
    monkeypatch.setattr(recordings, "provenance", origins.__getitem__)
    assert provenance_line("command-map") == (
        "\n\nRecorded on 26 November 2026 with uv 0.13.9 and Poetry 2.5.1. "
        "[Raw data](/data/command-map.json).\n"
        "{ .recorded data-search-exclude=1 }\n\n"
    )
    line, _ = provenance_line(*(name for name in origins if "groups" not in name)).split("\n{")
    assert line.strip() == (
        "Recorded on 26 November 2026 and 27 November 2026 with uv 0.13.9, Poetry 2.5.1, Docker "
        "29.1 and official base images, on [a machine with 2 cores and 8 GiB of "
        "memory](/how-this-guide-is-tested.md#provenance). "
        "Raw data: [The lock stage (builds)](/data/layers/lock-stage.json), "
        "[The lock stage (image)](/data/runs/lock-stage.json), "
        "[command pairs](/data/command-map.json). "
        "Recorded on 26 November 2026 with uv 0.13.9, Docker 29.1 and official base images, on [a "
        "machine with 4 cores and 8 GiB of memory](/how-this-guide-is-tested.md#provenance). "
        "Raw data: [builds](/data/bench.json)."
    )
    with pytest.raises(Problem, match="differ in versions or machine"):
        provenance_line("layers/lock-stage", "layers/dependency-groups")


def test_a_change_whose_sentence_differs_from_the_recording_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, *_ = recordings.names("claims")
    recording = recordings.claim(name) | {"sentence": "Another one."}
    monkeypatch.setattr(recordings, "claim", lambda _name: recording)
    with pytest.raises(Problem, match=f"scripts/record claims {name}"):
        claims.folded_claims(name)


def test_limits_of_a_goal() -> None:
    def goal(**limits: float) -> goals.Goal:
        return goals.Goal("name", "", "slow", "fast", "view", **limits)

    assert goal(at_least=10).is_met(10)
    assert not goal(at_least=10).is_met(9.9)
    assert goal(at_most=1.5).is_met(1.5)
    assert not goal(at_most=1.5).is_met(1.6)
    assert goal(at_least=25).limit == "at least 25×"
    assert goal(at_most=1.25).limit == "at most 1.25×"
    assert goal(at_least=10).outcome(Ratio(8, [8] * 5)) == "missed by 20%"
    assert goal(at_most=1.5).outcome(Ratio(1.8, [1.8] * 5)) == "missed by 20%"
    assert goal(at_most=1.5).outcome(Ratio(1, [1] * 5)) == "reached"
    assert (
        goal(at_most=1.5).outcome(Ratio(1, [1])) == "reached; measured in only 1 round instead of 5"
    )


def test_a_claim_names_the_release_since_which_it_holds() -> None:
    recorded = recordings.uv_versions()
    oldest, *_ = recorded["versions"]
    for name, versions in recorded["claims"].items():
        text = f"[True since uv {versions['since']}]"
        is_expected = versions["since"] != oldest and "until" not in versions
        assert (text in claims.folded_claims(name)) == is_expected


def test_the_times_of_one_round_have_no_median(monkeypatch: pytest.MonkeyPatch) -> None:
    cold = {"name": "cold", "seconds": 2.0, "every_round": [2.0]}
    monkeypatch.setattr(builds, "find_build", lambda _example, _edit: cold)
    assert builds.how_builds_were_timed("any").startswith("We timed each build once.")
    cold["every_round"] = [2.0, 1.5, 3.0]
    assert "the median of 3 rounds" in builds.how_builds_were_timed("any")
    assert builds.how_builds_were_timed("any").endswith(f"took 1.5 to 3.0{numbers.NBSP}s.")

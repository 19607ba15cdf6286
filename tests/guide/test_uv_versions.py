"""Record claims with older releases of uv."""

import pytest
from packaging.version import Version

from guide import Problem
from guide.content import recordings
from guide.content.claims import Claim
from guide.record import uv_versions

NAME = "without-a-project-table-uv-lock-locks-nothing"
OTHER = "uv-lock-is-not-a-requirements-file"


def test_named_claims_are_tested_again_and_the_others_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded = recordings.uv_versions()
    versions = recorded["versions"]
    tested: list[tuple[str, list[str]]] = []

    def passes(version: str, wanted: list[Claim]) -> dict[str, str | None]:
        tested.append((version, [each.name for each in wanted]))
        return {each.name: None for each in wanted}

    monkeypatch.setattr(uv_versions, "released", lambda: versions)
    monkeypatch.setattr(uv_versions, "oldest_releases", lambda _versions: {})
    monkeypatch.setattr(uv_versions, "outcomes", passes)
    content = uv_versions.record_uv_versions([NAME])
    assert tested == [(version, [NAME]) for version in versions]
    holds = dict.fromkeys(versions, True)
    row = {"since": versions[0], "holds": holds, "why_not": None}
    assert content["claims"] == {**recorded["claims"], NAME: row}


def test_claims_are_not_kept_that_other_releases_were_tested_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    versions = recordings.uv_versions()["versions"]
    monkeypatch.setattr(uv_versions, "released", lambda: [*versions, "99.0.0"])
    with pytest.raises(Problem, match="Record all of them"):
        uv_versions.record_uv_versions([NAME])


def test_the_first_release_with_which_a_claim_holds_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    versions = recordings.uv_versions()["versions"]
    older, newer = versions[:2]
    minor = older.rpartition(".")[0]
    between = [f"{minor}.{number}" for number in range(40, 48)]
    holds_since = {NAME: between[2], OTHER: newer}
    tested: list[list[str]] = []

    def outcomes(version: str, wanted: list[Claim]) -> dict[str, str | None]:
        tested.append([each.name for each in wanted])
        return {
            each.name: None if Version(version) >= Version(holds_since[each.name]) else "missing"
            for each in wanted
        }

    monkeypatch.setattr(uv_versions, "released", lambda: [older, *between, *versions[1:]])
    monkeypatch.setattr(uv_versions, "last_of_each_minor", lambda _releases: versions)
    monkeypatch.setattr(uv_versions, "oldest_releases", lambda _versions: {})
    monkeypatch.setattr(uv_versions, "outcomes", outcomes)
    content = uv_versions.record_uv_versions([NAME, OTHER])
    assert {name: content["claims"][name]["since"] for name in holds_since} == holds_since
    # The claims are tested together as long as they need the same releases.
    assert [len(names) for names in tested[len(versions) :]].count(2) == 1

"""Record claims with older releases of uv."""

import pytest

from guide import Problem
from guide.content import recordings
from guide.content.claims import Claim
from guide.record import uv_versions

NAME = "without-a-project-table-uv-lock-locks-nothing"


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

"""Record claims with older and newer releases of uv."""

from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.version import Version

from guide import Problem
from guide.content import recordings
from guide.content.claims import Claim
from guide.content.recording_types import ClaimVersions, UvVersionsContent
from guide.record import uv_versions

VERSIONS = ["0.5.9", "0.6.9", "0.7.9"]
RELEASES = ["0.5.9", "0.6.1", "0.6.5", "0.6.9", "0.7.1", "0.7.5", "0.7.9"]
Holds = Callable[[str], bool]
Record = Callable[..., UvVersionsContent]


def claim(name: str, fingerprint: str = "1", until: str | None = None) -> Claim:
    replaced_by = "another" if until else None
    return Claim(name, "", "", Path("t.py"), "", False, (), fingerprint, until, replaced_by)


def recorded_row(since: str = "0.5.9", test: str = "1", **holds: bool) -> ClaimVersions:
    every = dict.fromkeys(VERSIONS, True) | {
        f"0.{name[1:]}.9": value for name, value in holds.items()
    }
    why = None if all(every.values()) else "recorded"
    return {"since": since, "holds": every, "why_not": why, "test": test}


@pytest.fixture
def runs() -> list[tuple[str, list[str]]]:
    """The releases that tests ran with, each with the names of the claims."""
    return []


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch, runs: list[tuple[str, list[str]]]) -> Record:
    """Return a function that records claims of which only `holds` decides whether they hold."""

    def function(
        claims: dict[Claim, Holds],
        rows: dict[str, ClaimVersions],
        releases: list[str] = RELEASES,
        names: tuple[str, ...] = (),
    ) -> UvVersionsContent:
        def outcomes(version: str, wanted: list[Claim]) -> dict[str, str | None]:
            runs.append((version, [each.name for each in wanted]))
            return {each.name: None if claims[each](version) else "tested" for each in wanted}

        content = {"versions": VERSIONS, "claims": rows, "options": {}, "recorded": {}}
        monkeypatch.setattr(recordings, "uv_versions", lambda: content)
        monkeypatch.setattr(uv_versions, "released", lambda: releases)
        monkeypatch.setattr(uv_versions, "without_docker", lambda: [*claims])
        monkeypatch.setattr(uv_versions, "oldest_releases", lambda _versions, _recorded: {})
        monkeypatch.setattr(uv_versions, "outcomes", outcomes)
        return uv_versions.record_uv_versions([*names])

    return function


def always(_version: str) -> bool:
    return True


def since(first: str) -> Holds:
    return lambda version: Version(version) >= Version(first)


def test_nothing_is_tested_again_with_the_same_releases_and_tests(
    record: Record, runs: list[tuple[str, list[str]]]
) -> None:
    rows = {"kept": recorded_row("0.6.5", v5=False)}
    assert record({claim("kept"): since("0.6.5")}, rows)["claims"] == rows
    assert runs == []


def test_a_new_release_and_a_changed_test_are_tested(
    record: Record, runs: list[tuple[str, list[str]]]
) -> None:
    claims = {claim("kept"): always, claim("changed", "2"): always, claim("new"): always}
    rows = {"kept": recorded_row(), "changed": recorded_row()}
    content = record(claims, rows, [*RELEASES, "0.7.10"])
    changed = ["changed", "new"]
    assert runs == [("0.5.9", changed), ("0.6.9", changed), ("0.7.10", ["kept", *changed])]
    assert content["versions"] == ["0.5.9", "0.6.9", "0.7.10"]
    for row in content["claims"].values():
        assert row["holds"] == dict.fromkeys(content["versions"], True)
    assert content["claims"]["changed"]["test"] == "2"


def test_a_named_claim_is_tested_with_every_release(
    record: Record, runs: list[tuple[str, list[str]]]
) -> None:
    claims = {claim("named"): always, claim("other"): always}
    record(claims, {each.name: recorded_row() for each in claims}, names=("named",))
    assert runs == [(version, ["named"]) for version in VERSIONS]


def test_the_first_release_with_which_a_claim_holds_is_found(
    record: Record, runs: list[tuple[str, list[str]]]
) -> None:
    claims = {claim("one"): since("0.7.5"), claim("two"): since("0.7.1")}
    content = record(claims, {})
    assert [row["since"] for row in content["claims"].values()] == ["0.7.5", "0.7.1"]
    assert content["claims"]["one"]["why_not"] == "tested"
    # The claims are tested together as long as they need the same releases.
    assert runs[len(VERSIONS) :] == [("0.7.1", ["one", "two"]), ("0.7.5", ["one"])]


def test_a_former_statement_has_a_first_and_a_last_release(record: Record) -> None:
    former = claim("former", until="0.7.1")

    def holds(version: str) -> bool:
        return Version("0.6.5") <= Version(version) <= Version("0.7.1")

    row = record({former: holds}, {})["claims"]["former"]
    assert (row["since"], row["until"]) == ("0.6.5", "0.7.1")
    assert [*row["holds"].values()] == [False, True, False]
    with pytest.raises(Problem, match=r'Write until\("0\.7\.1"\) in front of its test'):
        record({claim("former", until="0.6.9"): holds}, {})


@pytest.mark.parametrize(
    ("until", "holds"), [(None, since("0.8")), ("0.7.1", always)], ids=["untrue", "former"]
)
def test_the_newest_release_decides_what_is_a_former_statement(
    record: Record, until: str | None, holds: Holds
) -> None:
    with pytest.raises(Problem, match=r"with uv 0\.7\.9, or are former .*: wrong\."):
        record({claim("wrong", until=until): holds}, {})


def test_only_a_new_option_is_searched_in_older_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def existing(version: str, names: list[str]) -> list[str]:
        asked.append(version)
        return [name for name in names if name == "--old" or Version(version) > Version("0.6")]

    monkeypatch.setattr(uv_versions, "_existing", existing)
    monkeypatch.setattr(uv_versions, "_options_of_the_page", lambda: ["--old"])
    recorded = {"--old": "0.7.8"}
    assert uv_versions.oldest_releases(VERSIONS, recorded) == {"--old": "0.7.9"}
    assert asked == ["0.7.9"]
    monkeypatch.setattr(uv_versions, "_options_of_the_page", lambda: ["--old", "--new"])
    assert uv_versions.oldest_releases(VERSIONS, recorded)["--new"] == "0.6.9"
    assert asked[1:] == ["0.7.9", "0.6.9", "0.5.9"]
    monkeypatch.setattr(uv_versions, "_options_of_the_page", lambda: ["--gone"])
    monkeypatch.setattr(uv_versions, "_existing", lambda _version, _names: [])
    with pytest.raises(Problem, match=r"uv 0\.7\.9 does not have --gone"):
        uv_versions.oldest_releases(VERSIONS, recorded)

"""The line that says with what a page was last verified."""

from pathlib import Path

import pytest

from guide.content import recordings
from guide.content.claims import Claim
from guide.site import verified

ORIGINS = {
    "claims/a": {"date": "2026-11-02", "versions": {"uv": "0.13.10"}},
    "claims/b": {"date": "2026-11-03", "versions": {"uv": "0.13.9", "docker": "29.1.0+x"}},
    "command-map": {"date": "2026-11-04", "versions": {"poetry": "2.5.1"}},
    "layers/lock-stage": {"date": "2026-11-05", "versions": {"uv": "0.13.10", "docker": "29.0"}},
}


@pytest.fixture(autouse=True)
def origins(monkeypatch):
    monkeypatch.setattr(recordings, "provenance", ORIGINS.__getitem__)
    monkeypatch.setattr(verified, "locked_versions", lambda _text: {"django": "6.1"})


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["claims/a"], "2 November 2026 with uv 0.13.10."),
        (["claims/a", "claims/b"], "2 November 2026 with uv 0.13.9 and Docker 29.1.0."),
        (["command-map"], "4 November 2026."),
        ([*ORIGINS], "2 November 2026 with uv 0.13.9, Docker 29.0 and Django 6.1."),
    ],
    ids=["one", "two", "no-tool", "all"],
)
def test_the_oldest_date_and_the_oldest_versions_count(names, line):
    shown = verified.line(verified.verified(names))
    assert shown == f'<span class="verified">Last verified on {line}</span>'


def test_the_release_of_a_former_statement_does_not_count(monkeypatch):
    former = Claim("a", "", "", Path("t.py"), "", False, until="0.13.10", replaced_by="b")
    monkeypatch.setattr(verified.claims, "former_statements", lambda: [former])
    assert verified.verified(["claims/a", "claims/b"])["versions"]["uv"] == "0.13.9"
    assert verified.verified(["claims/a"])["versions"] == {}


def test_a_page_is_verified_by_the_recordings_that_its_macros_read():
    verified.start()
    names = recordings.names("claims")[:2]
    for source, name in zip(("a.md", "b.md"), names, strict=True):
        verified.reading(source, lambda name=name: recordings.claim(name))
    first, second = (f"claims/{name}" for name in names)
    assert dict(verified.names_by_page) == {"a.md": {first}, "b.md": {second}}
    verified.start()
    assert not verified.names_by_page

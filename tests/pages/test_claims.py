"""Every claim has a test and a recording, is cited on a page, and fails if it is wrong."""

import re

import pytest
from packaging.version import Version

from assertions import nonempty
from guide import ROOT
from guide.content import check_rules, claims, error_answers, recordings
from guide.engine import terminal as terminals
from guide.machine.uv_releases import installed_uv
from guide.pages.claims import statement
from guide.record import uv_versions
from guide.start.environment import UV_VERSION
from samples import sample_of_today

CLAIMS = claims.claims()


def test_every_test_of_the_folder_is_a_claim():
    functions = set()
    for file in claims.TESTS.glob("test_*.py"):
        functions |= {*re.findall(r"(?m)^def test_(\w+)", file.read_text())}
    assert functions == {name.replace("-", "_") for name in CLAIMS}


def test_every_claim_is_one_to_three_short_sentences():
    for claim in CLAIMS.values():
        assert claim.sentence.endswith("."), claim.name
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z`])", claim.sentence)
        assert len(sentences) <= 3, claim.name
        assert max(len(each.split()) for each in sentences) <= 35, claim.name


def test_every_claim_is_recorded_and_nothing_else():
    recorded = set(recordings.names("claims"))
    assert recorded == {*CLAIMS}
    for name, claim in CLAIMS.items():
        same = recordings.claim(name)["sentence"] == claim.sentence
        assert same, f"{claim.file.name}: run scripts/record claims {name}, as its sentence differs"


def test_every_claim_compares_what_it_reads():
    """That each command succeeds is not enough."""
    for name, claim in CLAIMS.items():
        assert claim.asserted, (
            f"{claim.file.name}: the test of {name} compares no output. Assert what the claim says."
        )


def test_every_former_statement_is_older_than_the_pinned_uv_and_was_replaced():
    for claim in nonempty(claims.former_statements()):
        assert Version(claim.until) < Version(UV_VERSION), claim.name
        assert CLAIMS[claim.replaced_by].until is None, claim.name
        assert recordings.provenance(f"claims/{claim.name}")["versions"]["uv"] == claim.until


def test_recordings_keep_what_was_asserted():
    for name, claim in CLAIMS.items():
        asserted = [*claim.asserted]
        assert recordings.claim(name).get("asserted", asserted) == asserted, (
            f"{claim.file.name}: the assertions of {name} have changed. Read them, and run "
            f"scripts/record claims {name}"
        )


def test_every_claim_has_its_place_on_a_page_besides_the_list():
    cited = set()
    for page in (ROOT / "docs").rglob("*.md"):
        cited |= {*re.findall(r'"([a-z0-9-]+)"', page.read_text())}
    for answer in error_answers.answers():
        cited |= {*answer.proofs_of("claim")}
    for rule in check_rules.rules():
        cited |= {*rule.claims}
    assert sorted({*CLAIMS} - cited) == []


def test_the_list_shows_each_claim_with_its_test(pages):
    page = pages["/reference/tested-statements/"]
    shown = {each["id"]: each for each in page.select("details.claim")}
    assert shown.keys() == CLAIMS.keys()
    for name, claim in CLAIMS.items():
        summary = shown[name].select_one("summary").get_text()
        assert summary == statement(claim).replace("`", "")
        source = shown[name].select_one(".source code").get_text().replace("\u200b", "")
        assert source == claim.source


def test_every_transcript_on_a_page_is_the_recorded_one(pages):
    blocks = [block for page in pages.values() for block in page.select("details.claim")]
    assert len(blocks) > len(CLAIMS)
    for block in blocks:
        data = block.select_one("a[href$='.json']")["href"].rpartition("/")[2]
        transcript = recordings.claim(data.removesuffix(".json"))["transcript"]
        text = block.get_text().replace("\u200b", "")
        for entry in nonempty(entry for entry in transcript if "command" in entry):
            assert f"$ {entry['command']}\n{entry['output']}".rstrip("\n") in text


def test_the_table_of_versions_has_every_claim_that_needs_no_docker():
    recorded = recordings.uv_versions()
    assert recorded["claims"].keys() == {each.name for each in uv_versions.without_docker()}
    assert recorded["versions"][-1] == recorded["recorded"]["versions"]["uv"]


def test_a_former_statement_says_when_it_was_true_and_what_is_true_now(pages):
    page = pages["/reference/tested-statements/"]
    listed = pages["/reference/uv-versions/"].select_one("#no-longer-true")
    items = listed.find_next("ul").select("li")
    assert len(items) == len(claims.former_statements())
    for claim in nonempty(claims.former_statements()):
        now = CLAIMS[claim.replaced_by].sentence.replace("`", "")
        was = statement(claim).replace("`", "")
        assert f"to {claim.until}: " in was or was.startswith(f"Until uv {claim.until}: ")
        assert now in page.find(id=claim.name).get_text()
        assert was in page.find(id=claim.replaced_by).get_text()
        assert any(was in item.get_text() and now in item.get_text() for item in items)


@pytest.mark.slow
def test_the_oldest_release_in_the_table_does_what_it_says(request):
    """With --all, this runs every claim that needs no Docker, and otherwise a sample of them.

    A sample is enough, because that release no longer changes.
    """
    recorded = recordings.uv_versions()
    oldest = recorded["versions"][0]
    tried = uv_versions.without_docker()
    if not request.config.option.all:
        tried = sample_of_today(tried, len(tried) // 20)
    outcomes = uv_versions.outcomes(oldest, tried)
    held = {each.name: recorded["claims"][each.name]["holds"][oldest] for each in tried}
    assert {name: why is None for name, why in outcomes.items()} == held


@pytest.fixture
def terminal(tmp_path):
    uv = installed_uv()
    return terminals.Terminal(tmp_path, uv, str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # The command that must fail succeeds.
        ("locked-fails-on-a-new-dependency", "uv sync --locked", "uv sync"),
        ("frozen-does-not-see-a-new-dependency", "--frozen --no-dev", "--no-dev"),
        ("only-group-installs-that-group-alone", "--only-group", "--group"),
        ("inexact-keeps-what-is-not-in-the-lockfile", " --inexact", ""),
        ("compile-bytecode-compiles", "UV_COMPILE_BYTECODE=1 ", ""),
        ("uv-run-locked-still-installs", "uv run --locked", "uv run --no-sync"),
        ("cache-keys-make-lock-check-see-dynamic-dependencies", "WITH_CACHE_KEYS", "DYNAMIC"),
    ],
)
def test_a_claim_with_a_different_command_fails(terminal, name, old, new):
    claim = claims.claim(name)
    assert old in claim.source
    text = claim.file.read_text().replace(claim.source, claim.source.replace(old, new))
    module = {}
    exec(compile(text, claim.file, "exec"), module)
    with pytest.raises(AssertionError):
        module[claim.test.rpartition("::")[2]](terminal)

"""One run of scripts/refresh finds five planted changes, and nothing else."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assertions import nonempty
from guide import ROOT
from guide.machine.git import git
from guide.machine.serving import QuietHandler, http_server
from guide.record import recording
from guide.refresh import repository

pytestmark = pytest.mark.only_with_all

LINKED = "ab" * 20
# The claims in this file take seconds. The copy has no others.
CLAIMS = "test_environment.py"
OLD_RECORDING = "uv-sync-ignores-an-activated-environment"
UNTRUE = "an-environment-of-uv-has-no-pip"


class Site(QuietHandler):
    """A site with a recipe that has been mended since the linked commit, and no other page."""

    def do_GET(self):
        is_old = self.path == f"/o/r/raw/{LINKED}/Dockerfile"
        exists = is_old or self.path in {
            "/o/r/raw/HEAD/Dockerfile",
            f"/o/r/blob/{LINKED}/Dockerfile",
        }
        self.send_response(200 if exists else 404)
        self.end_headers()
        self.wfile.write(b"uv sync --frozen" if is_old else b"uv sync --locked")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new, 1))


def append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text()}\n{text}\n")


def plant(guide: Path, site: str) -> None:
    for path in nonempty((guide / "tests/claims").glob("test_*.py")):
        if path.name != CLAIMS:
            path.unlink()
    replace(
        guide / "tests/claims" / CLAIMS,
        'terminal.fails(".venv/bin/python -m pip --version")',
        'terminal.run(".venv/bin/python -m pip --version")',
    )
    recorded = guide / f"docs/data/claims/{OLD_RECORDING}.json"
    content = json.loads(recorded.read_text())
    content["recorded"]["versions"]["uv"] = "0.1.0"
    content["digest"] = recording.digest(content)
    recorded.write_bytes(recording.encoded(content))
    lockfile = guide / "examples/lock-stage/uv.lock"
    text = lockfile.read_text()
    lockfile.write_text(re.sub(r'(name = "django"\nversion = )"[\d.]+"', r'\1"6.1"', text))
    append(guide / "docs/about.md", f"This [link]({site}/gone) is dead.")
    url = f"{site}/o/r/blob/{LINKED}/Dockerfile"
    append(guide / "docs/popular-recipes.md", f"At [this commit]({url}), there was a mistake.")
    recipe = f'[[recipes]]\nsection = "frozen"\nurl = "{url}"\ncontains = "--frozen"'
    append(guide / "scripts/guide/refresh/recipes.toml", recipe)


def plant_last_refresh(guide: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the branch of an earlier refresh, in which the planted link failed already."""
    url = f"{site}/gone"
    failing = {"url": url, "reason": "", "since": "2026-01-01", "files": [], "is_dead": False}
    git(guide, "switch", "--quiet", "--create", repository.BRANCH)
    monkeypatch.setattr(repository, "identity", lambda: ("A", "a@example.com"))
    repository.commit(guide, "Links", {"part": "links", "failing": [failing]})
    git(guide, "switch", "--quiet", "-")


def test_one_run_finds_what_was_planted_and_nothing_else(tmp_path, monkeypatch):
    guide, report = tmp_path / "guide", tmp_path / "report.md"
    git(tmp_path, "clone", "--quiet", str(ROOT), str(guide))
    identity = {"NAME": "A", "EMAIL": "a@example.com"}
    environ = {name: value for name, value in os.environ.items() if name != "GUIDE_ENVIRONMENT"}
    environ |= {f"GIT_COMMITTER_{name}": value for name, value in identity.items()}
    names = ("packages", "claims", "recipes", "links")
    parts = [argument for name in names for argument in ("--only", name)]
    with http_server(Site) as site:
        plant(guide, site)
        git(guide, "commit", "--quiet", "--all", "--message", "Plant")
        plant_last_refresh(guide, site, monkeypatch)
        command = [f"{sys.base_prefix}/bin/python3", guide / "scripts/refresh", *parts]
        done = subprocess.run(
            [*command, "--without-docker", "--output", report],
            env=environ,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 3, done.stderr
    text = report.read_text()
    assert re.findall(r"(?m)^## (.*)", text) == [
        "Statements that are no longer true",
        "Recipes whose source changed",
        "Dead links",
        # Links of the pages that have died since the last refresh.
        *["Links that fail"] * ("## Links that fail" in text),
        "Versions",
        "Recordings that were behind",
        # The links of the pages, if other sites cannot be reached.
        *["Notes"] * ("## Notes" in text),
    ]
    assert re.findall(r"(?m)^Claim `([^`]+)`", text) == [UNTRUE]
    assert re.findall(r"(?m)^- \[\S+/o/r/blob/\S+ the newest", text)
    assert re.findall(r"(?m)^- <(\S+)> \(HTTP 404 since 2026-01-01\)", text) == [f"{site}/gone"]
    assert re.search(r"(?m)^\| django \| 6\.1 \| [\d.]+ \| `examples/lock-stage/uv\.lock`", text)
    assert re.findall(r"(?m)^- `(\S+)` was recorded with uv 0\.1\.0", text) == [
        f"claims/{OLD_RECORDING}"
    ]

"""Record the Lighthouse scores of the built site, and the size of first visits."""

import json
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from guide import ROOT, Problem
from guide.content.recording_types import LighthousePage, Machine, PageWeight, SiteContent
from guide.machine import browser, mkdocs, node
from guide.machine.commands import reason, stop
from guide.machine.interrupts import uninterrupted
from guide.machine.progress import doing
from guide.machine.serving import FolderHandler, folder_server
from guide.machine.waiting import wait_until
from guide.record import recording

LIGHTHOUSE = node.version("lighthouse", "lighthouse")
PAGES = {"/": "Home", "/patterns/pattern-a/": "Pattern A", "/benchmarks/": "Benchmarks"}
WEIGHED = {
    "/patterns/compare/": "Patterns side by side",
    "/patterns/pattern-a/": "Pattern A",
    "/patterns/pattern-b/": "Pattern B",
    "/patterns/pattern-c/": "Pattern C",
    "/patterns/lock-stage/": "The lock stage",
    "/patterns/kept-venv/": "The kept virtual environment",
    "/benchmarks/": "Benchmarks",
    "/": "Home",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

# Lighthouse emulates a phone by slowing the CPU down four times. This factor suits a machine with a
# benchmark index of 2000: at 1000, Lighthouse warns of a machine "at least ~2x weaker than our
# regular target device" (core/gather/driver/environment.js). The calibrated score emulates the same
# phone on any machine, using a lower factor on slower machines (docs/throttling.md).
CPU_SLOWDOWN = 4
CALIBRATED_INDEX = 2000

# An empty page with the theme features that this site uses, to measure the theme alone.
BARE = """\
site_name: Bare
site_url: !ENV SITE_URL
theme:
  name: material
  font: false
  features: [content.code.copy, content.lazy, content.tabs.link, navigation.instant, toc.follow]
"""


def record_site(rounds: int) -> tuple[str, SiteContent]:
    """Run Lighthouse on each page in each round, and measure the size of pages.

    Returns the version of Chromium and the content of the recording.
    """
    with (
        tempfile.TemporaryDirectory(prefix="guide-site-") as name,
        folder_server(Path(name) / "site", _HostHandler) as origin,
        folder_server(Path(name) / "bare", _HostHandler) as bare,
    ):
        home = Path(name)
        _build(home / "site", ROOT, f"{origin}/")
        (home / "docs").mkdir()
        (home / "docs/index.md").write_text("# Nothing\n")
        (home / "mkdocs.yml").write_text(BARE)
        _build(home / "bare", home, f"{bare}/")
        pages = {path: _page_without_rounds(title) for path, title in PAGES.items()}
        theme = _page_without_rounds("The theme alone, an empty page")
        by_url = {f"{origin}{path}": page for path, page in pages.items()} | {f"{bare}/": theme}
        _run_rounds(rounds, by_url)
        with browser.running_browser() as chromium:
            version = chromium.version
            weights: dict[str, PageWeight] = {
                path: {
                    "name": title,
                    "bytes": browser.first_visit(chromium, home / "site", origin, path),
                }
                for path, title in WEIGHED.items()
            }
    return version, {
        "calibrated_for": CALIBRATED_INDEX,
        "pages": pages,
        "theme": theme,
        "weights": weights,
    }


def _build(folder: Path, source: Path, url: str) -> None:
    done = mkdocs.build_site(folder, source, SITE_URL=url)
    if done.returncode != 0:
        raise Problem(f"mkdocs build failed: {reason(done.stderr)}")


def _run_rounds(rounds: int, by_url: dict[str, LighthousePage]) -> None:
    with _open_chromium() as port:
        with doing("lighthouse", "opening the browser"):
            _lighthouse(next(iter(by_url)), port)
        for number in range(rounds):
            for url, page in by_url.items():
                with doing("lighthouse", f"{page['name']}: round {number + 1} of {rounds}"):
                    _add_round(page, *_lighthouse(url, port))


def this_machine() -> Machine:
    """Return the machine on which the browser runs. Memory is in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count() or 1,
        "memory": round(memory / 2**30),
        "system": platform.system(),
        "architecture": platform.machine(),
        "kernel": platform.release(),
        "cpu": recording.processor() or "unknown",
    }


class _HostHandler(FolderHandler):
    """Serves a site like a typical host: compressed, and cached for ten minutes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file, status = browser.hosted_file(Path(self.directory), self.path)
        packed = file.suffix in browser.COMPRESSED and "gzip" in self.headers["Accept-Encoding"]
        body = browser.compressed(file) if packed else file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", browser.media_type(file))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


class AuditReference(TypedDict):
    """An audit of a category in a Lighthouse report, and its weight in the score."""

    id: str
    weight: float


class Category(TypedDict):
    """A category in a Lighthouse report. Scores are between 0 and 1."""

    score: float
    auditRefs: list[AuditReference]


class Audit(TypedDict):
    """An audit in a Lighthouse report. Audits that do not apply have no score."""

    title: str
    score: float | None
    numericValue: float


class Environment(TypedDict):
    """The machine in a Lighthouse report."""

    benchmarkIndex: float


class Report(TypedDict):
    """The parts of a Lighthouse report that this module reads."""

    categories: dict[str, Category]
    audits: dict[str, Audit]
    environment: Environment


def _page_without_rounds(title: str) -> LighthousePage:
    return {
        "name": title,
        "scores": {category: [] for category in CATEGORIES},
        "calibrated": [],
        "lcp": [],
        "tbt": [],
        "cls": [],
        "benchmark": [],
        "missed": {},
    }


def _add_round(page: LighthousePage, report: Report, calibrated: Report) -> None:
    """Add the two reports of one visit to the values of a page."""
    for name in CATEGORIES:
        category = report["categories"][name]
        page["scores"][name].append(round(category["score"] * 100))
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                lowest = page["missed"].get(audit["title"], 1)
                page["missed"][audit["title"]] = min(lowest, audit["score"])
    page["lcp"].append(_metric(report, "largest-contentful-paint"))
    page["tbt"].append(_metric(report, "total-blocking-time"))
    page["cls"].append(_metric(report, "cumulative-layout-shift"))
    page["calibrated"].append(round(calibrated["categories"]["performance"]["score"] * 100))
    page["benchmark"].append(round(report["environment"]["benchmarkIndex"]))


def _metric(report: Report, audit: str) -> float:
    return round(report["audits"][audit]["numericValue"], 3)


@contextmanager
def _open_chromium() -> Iterator[int]:
    """Yield the debugging port of a running Chromium, because readers' browsers are also running.

    A new Chromium may take two seconds to paint its first page.
    """
    with tempfile.TemporaryDirectory(prefix="guide-chromium-") as profile:
        flags = ("--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0")
        command = [browser.program(), *flags, f"--user-data-dir={profile}", "about:blank"]
        # In a new session, because Debian's program is a script that starts Chromium.
        with subprocess.Popen(
            command, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                yield _debugging_port(Path(profile))
            finally:
                with uninterrupted():
                    stop(process)


def _debugging_port(profile: Path) -> int:
    """Return the port that Chromium writes into a file of its profile."""
    file = profile / "DevToolsActivePort"

    def port() -> int:
        return int(file.read_text().split()[0])

    failing = "Chromium did not start"
    return wait_until(port, timeout=60, failing=failing, ignoring=(OSError, LookupError))


def _lighthouse(url: str, port: int) -> tuple[Report, Report]:
    """Visit a page once with the Chromium on a port, and return two reports about the visit.

    The first report uses Lighthouse's default settings. The second is calibrated for this machine.
    """
    with tempfile.TemporaryDirectory(prefix="guide-lighthouse-") as visit:

        def lighthouse(*arguments: str) -> str:
            return node.run(
                *("lighthouse", "lighthouse", url, "--quiet", "--output=json"),
                f"--only-categories={','.join(CATEGORIES)}",
                *arguments,
                failing=f"Lighthouse failed at {re.sub('^http://[^/]*', '', url)}",
                timeout=180,
            ).stdout

        both = (f"--gather-mode={visit}", f"--audit-mode={visit}")
        report: Report = json.loads(lighthouse(*both, f"--port={port}"))
        # The second audit uses the factor in the artifacts of the visit.
        factor = CPU_SLOWDOWN * report["environment"]["benchmarkIndex"] / CALIBRATED_INDEX
        file = Path(visit) / "artifacts.json"
        artifacts = json.loads(file.read_text())
        artifacts["settings"]["throttling"]["cpuSlowdownMultiplier"] = factor
        file.write_text(json.dumps(artifacts))
        option = f"--throttling.cpuSlowdownMultiplier={factor}"
        calibrated: Report = json.loads(lighthouse(f"--audit-mode={visit}", option))
        return report, calibrated

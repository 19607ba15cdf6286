"""The finished site, measured: what Lighthouse says of it, and what a first visit transfers."""

import json
import os
import platform
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import Problem
from guide.machine import browser, mkdocs, node
from guide.machine.commands import reason
from guide.machine.progress import doing
from guide.machine.serving import FolderHandler, folder_server

LIGHTHOUSE = node.version("lighthouse", "lighthouse")
PAGES = {"/": "Home", "/patterns/pattern-a/": "Pattern A", "/numbers/": "The numbers"}
WEIGHED = {
    "/patterns/side-by-side/": "Patterns side by side",
    "/patterns/pattern-a/": "Pattern A",
    "/patterns/pattern-b/": "Pattern B",
    "/patterns/pattern-c/": "Pattern C",
    "/patterns/lock-stage/": "The lock stage",
    "/numbers/": "The numbers",
    "/": "Home",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "lcp": "largest-contentful-paint",
    "tbt": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}


# Lighthouse takes a phone to be four times slower than the machine that it runs on. That suits one
# with a benchmark index of 2000: at 1000 it warns of one "at least ~2x weaker than our regular
# target device" (core/gather/driver/environment.js). Calibrated is the same phone, whatever the
# machine: a slower one asks for a lower factor (docs/throttling.md).
FACTOR = 4
INDEX_OF_THAT = 2000

# A page with nothing on it, with the features that these pages have: what the theme alone costs.
BARE = """\
site_name: Bare
site_url: !ENV SITE_URL
theme:
  name: material
  font: false
  features: [content.code.copy, content.lazy, content.tabs.link, navigation.instant, toc.follow]
"""


def recording(rounds: int) -> dict:
    """Each page in Lighthouse, as a phone, one page after another in each round; and weighed.

    `theme` is a page with nothing on it, in the same rounds.
    """
    with (
        tempfile.TemporaryDirectory(prefix="guide-site-") as name,
        folder_server(Path(name) / "site", _HostHandler) as origin,
        folder_server(Path(name) / "bare", _HostHandler) as bare,
    ):
        home = Path(name)
        _built(home / "site", SITE_URL=f"{origin}/")
        (home / "docs").mkdir()
        (home / "docs/index.md").write_text("# Nothing\n")
        (home / "mkdocs.yml").write_text(BARE)
        _built(home / "bare", source=home, SITE_URL=f"{bare}/")
        pages = {address: _empty(name) for address, name in PAGES.items()}
        theme = _empty("The theme alone, an empty page")
        looked_at = {origin + address: found for address, found in pages.items()}
        looked_at[f"{bare}/"] = theme
        with _open_chromium() as port:
            with doing("lighthouse", "opening the browser"):
                _lighthouse(f"{origin}/", port)
            for number in range(rounds):
                for url, found in looked_at.items():
                    with doing("lighthouse", f"{found['name']}: round {number + 1} of {rounds}"):
                        _add(found, *_lighthouse(url, port))
        with browser.running_browser() as chromium:
            version = chromium.version
            weights = {
                address: {
                    "name": name,
                    "bytes": browser.first_visit(chromium, home / "site", origin, address),
                }
                for address, name in WEIGHED.items()
            }
    return {
        "chromium": version,
        "calibrated_for": INDEX_OF_THAT,
        "pages": pages,
        "theme": theme,
        "weights": weights,
    }


def _built(folder: Path, **options) -> None:
    done = mkdocs.build(folder, **options)
    if done.returncode != 0:
        raise Problem(f"mkdocs build failed: {reason(done.stderr)}")


def machine() -> dict:
    """The machine that the browser ran on. Memory is in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory": round(memory / 2**30),
        "system": platform.system(),
        "architecture": platform.machine(),
    }


class _HostHandler(FolderHandler):
    """Serve a site as a usual host does: compressed, and cached for ten minutes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        folder = Path(self.directory)
        file = browser.page_file(folder, self.path)
        found = file.is_file()
        if not found:
            file = folder / "404.html"
        packed = file.suffix in browser.COMPRESSED and "gzip" in self.headers["Accept-Encoding"]
        body = browser.compressed(file) if packed else file.read_bytes()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", browser.media_type(file))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)


def _empty(name: str) -> dict:
    scores = {category: [] for category in CATEGORIES}
    metrics = {name: [] for name in METRICS}
    return {
        "name": name,
        "scores": scores,
        "calibrated": [],
        **metrics,
        "benchmark": [],
        "missed": {},
    }


def _add(found: dict, report: dict, calibrated: dict) -> None:
    """Add the two reports of one reading to what was found of its page."""
    for category in CATEGORIES:
        said = report["categories"][category]
        found["scores"][category].append(round(said["score"] * 100))
        for audit in said["auditRefs"]:
            result = report["audits"][audit["id"]]
            if audit["weight"] and result["score"] is not None and result["score"] < 1:
                lowest = found["missed"].get(result["title"], 1)
                found["missed"][result["title"]] = min(lowest, result["score"])
    for name, audit in METRICS.items():
        found[name].append(round(report["audits"][audit]["numericValue"], 3))
    found["calibrated"].append(round(calibrated["categories"]["performance"]["score"] * 100))
    found["benchmark"].append(round(report["environment"]["benchmarkIndex"]))


@contextmanager
def _open_chromium() -> Iterator[int]:
    """A Chromium that is open already, as a reader's is; yields the port that it listens on.

    A new one may take two seconds for its first picture, whatever the page.
    """
    with tempfile.TemporaryDirectory(prefix="guide-chromium-") as profile:
        flags = ("--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0")
        command = [browser.program(), *flags, f"--user-data-dir={profile}", "about:blank"]
        # A session of its own, to end all of it: what Debian starts is a script that starts it.
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as process:
            try:
                for line in process.stderr:
                    port = re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line)
                    if port:
                        break
                else:
                    raise Problem("Chromium did not start.")
                threading.Thread(target=process.stderr.read, daemon=True).start()
                yield int(port[1])
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()


def _lighthouse(url: str, port: int) -> tuple[dict, dict]:
    """What Lighthouse reports of a page that the Chromium on this port has read, as it is set and
    calibrated."""
    with tempfile.TemporaryDirectory(prefix="guide-lighthouse-") as reading:

        def lighthouse(*arguments: str) -> str:
            return node.run(
                *("lighthouse", "lighthouse", url, "--quiet", "--output=json"),
                f"--only-categories={','.join(CATEGORIES)}",
                *arguments,
                failing=f"Lighthouse failed at {re.sub('^http://[^/]*', '', url)}",
                timeout=180,
            ).stdout

        both = (f"--gather-mode={reading}", f"--audit-mode={reading}")
        report = json.loads(lighthouse(*both, f"--port={port}"))
        # One reading, audited twice: for that the factor has to be changed in what was gathered.
        factor = FACTOR * report["environment"]["benchmarkIndex"] / INDEX_OF_THAT
        file = Path(reading) / "artifacts.json"
        artifacts = json.loads(file.read_text())
        artifacts["settings"]["throttling"]["cpuSlowdownMultiplier"] = factor
        file.write_text(json.dumps(artifacts))
        option = f"--throttling.cpuSlowdownMultiplier={factor}"
        return report, json.loads(lighthouse(f"--audit-mode={reading}", option))

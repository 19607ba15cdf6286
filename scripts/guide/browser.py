"""A headless Chromium: the one installed, or on Debian the package of that name."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from guide import Problem, debian

NAMES = ("chromium", "chromium-browser", "google-chrome")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = ("background-networking", "component-update", "sync")


@contextmanager
def opened() -> Iterator[Browser]:
    """Raises Problem where there is none and none can be installed."""
    if debian.is_possible():
        # Playwright's driver needs libatomic1, which a bare Debian does not have.
        debian.install("libatomic1", *([] if path() else ["chromium"]))
    if path() is None:
        raise Problem("Chromium or Google Chrome is needed: install one of them.")
    arguments = ["--no-sandbox", "--disable-gpu", *(f"--disable-{what}" for what in QUIET)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=arguments)
        yield browser
        browser.close()


def path() -> str | None:
    found = [path for path in map(shutil.which, NAMES) if path]
    return found[0] if found else str(ON_A_MAC) if ON_A_MAC.exists() else None

"""Look for links on the pages that no longer lead anywhere."""

import re
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

from guide import ROOT
from guide.content.error_answers import FOLDER, answers
from guide.refresh.results import DeadLink

# Markdown links, HTML links and autolinks, except those to the reader's own machine.
_LINK = re.compile(r"(?:\]\(|href=\"|<)(https?://(?!localhost\b)[^)\"\s>]+)")
# The statuses with which a server reports that a page does not exist.
GONE = {404, 410}
_TIME_LIMIT = 20
# Some sites refuse a program without a name.
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; link check of Django images with uv)"}


def links() -> dict[str, list[str]]:
    """Return the files that contain each link to another site, keyed by URL without its anchor."""
    files: dict[str, set[str]] = defaultdict(set)
    for path in [*(ROOT / "docs").rglob("*.md"), *FOLDER.glob("*.toml")]:
        for url in _LINK.findall(path.read_text()):
            files[urldefrag(url).url].add(path.relative_to(ROOT).as_posix())
    for answer in answers():
        for url in answer.thread_links.values():
            files[urldefrag(url).url].add(FOLDER.relative_to(ROOT).as_posix())
    return {url: sorted(names) for url, names in sorted(files.items())}


def dead_links(files: dict[str, list[str]]) -> tuple[list[DeadLink], list[str]]:
    """Request each link. Return the links whose server reports that the page does not exist.

    Also return the links without an answer. Their pages may exist, because servers can be down,
    refuse programs or limit the number of requests.
    """
    answers = dict(zip(files, _answers(files), strict=True))
    dead: list[DeadLink] = [
        {"url": url, "reason": f"HTTP {answer}", "files": files[url]}
        for url, answer in answers.items()
        if answer in GONE
    ]
    return dead, [url for url, answer in answers.items() if answer is None]


def _answers(urls: Iterable[str]) -> list[int | None]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        return [*pool.map(_status, urls)]


def _status(url: str) -> int | None:
    """Return the status of a page, or None if the server does not say whether the page exists."""
    for _attempt in range(2):
        try:
            read_url(url)
        except HTTPError as error:
            if error.code in GONE:
                return error.code
        except (HTTPException, OSError, ValueError):
            continue
        else:
            return 200
    return None


def read_url(url: str) -> bytes:
    """Return the content of a URL. Raises OSError or HTTPException if that fails."""
    with urlopen(Request(url, headers=_HEADERS), timeout=_TIME_LIMIT) as answer:
        content: bytes = answer.read()
    return content

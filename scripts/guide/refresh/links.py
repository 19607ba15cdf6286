"""Look for links on the pages that no longer lead anywhere.

A server can be down for a day, and a page can move back. A link is therefore dead only if it has
failed in every refresh for some weeks. The results of earlier refreshes say since when it has.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

from guide import ROOT
from guide.content.error_answers import FOLDER, answers
from guide.refresh.results import FailingLink

# Markdown links, HTML links and autolinks, except those to the reader's own machine.
_LINK = re.compile(r"(?:\]\(|href=\"|<)(https?://(?!localhost\b)[^)\"\s>]+)")
# The statuses with which a server reports that a page does not exist.
GONE = {404, 410}
_TIME_LIMIT = 20
# How long a link has to fail before it is dead: three weekly refreshes, or five if the server does
# not say that the page does not exist.
_GRACE = timedelta(days=14)
_GRACE_WITHOUT_ANSWER = timedelta(days=28)
_SHAPE = re.compile(r"https://([a-z0-9-]+\.)+[a-z]{2,}(/[^\s<>\"'`|\\^{}]*)?")
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


def wrong_shape(url: str) -> str | None:
    """Return what is wrong with a URL, or None. No request is made."""
    if not _SHAPE.fullmatch(url):
        return "needs https, a host and a path without a port, a password or unusual characters"
    if re.search(r"[?&](?:utm_\w+|fbclid|gclid|ref)=", url):
        return "contains a parameter that only serves to track readers"
    if "//" in urlsplit(url).path or url.endswith((".", ",", ";", ":")):
        return "contains an empty part or ends with punctuation"
    return None


def failing_links(
    files: dict[str, list[str]], earlier: Iterable[FailingLink], today: date
) -> list[FailingLink]:
    """Request each link, and return those that fail, with the day since which they have failed.

    `earlier` are the links that failed in the last refresh.
    """
    since = {each["url"]: each["since"] for each in earlier}
    answers = dict(zip(files, _answers(files), strict=True))
    return [
        _failing(url, answer, since.get(url), files[url], today)
        for url, answer in answers.items()
        if answer is None or answer in GONE
    ]


def _failing(
    url: str, answer: int | None, since: str | None, files: list[str], today: date
) -> FailingLink:
    first = date.fromisoformat(since) if since else today
    grace = _GRACE if answer else _GRACE_WITHOUT_ANSWER
    return {
        "url": url,
        "reason": f"HTTP {answer}" if answer else "no answer",
        "since": first.isoformat(),
        "files": files,
        "is_dead": today - first >= grace,
    }


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

"""Check the files of a project with a kit, and ask its running service."""

import json
import re
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin

from guide import Problem
from guide.check.folders import check_folders
from guide.engine.transcripts import PRODUCTION, ProjectCopy
from guide.kit.kits import Answers
from guide.machine.commands import tool
from guide.record import line_facts

# The name of each new project and of its settings package.
PROJECT = "shop"
_SECRET_KEY = "a-long-enough-random-looking-key-0123456789-abcdefghij"
# What Django reports about a project that `startproject` has just written.
_OF_STARTPROJECT = {"mail.E001"}
# Docker sends SIGKILL after as many seconds.
_STOPS_WITHIN = 10

# What each kit is asked. Pages show these sentences.
ASKED = (
    "Every step of its instructions can be followed, and their commands succeed.",
    "`docker build --check`, hadolint and Check find nothing.",
    "The image builds, and the container becomes healthy.",
    "From outside the container, the health check and the login page of Django's admin answer.",
    "The style sheet of that page is served with a hash in its name, to be cached for ten years.",
    "The server does not run as root and has no capabilities.",
    "In the container, `check --deploy` reports nothing except that the backend for mail, which "
    "`startproject` writes, is for development.",
    "After SIGTERM, the server exits by itself with code 0 before Docker would kill it.",
)


def check_files(running: ProjectCopy) -> None:
    """Check the project with Docker's checks, hadolint and Check."""
    folder = running.folder
    done = tool("hadolint", folder / "Dockerfile")
    _require(done.returncode == 0, f"hadolint: {done.stdout.strip()}")
    check = ("buildx", "build", "--check", str(folder))
    done = running.engine.docker(*check, check=False)
    _require(done.returncode == 0, f"docker build --check: {(done.stdout + done.stderr).strip()}")
    findings = [
        f"{finding['file']}:{finding['line']}: {finding['rule']}"
        for _, dockerfiles in check_folders([folder])
        for dockerfile in dockerfiles
        for finding in dockerfile["findings"]
    ]
    _require(not findings, f"Check: {', '.join(findings)}")


def ask(running: ProjectCopy, answers: Answers) -> dict[str, str]:
    """Ask the running service, and stop it. Return the versions that it runs."""
    read_production(running)
    container = running.container()
    state = line_facts.inspect(running.engine, container)["State"]
    _require(state["Health"]["Status"] == "healthy", f"The container is {state['Health']}.")
    _ask_for_pages(running.url)
    facts = line_facts.process_facts(running.engine, container)
    _require(facts["user"].startswith("uid=10001(app)"), f"The server runs as {facts['user']}.")
    _require(int(facts["capabilities of web"], 16) == 0, "The server has capabilities.")
    manage = [PROJECT] if answers["layout"] == "src" else ["python", "manage.py"]
    settings = ("--env=DJANGO_HTTPS=on", f"--env=DJANGO_SECRET_KEY={_SECRET_KEY}")
    check = (*manage, "check", "--deploy", "--fail-level", "WARNING")
    done = running.engine.docker("exec", *settings, container, *check, check=False)
    # "System check identified" is missing if Django could not check the project.
    reported = {*re.findall(r"\((\w+\.[EW]\d+)\)", done.stdout + done.stderr)} - _OF_STARTPROJECT
    is_checked = "System check identified" in done.stdout + done.stderr
    _require(is_checked and not reported, f"check --deploy: {(done.stdout + done.stderr).strip()}")
    versions = running.engine.docker("exec", container, "python", "-c", _VERSIONS).stdout
    _stop(running, container)
    installed: dict[str, str] = json.loads(versions)
    return {name: installed[name] for name in ("python", "django", answers["server"])}


_VERSIONS = """
import importlib.metadata, json, platform
installed = {each.name.lower(): each.version for each in importlib.metadata.distributions()}
print(json.dumps({"python": platform.python_version(), **installed}))
"""


def _ask_for_pages(url: str) -> None:
    """Request a page and its style sheet from outside the container."""
    login = _get(f"{url}/admin/login/")[1]
    match = re.search(r'href="(/static/[^"]+\.css)"', login)
    _require(match is not None, "The login page has no style sheet.")
    link = match[1] if match else ""
    caching = _get(urljoin(url, link))[0]
    _require("immutable" in caching, f"{link} is served with Cache-Control: {caching}")


def _get(url: str) -> tuple[str, str]:
    """Return the `Cache-Control` header and the text of a response that must have status 200."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.headers.get("Cache-Control", ""), response.read().decode()
    except (urllib.error.URLError, OSError) as error:
        raise Problem(f"{url} does not answer as it should: {error}.") from error


def _stop(running: ProjectCopy, container: str) -> None:
    """Check that the server exits by itself after SIGTERM."""
    start = time.monotonic()
    running.engine.docker("kill", "--signal", "TERM", container)
    running.engine.docker("wait", container, timeout=30)
    seconds = time.monotonic() - start
    code = line_facts.inspect(running.engine, container)["State"]["ExitCode"]
    _require(code == 0, f"After SIGTERM, the server exits with code {code}.")
    _require(seconds < _STOPS_WITHIN, f"After SIGTERM, the server runs for {seconds:.0f} s.")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise Problem(message)


def read_production(running: ProjectCopy) -> None:
    """Let later commands use the settings for production with which the instructions start it."""
    if (running.folder / PRODUCTION).exists():
        running.compose_files[:] = [PRODUCTION]

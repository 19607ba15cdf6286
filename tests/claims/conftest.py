"""Terminals for the tests of claims, and the comparison of transcripts with their recordings."""

import json
from pathlib import Path

import pytest

from guide.content import claims
from guide.content import examples as catalogue
from guide.engine import terminal as terminals
from guide.engine.isolated import base_image_arguments, fresh_base_image
from guide.engine.uv import PYTHON_IMAGE
from guide.machine.commands import run
from guide.machine.uv_releases import installed_uv
from guide.record import claims as record_claims
from guide.record.installed_poetry import write_poetry_program
from guide.record.twins import EXCLUDE_NEWER
from guide.refresh.testing import TRANSCRIPT
from guide.start.environment import find_uv

# The base images of claims that build images.
IMAGES = [PYTHON_IMAGE, catalogue.examples()[0].uv_image]


def pytest_base_images(item):
    return IMAGES if "docker" in item.fixturenames else None


@pytest.fixture(scope="session")
def uv_cache(tmp_path_factory):
    """Return the folder of uv's cache, so that claims do not download packages again.

    If that folder is on a different file system, return a separate cache, because uv would
    otherwise print a warning in every transcript.
    """
    cache = Path(run(find_uv(), "cache", "dir", failing="uv cache dir").stdout.strip())
    cache.mkdir(parents=True, exist_ok=True)
    # All processes of the test run share this folder.
    home = tmp_path_factory.getbasetemp().parent
    return str(cache if cache.stat().st_dev == home.stat().st_dev else home / "uv-cache")


@pytest.fixture
def uv(request):
    """Return the path of the uv that a claim runs.

    It is the release in --uv-version. Otherwise, a former statement runs the last release with
    which it was true, and any other claim the pinned release.
    """
    former = claims.claim(claims.identifier(request.node.name)).until
    return installed_uv(request.config.getoption("--uv-version") or former)


@pytest.fixture
def home(tmp_path_factory):
    """Return a new home folder.

    Its path is short, because uv makes a console script start through a shell if the path of the
    environment's Python has more than 127 characters.
    """
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def terminal(home, uv, uv_cache):
    """Return a terminal in a new project folder."""
    return terminals.Terminal(home, uv, uv_cache)


@pytest.fixture
def poetry(terminal):
    """Return a function that installs a version of Poetry as the terminal's `poetry` command."""

    def install(version=None):
        folder = terminal.home / ".local/bin"
        folder.mkdir(parents=True, exist_ok=True)
        write_poetry_program(folder / "installed-poetry", version)
        settings = (
            f"UV_EXCLUDE_NEWER={EXCLUDE_NEWER} POETRY_CACHE_DIR={terminal.cache}-poetry "
            f"POETRY_VIRTUALENVS_PATH={terminal.home}/virtualenvs "
            "POETRY_NO_INTERACTION=1 PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring"
        )
        program = folder / "poetry"
        program.write_text(f'#!/bin/sh\n{settings} exec {folder}/installed-poetry "$@"\n')
        program.chmod(0o755)

    return install


@pytest.fixture
def docker(home, uv, uv_cache, engine, request):
    """Yield a terminal that can also build and run images, without layers of earlier builds."""
    engine.need_images(IMAGES)
    terminal = terminals.DockerTerminal(
        home, uv, uv_cache, engine=engine, name=claims.identifier(request.node.name)
    )
    terminal.hidden += base_image_arguments({PYTHON_IMAGE: fresh_base_image(engine, PYTHON_IMAGE)})
    yield terminal
    engine.docker("rm", "--force", "--volumes", terminal.container, check=False)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Record the transcript of a claim that passes, or compare it with the recording.

    The report of a failed claim contains the transcript, which scripts/refresh shows.
    """
    arguments = pyfuncitem.funcargs
    terminal = arguments.get("docker") or arguments.get("terminal")
    try:
        result = yield
    except Exception:
        if terminal is not None and pyfuncitem.config.getoption("--record-claims"):
            pyfuncitem.user_properties.append((TRANSCRIPT, json.dumps(terminal.transcript)))
        raise
    if terminal is not None and not pyfuncitem.config.getoption("--uv-version"):
        name = claims.identifier(pyfuncitem.name)
        if pyfuncitem.config.getoption("--record-claims"):
            record_claims.record_claim(name, terminal)
        else:
            recorded = claims.claim_recording(name)
            assert recorded["sentence"] == claims.claim(name).sentence
            # Older recordings lack the assertions.
            asserted = [*claims.claim(name).asserted]
            assert recorded.get("asserted", asserted) == asserted
            assert record_claims.without_sizes(
                recorded["transcript"]
            ) == record_claims.without_sizes(terminal.transcript)
    return result

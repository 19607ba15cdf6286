"""Pattern B under `docker compose watch`: what an edit does to the running service."""

import json
import re
import urllib.request
from http.client import HTTPException

import pytest

from checks import change
from guide.content.examples import example as find_example
from guide.engine import transcripts
from guide.machine.waiting import wait_until

B = find_example("pattern-b-multi-stage")
# With the other tests of Pattern B, whose layers it starts from.
pytestmark = pytest.mark.xdist_group(B.project)


@pytest.fixture(scope="module")
def place(engine, bases):
    """Pattern B in development, watched."""
    with transcripts.workplace(engine, B, bases=bases(B)) as place:
        place.follow_readme()
        with place.started("docker", "compose", "watch", "--no-up"):
            # It says so when it has begun; edits before that are not seen.
            wait_for(place, lambda: any("Watch enabled" in line for line in place.printed))
            yield place


def wait_for(place, check):
    def failing():
        return "".join(place.printed[-30:]) + "The change did not arrive"

    wait_until(check, timeout=300, failing=failing)


def invoice(place):
    try:
        with urllib.request.urlopen(f"{place.address}/invoices/demo.json", timeout=5) as answer:
            return json.load(answer)
    except (OSError, HTTPException, json.JSONDecodeError):
        # The server is just starting again, or stopped before the end of its answer.
        return {}


def test_an_edited_view_is_live(place):
    container = place.container()
    (place.folder / ".env").write_text("a secret that .dockerignore names")
    change(place.folder / "invoices/views.py", '"customer": ', '"client": ')
    wait_for(place, lambda: "client" in invoice(place))
    assert place.container() == container
    found = place.run_quietly("docker", "exec", container, "ls", "-A", "/app").split()
    assert "invoices" in found
    assert ".env" not in found


def test_new_migrations_as_the_readme_makes_them(place):
    readme = (place.folder / "README.md").read_text()
    command = re.search(r"New migrations: `([^`]+)`", readme)[1]
    assert "No changes detected" in place.run_quietly("bash", "-c", command)


def test_an_edited_lock_rebuilds(place):
    container = place.container()
    lock = place.folder / "uv.lock"
    lock.write_text(lock.read_text() + "# edited\n")
    wait_for(place, lambda: place.container() not in {"", container})
    wait_for(place, lambda: invoice(place))

"""Edit the running service of Pattern B under `docker compose watch`."""

import json
import re
import urllib.request
from http.client import HTTPException

import pytest

from checks import replace_in_file
from guide.content.examples import example as find_example
from guide.engine import transcripts
from guide.machine.waiting import wait_until

PATTERN_B = find_example("pattern-b-multi-stage")
# In one group with the other tests of Pattern B, whose layers it reuses.
pytestmark = pytest.mark.xdist_group(PATTERN_B.project)


@pytest.fixture(scope="module")
def watched(engine, base_images):
    """Pattern B in development, under `docker compose watch`."""
    with transcripts.project_copy(engine, PATTERN_B, base_images=base_images(PATTERN_B)) as service:
        service.follow_readme()
        with service.background("docker", "compose", "watch", "--no-up") as watch:
            # Edits before this line is printed are not noticed.
            wait_for(service, watch, lambda: "Watch enabled" in "".join(service.background_output))
            yield service, watch


def wait_for(service, watch, check):
    """Wait until a change arrives in the service. Fail if `docker compose watch` exits."""

    def failing():
        return "".join(service.background_output[-30:]) + "The change did not arrive"

    wait_until(lambda: check() or watch.poll() is not None, timeout=300, failing=failing)
    assert watch.poll() is None, failing()


def invoice(service):
    """Return the invoice from the service, or an empty dictionary while the service restarts."""
    try:
        with urllib.request.urlopen(f"{service.url}/invoices/demo.json", timeout=5) as answer:
            return json.load(answer)
    except (OSError, HTTPException, json.JSONDecodeError):
        # The server is restarting, or it stopped before it had sent the whole response.
        return {}


def test_an_edited_view_is_live(watched):
    service, watch = watched
    container = service.container()
    (service.folder / ".env").write_text("a secret that .dockerignore names")
    replace_in_file(service.folder / "invoices/views.py", '"customer": ', '"client": ')
    wait_for(service, watch, lambda: "client" in invoice(service))
    assert service.container() == container
    files = service.run_quietly("docker", "exec", container, "ls", "-A", "/app").split()
    assert "invoices" in files
    assert ".env" not in files


def test_new_migrations_as_the_readme_makes_them(watched):
    service, _ = watched
    readme = (service.folder / "README.md").read_text()
    command = re.search(r"To create new migrations, run `([^`]+)`", readme)[1]
    assert "No changes detected" in service.run_quietly("bash", "-c", command)


def test_an_edited_lock_rebuilds(watched):
    service, watch = watched
    container = service.container()
    lock = service.folder / "uv.lock"
    lock.write_text(lock.read_text() + "# edited\n")
    wait_for(service, watch, lambda: service.container() not in {"", container})
    wait_for(service, watch, lambda: invoice(service))

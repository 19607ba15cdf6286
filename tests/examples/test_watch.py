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
def watched(engine, base_images):
    """Pattern B in development, under `docker compose watch`."""
    with transcripts.project_copy(engine, B, base_images=base_images(B)) as service:
        service.follow_readme()
        with service.background("docker", "compose", "watch", "--no-up") as watch:
            # Edits before this line are not seen.
            wait_for(service, watch, lambda: "Watch enabled" in "".join(service.background_output))
            yield service, watch


def wait_for(service, watch, check):
    """Wait until a change has arrived in the service, or `docker compose watch` has ended."""

    def failing():
        return "".join(service.background_output[-30:]) + "The change did not arrive"

    wait_until(lambda: check() or watch.poll() is not None, timeout=300, failing=failing)
    assert watch.poll() is None, failing()


def invoice(service):
    """Return the invoice that the service sends, or nothing while it starts again."""
    try:
        with urllib.request.urlopen(f"{service.url}/invoices/demo.json", timeout=5) as answer:
            return json.load(answer)
    except (OSError, HTTPException, json.JSONDecodeError):
        # The server is just starting again, or stopped before the end of its answer.
        return {}


def test_an_edited_view_is_live(watched):
    service, watch = watched
    container = service.container()
    (service.folder / ".env").write_text("a secret that .dockerignore names")
    change(service.folder / "invoices/views.py", '"customer": ', '"client": ')
    wait_for(service, watch, lambda: "client" in invoice(service))
    assert service.container() == container
    files = service.run_quietly("docker", "exec", container, "ls", "-A", "/app").split()
    assert "invoices" in files
    assert ".env" not in files


def test_new_migrations_as_the_readme_makes_them(watched):
    service, _ = watched
    readme = (service.folder / "README.md").read_text()
    command = re.search(r"New migrations: `([^`]+)`", readme)[1]
    assert "No changes detected" in service.run_quietly("bash", "-c", command)


def test_an_edited_lock_rebuilds(watched):
    service, watch = watched
    container = service.container()
    lock = service.folder / "uv.lock"
    lock.write_text(lock.read_text() + "# edited\n")
    wait_for(service, watch, lambda: service.container() not in {"", container})
    wait_for(service, watch, lambda: invoice(service))

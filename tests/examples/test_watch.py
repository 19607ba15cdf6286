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
def service(engine, base_images):
    """Pattern B in development, watched."""
    with transcripts.project_copy(engine, B, base_images=base_images(B)) as service:
        service.follow_readme()
        with service.background("docker", "compose", "watch", "--no-up"):
            # It says so when it has begun; edits before that are not seen.
            wait_for(
                service, lambda: any("Watch enabled" in line for line in service.background_output)
            )
            yield service


def wait_for(service, check):
    def failing():
        return "".join(service.background_output[-30:]) + "The change did not arrive"

    wait_until(check, timeout=300, failing=failing)


def invoice(service):
    try:
        with urllib.request.urlopen(f"{service.url}/invoices/demo.json", timeout=5) as answer:
            return json.load(answer)
    except (OSError, HTTPException, json.JSONDecodeError):
        # The server is just starting again, or stopped before the end of its answer.
        return {}


def test_an_edited_view_is_live(service):
    container = service.container()
    (service.folder / ".env").write_text("a secret that .dockerignore names")
    change(service.folder / "invoices/views.py", '"customer": ', '"client": ')
    wait_for(service, lambda: "client" in invoice(service))
    assert service.container() == container
    found = service.run_quietly("docker", "exec", container, "ls", "-A", "/app").split()
    assert "invoices" in found
    assert ".env" not in found


def test_new_migrations_as_the_readme_makes_them(service):
    readme = (service.folder / "README.md").read_text()
    command = re.search(r"New migrations: `([^`]+)`", readme)[1]
    assert "No changes detected" in service.run_quietly("bash", "-c", command)


def test_an_edited_lock_rebuilds(service):
    container = service.container()
    lock = service.folder / "uv.lock"
    lock.write_text(lock.read_text() + "# edited\n")
    wait_for(service, lambda: service.container() not in {"", container})
    wait_for(service, lambda: invoice(service))

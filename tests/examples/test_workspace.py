"""The services of the workspace run as the README describes, and its other commands work."""

import re
import tomllib

import pytest

from guide.content import recordings
from guide.content.examples import example as find_example
from guide.content.examples import variants
from guide.engine import transcripts
from guide.engine.uv import build_uv_image, project_options
from particulars import PARTICULARS
from readme_commands import SERVER_RUNS, commands_in_text, is_run_elsewhere
from services import check_page, check_stop, get, inspect

WORKSPACE = find_example("workspace--bookings")
# In one group with the builds of the two images, whose layers the tests reuse.
pytestmark = pytest.mark.xdist_group(WORKSPACE.project)


@pytest.fixture(scope="module")
def running(engine, base_images):
    """The workspace after the commands of its README."""
    images = base_images(WORKSPACE)
    with transcripts.project_copy(engine, WORKSPACE, base_images=images) as running:
        running.follow_readme()
        yield running


def test_readme_prints_what_was_recorded(running):
    recorded = recordings.run(WORKSPACE.name)["commands"]
    assert [(each.text, each.output, each.exit_code) for each in running.commands] == [
        (each["text"], each["output"], each["exit_code"]) for each in recorded
    ]


def test_each_service_shows_its_page(running):
    check_page(running.url, PARTICULARS[WORKSPACE.project])
    _, port = running.ports["BOOKINGS_PORT"]
    status, _, html = get(f"http://localhost:{port}/")
    assert status == 200
    assert "14:00 to 15:00 Quarterly plan" in " ".join(html.split())


@pytest.mark.parametrize("name", ["status", "bookings"])
def test_each_service_is_healthy_and_cannot_change_its_code(running, name):
    container = inspect(running, name)
    assert container["State"]["Health"]["Status"] == "healthy"
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    script = "id -u; find /app /usr/local -writable -not -type l -not -name .lock | head -3"
    answer = running.engine.docker("exec", container["Id"], "sh", "-c", script)
    assert answer.stdout.split() == ["10001"]


def test_the_other_commands_of_the_readme(running):
    """The last of them removes the containers, so the services are stopped before."""
    for name in ("status", "bookings"):
        check_stop(running, name)
    commands = [each for each in commands_in_text(WORKSPACE) if not is_run_elsewhere(each)]
    for command in commands:
        if command.startswith("docker "):
            running.run(command)
    labels = f"label=com.docker.compose.project={running.name}"
    assert running.engine.docker("volume", "ls", "--quiet", "--filter", labels).stdout == ""


def test_commands_for_members(engine, running):
    """These commands run on a laptop: the tests and the server of each service, and the linter."""
    server = f"timeout {SERVER_RUNS} uv run manage.py runserver --noreload || test $? = 124"
    script = f"""
        set -e
        for each in status bookings; do
            cd /project/services/$each
            uv run --locked pytest --quiet -p no:cacheprovider
            DJANGO_DEBUG=on uv run manage.py migrate
        done
        export DJANGO_DEBUG=on
        {server}
        cd /project
        uv sync --locked --all-packages
        uv run ruff check --no-cache
        uv run ruff format --check --no-cache
        uv add --package status-page iniconfig
    """
    options = (*project_options(running.folder), "--env=HOME=/tmp")
    image = build_uv_image(engine, WORKSPACE)
    done = engine.run(image, "sh", "-c", script, options=options, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = sum(map(int, re.findall(r"\b(\d+) passed", done.stdout)))
    assert passed >= PARTICULARS[WORKSPACE.project].own_tests
    pyproject = tomllib.loads((running.folder / "services/status/pyproject.toml").read_text())
    assert any("iniconfig" in each for each in pyproject["project"]["dependencies"])


def test_the_two_dockerfiles_differ_only_in_names():
    """Someone who reads one of them knows the other."""
    (other,) = (each for each in variants() if each.project == WORKSPACE.project)
    names = {
        "services/status": "services/bookings",
        "status-page": "room-bookings",
        "statuspage": "office",
        "status": "bookings",
    }
    mounts = r"(?m)^    --mount=type=bind,source=services/.*\n"
    texts = [re.sub(mounts, "", each.dockerfile_text) for each in (other, WORKSPACE)]
    text = texts[0]
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    assert text == texts[1]

"""Work in a container"""

import json
import os
from pathlib import Path

import pytest

from guide import ROOT
from guide.content.examples import examples
from guide.engine.docker import LABEL
from guide.engine.uv import PYTHON_IMAGE
from guide.machine import node
from guide.machine.serving import free_port
from guide.machine.waiting import wait_until

UV = examples()[0].uv_image
UV_WITH_PYTHON = f"{UV}-python3.14-trixie-slim"
CACHE = "--env UV_CACHE_DIR=/tmp/uv "
IN_CONTAINER = f"""\
docker run --rm {{}}--volume .:/app --workdir /app \\
    {UV_WITH_PYTHON} uv"""
AS_ME = IN_CONTAINER.format(f'--user "$(id -u):$(id -g)" {CACHE}\\\n    ')
# The user of the laptop, if the tests run as root.
USER = 1000
PROJECT = """\
[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.11"
dependencies = ["{}"]
"""
START = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
"""


@pytest.fixture
def laptop(docker):
    """Write the project of a user other than root, and provide an image with uv and Python."""
    docker.engine.need_images([UV_WITH_PYTHON])
    docker.write("pyproject.toml", PROJECT.format("iniconfig==2.3.0"))
    if os.getuid() == 0:
        for path in (docker.folder, docker.folder / "pyproject.toml"):
            os.chown(path, USER, USER)
        program = docker.home / ".local/bin/id"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\necho {USER}\n")
        program.chmod(0o755)


def test_uv_in_a_container_writes_files_as_root(docker, laptop):
    """If you run `uv lock` in a container that mounts your project, `uv.lock` belongs to root. With
    `--user`, it belongs to you. uv then also needs `UV_CACHE_DIR`, because your user has no home
    folder in the image."""
    docker.run(f"{IN_CONTAINER.format('')} lock --quiet")
    assert docker.run("find . -name uv.lock -uid 0") == "./uv.lock"
    docker.run("rm --force uv.lock")
    without = AS_ME.replace(CACHE, "")
    assert "Permission denied" in docker.fails(f"{without} lock --quiet")
    docker.run(f"{AS_ME} lock --quiet")
    assert docker.run('find . -name uv.lock -uid "$(id -u)"') == "./uv.lock"


def test_uv_add_in_a_container_needs_no_environment(docker, laptop):
    """In a container that mounts your project, `uv add --no-sync` and `uv remove --no-sync` change
    `pyproject.toml` and `uv.lock`, and create no virtual environment."""
    docker.run(f"{AS_ME} add --quiet --no-sync sqlparse==0.5.5")
    listed = "grep --files-with-matches sqlparse pyproject.toml uv.lock"
    assert docker.run(listed).split() == ["pyproject.toml", "uv.lock"]
    docker.run(f"{AS_ME} remove --quiet --no-sync sqlparse")
    docker.fails(listed)
    docker.fails("ls .venv")


SERVICES = """\
x-service: &service
  image: shop
  command: sleep 60
  stop_grace_period: 0s
services:
  anonymous:
    <<: *service
    volumes: [".:/app", "/app/.venv"]
  named:
    <<: *service
    volumes: [".:/app", "venv:/app/.venv"]
volumes:
  venv:
"""
COMPOSE = "docker compose --progress quiet"
FREEZE = f"{COMPOSE} exec --no-TTY {{}} uv pip freeze"


def test_a_volume_keeps_the_packages_of_an_older_image(docker):
    """A volume at `/app/.venv` keeps the packages of the image with which it was created, even if
    Compose starts a container from a newer image. `docker compose up --renew-anon-volumes` replaces
    an anonymous volume, but not a named one."""
    old, new = "iniconfig==2.3.0", "sqlparse==0.5.5"
    build_with(docker, old)
    docker.write("compose.yaml", SERVICES)
    # In the engine, the image and the project have names that no other claim uses.
    named = SERVICES.replace("shop", docker.image)
    (docker.folder / "compose.yaml").write_text(f"name: {docker.container}\n{named}")
    try:
        docker.run(f"{COMPOSE} up --detach")
        build_with(docker, new)
        docker.run(f"{COMPOSE} up --detach")
        for service in ("anonymous", "named"):
            assert docker.run(FREEZE.format(service)) == old
        docker.run(f"{COMPOSE} up --detach --renew-anon-volumes")
        assert docker.run(FREEZE.format("anonymous")) == new
        assert docker.run(FREEZE.format("named")) == old
    finally:
        docker.run(f"{COMPOSE} down --volumes --timeout 0")


def build_with(docker, dependency):
    """Build an image with one package, whose lockfile the laptop's uv writes."""
    docker.write("pyproject.toml", PROJECT.format(dependency))
    docker.run("uv lock --quiet")
    docker.write("Dockerfile", START)
    docker.build()


SERVICE = """\
\"\"\"The settings, the URLs and a view of a Django service.\"\"\"

from django.http import HttpResponse
from django.urls import path

ALLOWED_HOSTS = ["localhost"]
DEBUG = True
ROOT_URLCONF = "service"
SECRET_KEY = "only-for-this-laptop"


def total(request):
    euros = [2, 3, 4]
    return HttpResponse(f"{sum(euros)} euros")


urlpatterns = [path("", total)]
"""
LINE = SERVICE.splitlines().index('    return HttpResponse(f"{sum(euros)} euros")') + 1
SETTINGS = """\
ENV PATH="/app/.venv/bin:$PATH" DJANGO_SETTINGS_MODULE=service PYTHONUNBUFFERED=1
COPY service.py ./
"""
LAUNCH = ROOT / "scripts/guide/content/snippets/launch.json"
ATTACH = Path(__file__).with_name("attach_to_debugpy.py")


def test_a_debugger_stops_in_a_view_in_a_container(docker):
    """If a container runs Django's development server under `debugpy --listen 0.0.0.0:5678` and
    publishes the port, a debugger on your machine can attach. It stops at a breakpoint in a view
    and shows variables, if `pathMappings` maps the folder of your project to that of the image."""
    docker.write("pyproject.toml", PROJECT.format('django==5.2.8", "debugpy==1.8.22'))
    docker.run("uv lock --quiet")
    docker.write("service.py", SERVICE)
    docker.write("Dockerfile", START + SETTINGS)
    docker.build()
    debugger, server = free_port(), free_port()
    docker.ports |= {debugger: 5678, server: 8000}
    docker.run(
        "docker run --detach --name web "
        f"--publish 127.0.0.1:{debugger}:5678 --publish 127.0.0.1:{server}:8000 \\\n"
        "    shop python -m debugpy --listen 0.0.0.0:5678 \\\n"
        "    -m django runserver --noreload 0.0.0.0:8000"
    )
    wait_until(
        lambda: "Quit the server" in docker.engine.docker("logs", docker.container).stdout,
        timeout=30,
        failing="Django did not start",
    )
    docker.write(".vscode/launch.json", LAUNCH.read_text())
    docker.write("attach.py", ATTACH.read_text())
    # The port in launch.json is the one that a laptop would publish.
    launch = LAUNCH.read_text().replace("5678", str(debugger))
    (docker.folder / ".vscode/launch.json").write_text(launch)
    attach = f"python3 attach.py localhost:{debugger} http://localhost:{server}/ service.py {LINE}"
    output = docker.run(f"{attach} euros")
    assert output.split("\n") == [
        f"breakpoint in total, line {LINE}",
        "euros = [2, 3, 4]",
        "9 euros",
    ]


OUTSIDE = f"""\
FROM {PYTHON_IMAGE}
COPY --from={UV} /uv /bin/
RUN useradd --uid 1000 --create-home app \\
    && install --directory --owner app /app /opt/venv
ENV UV_PROJECT_ENVIRONMENT=/opt/venv PATH="/opt/venv/bin:$PATH"
USER app
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked
"""
SNIPPET = ROOT / "scripts/guide/content/snippets/devcontainer.json"


@pytest.mark.only_with_all
def test_a_dev_container_finds_an_environment_outside_the_project(docker, laptop):
    """A dev container mounts your project. If the Dockerfile creates the virtual environment
    outside the mounted folder, and the environment belongs to `remoteUser`, `uv add` works in the
    dev container and leaves no `.venv` in your project."""
    docker.run(f"{AS_ME} lock --quiet")
    docker.write("Dockerfile", OUTSIDE)
    docker.write(".devcontainer/devcontainer.json", SNIPPET.read_text())
    # So that the container can be found and removed.
    own = {"runArgs": ["--label", LABEL, "--name", docker.container]}
    settings = json.loads(SNIPPET.read_text()) | own
    (docker.folder / ".devcontainer/devcontainer.json").write_text(json.dumps(settings))
    program = node.installed_project("devcontainers") / "node_modules/.bin/devcontainer"
    command = docker.home / ".local/bin/devcontainer"
    command.parent.mkdir(parents=True, exist_ok=True)
    environ = node.environ(docker.environ)
    command.write_text(f'#!/bin/sh\nPATH={environ["PATH"]} exec {program} "$@"\n')
    command.chmod(0o755)
    docker.run("devcontainer up --workspace-folder . > /dev/null 2>&1")
    inside = "devcontainer exec --workspace-folder ."
    docker.run(f"{inside} uv add --quiet sqlparse==0.5.5")
    assert docker.run(f"{inside} python -c 'import sqlparse; print(sqlparse.__file__)'").startswith(
        "/opt/venv/"
    )
    docker.fails("ls .venv")
    image = docker.engine.docker("inspect", "--format", "{{.Image}}", docker.container).stdout
    docker.engine.docker("rm", "--force", "--volumes", docker.container)
    docker.engine.docker("image", "rm", "--force", image.strip(), check=False)

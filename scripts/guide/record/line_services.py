"""Start the services of a copy with Compose, and return facts about how they run and stop."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guide import Problem
from guide.content.edits import edit
from guide.content.examples import Example
from guide.content.line_items import Item
from guide.engine.docker import Engine
from guide.engine.isolated import IsolatedBuilder
from guide.engine.transcripts import PRODUCTION, ProjectCopy, project_copy
from guide.machine.interrupts import uninterrupted
from guide.machine.waiting import wait_until
from guide.record.line_edits import no_uv
from guide.record.line_facts import (
    SERVERS,
    Facts,
    finish_request,
    http_answer,
    http_facts,
    inspect,
    inspect_facts,
    log_facts,
    open_requests,
    process_facts,
)

# Seconds after which a command of a README is stopped, such as one that waits for a migration that
# never ends.
TIME_LIMIT = 120
# Docker's default for `docker stop`.
GRACE = 10
# Makes the database accept connections late, so that a service that does not wait always fails.
_LATE_DATABASE = {
    "services": {"db": {"entrypoint": ["sh", "-c", "sleep 3; exec docker-entrypoint.sh postgres"]}}
}
# Where the services of the examples show something without a database fixture.
_PAGE = "/"


def is_production(example: Example, item: Item) -> bool:
    """Return whether an item concerns the production services and not those for development."""
    has_both = (example.folder / PRODUCTION).exists()
    return has_both and item.file != "compose.yaml" and item.stage != "dev"


@contextmanager
def compose_project(
    builder: IsolatedBuilder, folder: Path, production: bool
) -> Iterator[ProjectCopy]:
    """Yield the services of a copy, whose database starts late, without starting them."""
    # The cache mounts of other projects would make the results of builds uncertain.
    isolation = (builder.base_images, builder.cache_namespace)
    with project_copy(builder.engine, builder.example, production, folder, *isolation) as project:
        project.time_limit = TIME_LIMIT
        if re.search(r"(?m)^  db:", (folder / "compose.yaml").read_text()):
            # Beside the copy, so that no image contains the file.
            late = folder.with_name("late-database.yaml")
            late.write_text(json.dumps(_LATE_DATABASE))
            project.compose_files.append(str(late))
        try:
            yield project
        finally:
            with uninterrupted():
                down = ("docker", "compose", "--profile", "*", "down", "--volumes")
                options = ("--rmi", "local", "--timeout", "5")
                project.run_quietly(*down, *options, check=False)


def service_facts(builder: IsolatedBuilder, folder: Path, production: bool) -> Facts:
    """Follow the README in a copy, and return the facts about its containers and responses."""
    with compose_project(builder, folder, production) as project:
        project.follow_readme()
        facts = {f"readme {each.text}": each.output for each in project.commands}
        return {**facts, **_container_facts(project), **_scan_facts(project), "service": "runs"}


def _container_facts(project: ProjectCopy) -> Facts:
    engine, facts = project.engine, Facts()
    inspected = {}
    for service in ("web", "migrate", "db", "git"):
        if container := project.container(service):
            inspected[service] = inspect(engine, container)
            facts |= inspect_facts(service, inspected[service], project.name)
    web = inspected["web"]
    if "migrate" in inspected:
        migrated = inspected["migrate"]["State"]["FinishedAt"]
        is_after = migrated[:4] != "0001" and migrated <= web["State"]["StartedAt"]
        order = "after" if is_after else "before the end of"
        facts["web starts"] = f"{order} the migration"
    facts |= process_facts(engine, web["Id"]) | http_facts(project.port, _PAGE, _server(web))
    logs = engine.docker("logs", web["Id"])
    return facts | log_facts(logs.stdout + logs.stderr)


def _scan_facts(project: ProjectCopy) -> Facts:
    """Return whether the service accepts a scan with the key in the unchanged compose.yaml."""
    text = (project.example.folder / "compose.yaml").read_text()
    if not (key := re.search(r"SCAN_KEY: (\S+)", text)):
        return {}
    scan = json.dumps({"state": "accepted", "place": "London"})
    path = "/api/parcels/RR123456785GB/scans"
    headers = {"Authorization": f"Bearer {key[1]}"}
    status, _ = http_answer(project.port, path, "localhost", "POST", scan, headers)
    return {"http POST of a scan": status}


def _server(web: dict[str, Any]) -> str:
    """Return the program that serves the requests."""
    command = " ".join(web["Config"]["Cmd"])
    return next((name for name in SERVERS if name in command), "gunicorn")


def stop_facts(builder: IsolatedBuilder, folder: Path, production: bool) -> Facts:
    """Stop a service while one request is about to end and another never ends."""
    with compose_project(builder, folder, production) as project:
        project.follow_readme()
        container = project.container()
        server = _server(inspect(project.engine, container))
        with open_requests(project.port, 2, server) as (ending, _endless):
            command = ("stop", "--time", str(GRACE), container)
            stopping = threading.Thread(target=project.engine.docker, args=command)
            stopping.start()
            time.sleep(1)
            answered = finish_request(ending)
            stopping.join()
        state = inspect(project.engine, container)["State"]
        return {"exit code": str(state["ExitCode"]), "open request": answered}


def compose_settings(builder: IsolatedBuilder, folder: Path, production: bool) -> Facts:
    """Return what Compose reads from the file if the shell sets another version of Python."""
    config = (
        "docker compose --profile '*' config --format json",
        "docker compose config --services",
    )
    with compose_project(builder, folder, production) as project:
        text, services = (
            project.run_quietly("bash", "-c", f"PYTHON_VERSION=9.9 {each}") for each in config
        )
    settings = json.loads(text.replace(str(folder), "."))
    facts = {f"config {name}": value for name, value in _flattened("", settings)}
    return {**facts, "services that start": " ".join(sorted(services.split()))}


def _flattened(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the path and the value of each setting in nested dictionaries."""
    if not isinstance(value, dict):
        yield path, value if isinstance(value, str) else json.dumps(value)
        return
    for key, inner in value.items():
        yield from _flattened(f"{path}.{key}" if path else key, inner)


def watch_facts(builder: IsolatedBuilder, folder: Path, production: bool) -> Facts:
    """Edit a view and uv.lock while `docker compose watch` runs, and return what happens."""
    with compose_project(builder, folder, production) as project:
        project.follow_readme()
        with project.background("docker", "compose", "watch", "--no-up") as watch:
            if not _within(
                _STARTS_WATCHING,
                lambda: (
                    "Watch enabled" in "".join(project.background_output)
                    or watch.poll() is not None
                ),
            ):
                raise Problem("docker compose watch printed nothing.")
            if watch.poll() is not None:
                return {"watch": f"stops: {''.join(project.background_output).strip()}"}
            return {"watch": "runs", **_edit_facts(project)}


# Seconds within which Compose must have begun to watch, an edit must be in the container, and the
# image must have been built again.
_STARTS_WATCHING, _SYNCED, _REBUILT = 30, 15, 90


def _edit_facts(project: ProjectCopy) -> Facts:
    container = project.container()
    edit("view").apply(project.folder, no_uv)
    search = ("exec", container, "grep", "--recursive", "--quiet", "# edited", "/app")

    def is_synced() -> bool:
        return project.engine.docker(*search, check=False).returncode == 0

    synced = _within(_SYNCED, is_synced)
    with (project.folder / "uv.lock").open("a") as lock:
        lock.write("# edited\n")
    rebuilt = _within(_REBUILT, lambda: project.container() not in {"", container})
    return {
        "edited view": "in the container" if synced else "not in the container",
        "edited uv.lock": "the service is rebuilt" if rebuilt else "nothing is rebuilt",
    }


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Return whether a condition becomes true within some seconds."""
    try:
        wait_until(condition, timeout=seconds, failing="The condition did not become true")
    except Problem:
        return False
    return True


# --- the health check ---

# Runs a health check, the first argument, against servers that do not work.
_BAD_SERVERS = """
import socket, subprocess, sys, threading

def serve(answer):
    while True:
        connection = server.accept()[0]
        connection.recv(1000)
        if answer:
            connection.sendall(answer)
            connection.close()
        else:
            kept.append(connection)

kept = []
server = socket.create_server(("127.0.0.1", 8000))
answer = b"HTTP/1.1 500 Error\\r\\nContent-Length: 0\\r\\n\\r\\n" if sys.argv[2] == "500" else b""
threading.Thread(target=serve, args=(answer,), daemon=True).start()
try:
    print(subprocess.run([sys.executable, "-c", sys.argv[1]], timeout=8).returncode)
except subprocess.TimeoutExpired:
    print("still running")
"""


@contextmanager
def running_service(builder: IsolatedBuilder, folder: Path) -> Iterator[tuple[ProjectCopy, str]]:
    """Yield a running service, and its second container, with HTTPS and for another host name."""
    production = (folder / PRODUCTION).exists()
    with compose_project(builder, folder, production) as project:
        project.follow_readme()
        settings = ("--env", "DJANGO_HTTPS=on", "--env", "DJANGO_ALLOWED_HOSTS=shop.example")
        options = ("--detach", "--no-deps", *settings)
        started = project.run_quietly("docker", "compose", "run", *options, "web")
        other = started.split()[-1]
        builder.engine.wait_until_healthy(other)
        yield project, other


def health_facts(project: ProjectCopy, other: str, script: str) -> Facts:
    """Return the results of a health check, the text of a Python script."""
    engine, container = project.engine, project.container()
    image = inspect(engine, container)["Image"]
    facts = {
        "running service": _health(engine, container, script),
        "with HTTPS and a foreign host": _health(engine, other, script),
    }
    for name, kind in (("answers 500", "500"), ("does not answer", "none")):
        code = engine.run(image, "python", "-c", _BAD_SERVERS, script, kind).stdout.strip()
        result = {"0": "healthy", "still running": code}.get(code, "unhealthy")
        facts[f"server that {name}"] = result
    return facts


def _health(engine: Engine, container: str, script: str) -> str:
    """Return the result of a health check in a container that is healthy."""
    done = engine.docker("exec", container, "python", "-c", script, check=False)
    return "unhealthy" if done.returncode else "healthy"

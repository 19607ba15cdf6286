"""Facts about images and containers, and the differences between two sets of facts."""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from guide.engine.docker import LABEL, Engine
from guide.engine.terminal import START_TIME_LIMIT
from guide.machine.interrupts import uninterrupted
from guide.record.traps import packages

# Values of facts, keyed by their names.
Facts = dict[str, str]

NOTHING = "nothing"
# The beginning of the value of a fact about a build or a command that has failed.
STOPS = "stops: "
# The beginnings of the names of facts that are measured.
MEASURED = ("seconds of ", "size of ")
# Seconds within which a healthy service must have started. Without a start period, Docker checks
# it after 30 seconds for the first time.
STARTS_WITHIN = 20
# Seconds after which a line that the code prints must be in the log.
PRINTED_WITHIN = 3

_FIND = (
    "find / -xdev -path /proc -prune -o -path /sys -prune -o -type d -printf '%p\\t%M %U:%G\\n' "
    "-o -printf '%p\\t%M %U:%G %s bytes\\n'"
)
_PRINT_AND_WAIT = "import time; print('printed'); time.sleep(60)"


def differences(before: Facts, after: Facts) -> list[str]:
    """Return a line "FACT: BEFORE → AFTER" for each fact that differs, sorted by fact.

    Measured facts are always listed, because two measurements may happen to be equal. If something
    has stopped, facts that are missing are not listed, because they could not be observed. Errors
    that name different commands or times, but are otherwise equal, do not differ.
    """
    has_stopped = any(value.startswith(STOPS) for value in after.values())
    names = after if has_stopped else {**before, **after}
    return [
        f"{name}: {before.get(name, NOTHING)} → {after.get(name, NOTHING)}"
        for name in sorted(names)
        if _without_command(before.get(name, NOTHING)) != _without_command(after.get(name, NOTHING))
        or name.startswith(MEASURED)
    ]


def _without_command(value: str) -> str:
    """Return a value without the command that failed, and without times and temporary names."""
    return _COMMAND.sub("", value)


_COMMAND = re.compile(
    r"The build stopped at '[^']*': "
    r'|process ".*?" did not complete successfully: exit code: \d+'
    r"|\bin [\d.]+m?s\b|/\.tmp\w+"
)


def with_prefix(prefix: str, facts: Facts) -> Facts:
    """Return facts whose names begin with a prefix."""
    return {f"{prefix}{name}": value for name, value in facts.items()}


# --- images ---


def image_facts(engine: Engine, image: str) -> Facts:
    """Return the configuration, the packages and the files of an image."""
    inspected = json.loads(engine.docker("image", "inspect", image).stdout)[0]
    facts = image_settings(inspected["Config"]) | {
        "size of the image": in_megabytes(inspected["Size"])
    }
    facts |= {f"package {name}": "installed" for name in packages(engine, image)}
    files = engine.run(image, "sh", "-c", _FIND, options=("--user", "0"), check=False).stdout
    return facts | file_facts(files)


def in_megabytes(size: int) -> str:
    """Return a size as the value of a fact."""
    return f"{size / 1e6:.1f} MB"


def image_settings(config: dict[str, Any]) -> Facts:
    """Return the facts about the configuration of an image, as `docker image inspect` prints it."""
    facts: Facts = {}
    for key, value in config.items():
        if key == "Env":
            facts |= {f"config Env {each.split('=')[0]}": each.partition("=")[2] for each in value}
        elif isinstance(value, dict):
            facts |= {f"config {key} {name}": _text(part) for name, part in value.items()}
        elif value:
            facts[f"config {key}"] = _text(value)
    return facts


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def file_facts(listing: str) -> Facts:
    """Return the facts about files. The sizes of bytecode differ between equal builds."""
    facts = {}
    for line in listing.splitlines():
        path, _, value = line.partition("\t")
        facts[f"file {path}"] = value.rsplit(" ", 2)[0] if path.endswith(".pyc") else value
    return facts


def start_facts(engine: Engine, image: str, modules: tuple[str, ...]) -> Facts:
    """Return how many modules of packages Python compiles when it imports what a service needs.

    `modules` are those of the server and of the service. They import the URLs and the views with
    the first request.
    """
    script = f"import {', '.join(modules)}, django.urls as u; u.get_resolver().url_patterns"
    options = ("--read-only", "--env=PYTHONVERBOSE=1", *_variables({}))
    printed = engine.run(image, "python", "-c", script, options=options, check=False).stderr
    sources = re.findall(r"# code object from '?(/\S+\.(?:pyc|py))'?$", printed, re.MULTILINE)
    compiled = [path for path in sources if "/site-packages/" in path and not path.endswith(".pyc")]
    return {"packages' modules compiled at start": str(len(compiled))}


def _variables(environ: dict[str, str]) -> Iterator[str]:
    """Yield options that set the variables that some service needs to start."""
    needed = {"DJANGO_SECRET_KEY": "x" * 50, "DATABASE_HOST": "none", "DATABASE_PASSWORD": "none"}
    yield from (f"--env={name}={value}" for name, value in {**needed, **environ}.items())


@contextmanager
def detached(engine: Engine, image: str, *command: str, options: tuple[str, ...]) -> Iterator[str]:
    """Run a command in a container in the background, and yield the container's id."""
    arguments = ("run", "--detach", "--label", LABEL, *options, image, *command)
    container = engine.docker(*arguments).stdout.strip()
    try:
        yield container
    finally:
        with uninterrupted():
            engine.docker("rm", "--force", "--volumes", container, check=False)


def container_facts(engine: Engine, image: str, environ: dict[str, str] | None = None) -> Facts:
    """Return facts about containers that are started with `docker run` and other settings."""
    facts: Facts = {}
    with detached(
        engine, image, "python", "-c", _PRINT_AND_WAIT, options=("--publish-all",)
    ) as container:
        ports = inspect(engine, container)["NetworkSettings"]["Ports"] or {}
        facts["ports with --publish-all"] = " ".join(ports) or NOTHING
        time.sleep(PRINTED_WITHIN)
        is_printed = "printed" in engine.docker("logs", container).stdout
        facts["printed line is in the log"] = "at once" if is_printed else "later"
    settings = tuple(_variables(environ or {}))
    with detached(engine, image, options=("--read-only", *settings)) as container:
        time.sleep(PRINTED_WITHIN + 2)
        is_running = inspect(engine, container)["State"]["Running"]
        facts["starts read-only"] = "yes" if is_running else "no"
    without_key = tuple(each for each in settings if "DJANGO_SECRET_KEY" not in each)
    done = engine.run(image, options=without_key, check=False, timeout=START_TIME_LIMIT)
    count = done.stderr.count("Set DJANGO_SECRET_KEY")
    facts["missing secret key is reported"] = f"{count} times"
    return facts


# --- containers of Compose services ---


def inspect(engine: Engine, container: str) -> dict[str, Any]:
    """Return what `docker inspect` prints about a container."""
    inspected: dict[str, Any] = json.loads(engine.docker("inspect", container).stdout)[0]
    return inspected


def inspect_facts(service: str, inspected: dict[str, Any], project: str) -> Facts:
    """Return the facts about the container of a Compose service."""
    host, state = inspected["HostConfig"], inspected["State"]
    mounts = sorted(
        f"{each['Destination']} "
        + (each["Name"].replace(project, "…") if project in each.get("Name", "") else "anonymous")
        for each in inspected["Mounts"]
    )
    health = state.get("Health", {})
    facts = {
        f"restart policy of {service}": host["RestartPolicy"]["Name"],
        f"root file system of {service}": "read-only" if host["ReadonlyRootfs"] else "writable",
        f"volumes of {service}": ", ".join(mounts) or NOTHING,
        f"health of {service}": health.get("Status", NOTHING),
        f"command of {service}": " ".join(inspected["Config"].get("Cmd") or []),
    }
    healthcheck = inspected["Config"].get("Healthcheck") or {}
    checks = {key: _text(value) for key, value in healthcheck.items()}
    return facts | with_prefix(f"health check of {service} ", checks) | _start_fact(service, state)


def _start_fact(service: str, state: dict[str, Any]) -> Facts:
    """Return whether the first successful health check was early."""
    checks = state.get("Health", {}).get("Log") or []
    healthy = [each["End"] for each in checks if each["ExitCode"] == 0]
    if not healthy:
        return {}
    seconds = _seconds(healthy[0]) - _seconds(state["StartedAt"])
    word = "within" if seconds <= STARTS_WITHIN else "after more than"
    return {f"start of {service}": f"{word} {STARTS_WITHIN} s"}


def _seconds(text: str) -> float:
    """Return the seconds since midnight of a time in ISO 8601."""
    hours, minutes, seconds = re.findall(r"T(\d+):(\d+):([\d.]+)", text)[0]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


_IN_CONTAINER = """
grep -E "^(CapBnd|NoNewPrivs):" /proc/1/status; id
for path in / /app /app/manage.py /data /tmp; do test -w $path && echo "writable $path"; done; true
"""


def process_facts(engine: Engine, container: str) -> Facts:
    """Return what the first process of a web service may do, and its number of workers."""
    printed = engine.docker("exec", container, "sh", "-c", _IN_CONTAINER).stdout
    bounding = re.findall(r"CapBnd:\s+(\w+)", printed)[0]
    privileges = re.findall(r"NoNewPrivs:\s+(\d)", printed)[0]
    writable = {
        f"writable {each}": "yes" if f"writable {each}\n" in printed else "no"
        for each in ("/", "/app", "/app/manage.py", "/data", "/tmp")
    }
    return {
        "capabilities of web": bounding,
        "new privileges of web": "forbidden" if privileges == "1" else "allowed",
        "user": re.findall(r"uid=.*", printed)[0],
        "processes of web": str(len(workers(process_rows(engine, container)))),
        **writable,
    }


def process_rows(engine: Engine, container: str) -> list[str]:
    """Return a line for each process of a container: its id, its parent's id and its command."""
    return engine.docker("top", container, "-o", "pid,ppid,cmd").stdout.splitlines()[1:]


def workers(rows: list[str]) -> list[str]:
    """Return the child processes of a server, not counting Python's helper processes."""
    processes = [row.split(maxsplit=2) for row in rows]
    pids = {pid for pid, _, _ in processes}
    return [cmd for _, parent, cmd in processes if parent in pids and "resource_tracker" not in cmd]


def http_facts(port: int, page: str, server: str) -> Facts:
    """Return how a service answers requests for a page, and for its health while it is busy."""
    facts: Facts = {}
    for path, host in ((page, "localhost"), (page, "evil.example"), ("/healthz", "evil.example")):
        status, header = http_answer(port, path, host)
        facts[f"http {path} of {host}"] = status
        if header == "uvicorn":
            # gunicorn and Django's server always send their names.
            facts["http / header Server"] = header
    with open_requests(port, 3, server):
        facts["request while three are open"] = (
            "answered" if http_answer(port, "/healthz", "localhost")[0] == "200" else "not answered"
        )
    return facts


def http_answer(
    port: int,
    path: str,
    host: str,
    method: str = "GET",
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[str, str]:
    """Return the status and the server of a response, or the error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request(method, path, body, {"Host": host, **(headers or {})})
        response = connection.getresponse()
        return str(response.status), response.headers.get("Server", "")
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, ""
    finally:
        connection.close()


# The first part of a request that keeps a server waiting for its last two bytes. gunicorn starts a
# view before it reads the body, so its request lacks the end of the headers. uvicorn closes such a
# connection when it stops, so its request lacks the body, which Django reads before the view.
SERVERS = {
    "gunicorn": b"GET /livez HTTP/1.1\r\nHost: localhost\r\n",
    "uvicorn": b"GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n",
}


@contextmanager
def open_requests(port: int, count: int, server: str) -> Iterator[list[socket.socket]]:
    """Yield connections on which the server waits for the end of a request."""
    with ExitStack() as stack:
        connections = []
        for _ in range(count):
            address = ("127.0.0.1", port)
            connections.append(stack.enter_context(socket.create_connection(address, timeout=15)))
            connections[-1].sendall(SERVERS[server])
        # Until the server has read them.
        time.sleep(0.5)
        yield connections


def finish_request(connection: socket.socket) -> str:
    """Send the end of an open request, and return whether it is answered."""
    try:
        connection.sendall(b"\r\n")
        return "answered" if b" 200 " in connection.recv(100) else "not answered"
    except OSError:
        return "cut off"


def log_facts(log: str) -> Facts:
    """Return whether the log of a service contains requests, and the problems in it."""
    facts = {"requests are in the log": "yes" if "GET /" in log else "no"}
    for line in log.splitlines():
        if re.search(r"error|warning|traceback|lifespan|control", line, re.IGNORECASE):
            # Without times, process ids and the level, which are in brackets.
            message = re.sub(r"\[[^]]*\]|[0-9]+", "", line).strip()
            facts[f"log: {message[:120]}"] = "printed"
    return facts


def stopped(problem: Exception) -> str:
    """Return the value of a fact about a command that failed."""
    return f"{STOPS}{' '.join(str(problem).split())}"

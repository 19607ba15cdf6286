"""Images and containers"""

from guide.engine.uv import PYTHON_IMAGE
from guide.machine.waiting import wait_until

PRINTS = """\
from pathlib import Path
from time import sleep

print("Hello")
Path("/tmp/printed").touch()
sleep(60)
"""


def killed_after_printing(docker, options=""):
    """Kill a container after its program has printed a line. Return the container's log."""
    docker.run(" ".join(f"docker run --detach --name web {options} shop".split()))
    wait_until(
        lambda: (
            not docker.engine.docker(
                "exec", docker.container, "test", "-f", "/tmp/printed", check=False
            ).returncode
        ),
        timeout=20,
        failing="The program did not print anything",
    )
    docker.run("docker kill web")
    log = docker.run("docker logs web")
    docker.run("docker rm web")
    return log


def test_a_killed_container_loses_what_python_has_buffered(docker):
    """In a container without a terminal, Python buffers what a program prints. If the container is
    killed, this output never reaches the log. With `PYTHONUNBUFFERED=1`, it is in the log at
    once."""
    docker.write("program.py", PRINTS)
    docker.write(
        "Dockerfile", f'FROM {PYTHON_IMAGE}\nCOPY program.py /\nCMD ["python", "/program.py"]\n'
    )
    docker.build()
    assert killed_after_printing(docker) == ""
    assert killed_after_printing(docker, "--env PYTHONUNBUFFERED=1") == "Hello"


def test_a_container_over_its_memory_limit_is_killed(docker):
    """If PID 1 of a container needs more memory than the container's limit allows, the kernel kills
    it, and the container exits with code 137."""
    allocate = f"{PYTHON_IMAGE} python -c 'bytes([1]) * 2**28'"
    docker.run(f"docker run --rm {allocate}")
    docker.run(f"docker run --detach --name web --memory 64m --memory-swap 64m {allocate}")
    assert docker.run("docker wait web") == "137"


def test_an_image_without_cmd_starts_the_prompt_of_python(docker):
    """An image that is based on an official Python image and has no `CMD` starts the Python prompt.
    Without a terminal, the prompt exits immediately with code 0, and so does the container."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nENV A=1\n")
    docker.build()
    assert docker.run("docker inspect --format '{{.Config.Cmd}}' shop") == "[python3]"
    docker.run("docker run --name web shop")
    look = "docker inspect --format '{{.State.Status}} {{.State.ExitCode}}' web"
    assert docker.run(look) == "exited 0"


def test_without_set_e_a_start_script_goes_on_after_an_error(docker):
    """A start script continues after a command that fails, such as a migration, and starts the
    server. With `set -e`, the script stops there, and the container exits with an error."""
    failing = "python -c 'raise SystemExit(\"The migration failed\")'"
    script = f"{failing}\nexec echo 'The server starts'\n"
    docker.write("start.sh", f"#!/bin/sh\n{script}")
    docker.write("Dockerfile", f'FROM {PYTHON_IMAGE}\nCOPY start.sh /\nCMD ["sh", "/start.sh"]\n')
    docker.build()
    output = docker.start()
    assert "The migration failed" in output
    assert "The server starts" in output
    docker.write("start.sh", f"#!/bin/sh\nset -e\n{script}")
    docker.build()
    output = docker.start_fails()
    assert "The migration failed" in output
    assert "The server starts" not in output


def test_with_chown_the_container_can_change_the_code(docker):
    """If `COPY --chown` gives the code to the user of the container, a process in the container can
    change the code. Without `--chown`, the code belongs to root, and the user cannot change it."""
    copy = "COPY {}service.py /app/\nUSER 10001\n"
    docker.write("service.py", "PRICE = 9\n")
    change = "sh -c 'echo PRICE = 1 >> /app/service.py && tail -n 1 /app/service.py'"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n{copy.format('--chown=10001 ')}")
    docker.build()
    assert docker.start(change) == "PRICE = 1"
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n{copy.format('')}")
    docker.build()
    assert "Permission denied" in docker.start_fails(change)


def test_compose_warns_that_version_is_obsolete(docker):
    """Docker Compose ignores the `version` of a compose file and warns that the attribute is
    obsolete."""
    docker.write("compose.yaml", 'version: "3.9"\nservices:\n  server:\n    image: shop\n')
    look = "docker compose config --quiet 2>&1 | grep --only-matching 'attribute .*obsolete'"
    assert docker.run(look) == "attribute `version` is obsolete"


def test_a_pattern_in_dockerignore_applies_to_the_root_alone(docker):
    """Unlike in .gitignore, the line `__pycache__` in .dockerignore matches only the folder at the
    root of the build context. `**/__pycache__` matches this folder at any depth."""
    docker.write("shop/__pycache__/views.pyc", "")
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nCOPY . /app\n")
    docker.write(".dockerignore", "__pycache__\n")
    docker.build()
    assert docker.start("ls /app/shop") == "__pycache__"
    docker.write(".dockerignore", "**/__pycache__\n")
    docker.build()
    assert docker.start("find /app -name __pycache__") == ""


OLD_FASHIONED = f"""\
FROM --platform=linux/amd64 {PYTHON_IMAGE} as build
ENV NAME value
"""


def test_docker_checks_the_form_of_instructions(docker):
    """`docker build --check` warns about `ENV NAME value` without an equals sign, about `as` in
    lowercase after `FROM`, and about a constant platform in `FROM`."""
    docker.write("Dockerfile", OLD_FASHIONED)
    output = docker.run("docker build --check . 2> /dev/null | grep ^WARNING")
    for warning in ("LegacyKeyValueFormat", "FromAsCasing", "FromPlatformFlagConstDisallowed"):
        assert warning in output


FILL = "import sqlite3; sqlite3.connect('/app/db.sqlite3').execute('create table prices (euros)')"
TABLES = "import sqlite3; print(*sqlite3.connect('/app/db.sqlite3').execute('{}'))"


def test_a_database_that_a_step_changes_is_in_the_image(docker):
    """If a `RUN` creates a table in a SQLite file, the file is in the image. Each container starts
    with its own copy, and what the container changes is gone when it is removed."""
    docker.write("Dockerfile", f'FROM {PYTHON_IMAGE}\nWORKDIR /app\nRUN python -c "{FILL}"\n')
    docker.build()
    names = TABLES.format("select name from sqlite_master")
    assert docker.start(f'python -c "{names}"') == "('prices',)"
    change = FILL.replace("create table prices (euros)", "drop table prices")
    assert docker.start(f'python -c "{change}; {names.removeprefix("import sqlite3; ")}"') == ""
    assert docker.start(f'python -c "{names}"') == "('prices',)"


SERVICES = """\
services:
  server:
    image: shop
    command: ls /shared
    volumes: [shared:/shared]
    depends_on: {}
  db:
    image: shop
    command: sh -c "sleep 6 && touch /shared/ready && sleep 60"
    volumes: [shared:/shared]
    healthcheck:
      test: test -f /shared/ready
      interval: 500ms
      retries: 60
volumes:
  shared:
"""


def run_service(docker, text):
    """Run the service `server` of a compose file, and return what it prints."""
    docker.write("compose.yaml", text)
    # In the engine, the image and the project have names that no other claim uses.
    named = text.replace("shop", docker.image)
    (docker.folder / "compose.yaml").write_text(f"name: {docker.container}\n{named}")
    return docker.run("docker compose --progress quiet run --rm --no-TTY server")


def files_at_the_start(docker, depends_on):
    """Return what a service sees of the database when Compose starts it."""
    text = SERVICES.replace("depends_on: {}", f"depends_on: {depends_on}")
    try:
        return run_service(docker, text)
    finally:
        docker.run("docker compose --progress quiet down --volumes --timeout 0")


def test_depends_on_waits_for_the_start_alone(docker):
    """A list of services under `depends_on` makes Compose wait until the container of the database
    has started, not until the database is ready. With `condition: service_healthy`, Compose waits
    until the database's health check succeeds."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n")
    docker.build()
    assert files_at_the_start(docker, "[db]") == ""
    assert files_at_the_start(docker, "{db: {condition: service_healthy}}") == "ready"


SERVE = """\
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"Hello"]
"""
BOOTED = "docker logs web 2>&1 | grep --count 'Booting worker'"


def workers_of(docker, options="", expected=1):
    """Return the number of workers in the log of a container that has at least those expected."""
    docker.run(f"docker run --detach --name web {options}shop")
    wait_until(
        lambda: (
            docker.engine.docker("logs", docker.container).stderr.count("Booting worker")
            >= expected
        ),
        timeout=20,
        failing="gunicorn did not start",
    )
    docker.run("docker stop web")
    count = docker.run(BOOTED)
    docker.run("docker rm web")
    return count


def test_gunicorn_starts_one_worker_unless_told_otherwise(docker):
    """Without `--workers` and without the variable `WEB_CONCURRENCY`, gunicorn starts one worker.
    With `WEB_CONCURRENCY=2`, it starts two."""
    docker.write("service.py", SERVE)
    docker.write(
        "Dockerfile",
        f"FROM {PYTHON_IMAGE}\nRUN pip install --no-cache-dir --root-user-action=ignore "
        "gunicorn==27.0.1 packaging==26.3\nCOPY service.py /\n"
        'CMD ["gunicorn", "service"]\n',
    )
    docker.build()
    assert workers_of(docker) == "1"
    assert workers_of(docker, "--env WEB_CONCURRENCY=2 ", 2) == "2"


def test_servers_listen_on_the_loopback_address_unless_told_otherwise(terminal):
    """gunicorn and uvicorn listen on 127.0.0.1, which only programs in the same container can
    reach, unless an option or a variable sets a different address."""
    terminal.write("service.py", SERVE)
    gunicorn = "uvx --quiet gunicorn@27.0.1 --print-config service | grep '^bind '"
    assert "127.0.0.1:8000" in terminal.run(gunicorn)
    assert "0.0.0.0:8000" in terminal.run(f"GUNICORN_CMD_ARGS=--bind=0.0.0.0:8000 {gunicorn}")
    uvicorn = "uvx --quiet uvicorn@0.54.0 --help | grep --after-context 1 -e '--host TEXT'"
    assert "127.0.0.1]" in terminal.run(uvicorn)


RECOMMENDED = """\
RUN apt-get update \\
    && apt-get install --simulate curl > /all \\
    && apt-get install --simulate --no-install-recommends curl > /named
"""
LOOK = "grep --only-matching '^Inst publicsuffix'"


def test_apt_also_installs_recommended_packages(docker):
    """`apt-get install curl` also installs packages that curl only recommends, such as
    `publicsuffix`. With `--no-install-recommends`, apt leaves them out."""
    docker.write("Dockerfile", f"FROM {PYTHON_IMAGE}\n{RECOMMENDED}")
    docker.build()
    assert docker.start(f"{LOOK} /all") == "Inst publicsuffix"
    docker.start_fails(f"{LOOK} /named")


def test_a_background_program_can_end_unnoticed(docker):
    """If a start script starts a program in the background and the program ends, the container
    continues to run."""
    docker.write("start.sh", "(sleep 1; echo 'The worker ends') &\nexec sleep 60\n")
    docker.write("Dockerfile", f'FROM {PYTHON_IMAGE}\nCOPY start.sh /\nCMD ["sh", "/start.sh"]\n')
    docker.build()
    docker.run("docker run --detach --name web shop")
    wait_until(
        lambda: "The worker ends" in docker.engine.docker("logs", docker.container).stdout,
        timeout=20,
        failing="The program in the background did not end",
    )
    assert docker.run("docker inspect --format '{{.State.Status}}' web") == "running"


def test_a_command_in_compose_replaces_that_of_the_image(docker):
    """If a service in `compose.yaml` has a `command:` line, Compose starts this command instead of
    the image's `CMD`."""
    docker.write("Dockerfile", f'FROM {PYTHON_IMAGE}\nCMD ["echo", "from the image"]\n')
    docker.build()
    service = "services:\n  server:\n    image: shop\n"
    try:
        assert run_service(docker, service) == "from the image"
        assert run_service(docker, f"{service}    command: echo from Compose\n") == "from Compose"
    finally:
        docker.run("docker compose --progress quiet down --timeout 0")


def test_a_volume_keeps_the_files_of_the_first_image(docker):
    """Docker copies an image's files into a named volume only while the volume is empty. After a
    new build, containers still see the files of the first image."""
    dockerfile = f"FROM {PYTHON_IMAGE}\nCOPY site.css /static/\n"
    service = (
        "services:\n  server:\n    image: shop\n    command: cat /static/site.css\n"
        "    volumes: [static:/static]\nvolumes:\n  static:\n"
    )
    docker.write("Dockerfile", dockerfile)
    docker.write("site.css", "/* the first release */\n")
    docker.build()
    try:
        assert run_service(docker, service) == "/* the first release */"
        docker.write("site.css", "/* the second release */\n")
        docker.build()
        assert run_service(docker, service) == "/* the first release */"
    finally:
        docker.run("docker compose --progress quiet down --volumes --timeout 0")


def test_a_wildcard_that_matches_nothing_is_no_error(docker):
    """`COPY` succeeds if a wildcard such as `uv.loc[k]` matches no file, as long as another source
    exists. If it names `uv.lock` and the file does not exist, the build fails."""
    docker.write("pyproject.toml", '[project]\nname = "shop"\nversion = "1.0.0"\n')
    start = f"FROM {PYTHON_IMAGE}\nCOPY pyproject.toml"
    docker.write("Dockerfile", f"{start} uv.loc[k] /app/\n")
    docker.build()
    docker.write("Dockerfile", f"{start} uv.lock /app/\n")
    assert "uv.lock" in docker.build_fails()

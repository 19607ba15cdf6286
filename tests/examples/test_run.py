"""Each example starts as its README describes, serves its pages and stops on SIGTERM."""

import re
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from bs4 import BeautifulSoup

from assertions import nonempty
from checks import production_packages, replace_in_file
from guide import Problem
from guide.content import recordings
from guide.content.contenders import AFTER, BEFORE, LAYERED
from guide.content.edits import copy
from guide.content.examples import example as find_example
from guide.content.examples import examples, patched_variants, variants
from guide.content.yaml_files import compose_services
from guide.engine import private_server, transcripts
from guide.engine.docker import LABEL
from guide.engine.terminal import START_TIME_LIMIT
from guide.engine.uv import uv_in_container
from guide.machine.waiting import wait_until
from guide.record import line_facts, traps
from particulars import PARTICULARS
from samples import sampled_examples
from services import check_page, check_stop, get, inspect

# These tests start containers or wait for them, and check what the server and the settings do. Most
# examples have the same server and the same lines of settings.
of_some_examples = pytest.mark.parametrize("example", sampled_examples(2), scope="session")

SECRET_KEY = "DJANGO_SECRET_KEY=a-long-enough-random-looking-key-0123456789-abcdefghij"


def test_readme_prints_what_was_recorded(service, example):
    recorded = recordings.run(example.name)["commands"]
    assert [
        (each.text, each.output, each.exit_code) for each in service.commands[: len(recorded)]
    ] == [(each["text"], each["output"], each["exit_code"]) for each in recorded]


def test_page_shows_rows_of_the_database(production, particulars):
    check_page(production.url, particulars)


def test_static_files_are_immutable(production, particulars):
    page = BeautifulSoup(get(production.url + particulars.static)[2], "html.parser")
    link = page.find("link", rel="stylesheet")["href"]
    status, headers, _ = get(production.url + link)
    assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")


def test_health(production):
    assert get(f"{production.url}/healthz")[::2] == (200, "ok")
    assert inspect(production)["State"]["Health"]["Status"] == "healthy"


@contextmanager
def stopped_database(project):
    """Stop the project's database, and yield whether it runs one as a Compose service."""
    is_service = "db" in compose_services(project.folder / "compose.yaml")
    if is_service:
        project.run_quietly("docker", "compose", "stop", "db")
    try:
        yield is_service
    finally:
        if is_service:
            project.run_quietly("docker", "compose", "start", "db")
            wait_until(
                lambda: get(f"{project.url}/healthz")[0] == 200,
                timeout=60,
                failing="The service did not reconnect to its database",
            )


def test_the_service_is_alive_but_not_ready_without_its_database(production):
    """A liveness probe that fails here would restart every container of the service."""
    with stopped_database(production) as is_stopped:
        assert get(f"{production.url}/livez")[::2] == (200, "ok")
        assert get(f"{production.url}/healthz")[0] == (500 if is_stopped else 200)


def test_unknown_host_names_are_refused(production, particulars):
    assert get(production.url + particulars.page, Host="evil.example")[0] == 400


def test_not_root_and_only_the_volume_is_writable(production, particulars):
    container = inspect(production)
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    assert [each["Destination"] for each in container["Mounts"]] == (
        [particulars.volume] if particulars.volume else []
    )
    volume = particulars.volume or "/tmp"
    script = f"id -u; touch {volume}/x && rm {volume}/x && echo written; touch /x || echo not"
    answer = production.engine.docker("exec", container["Id"], "sh", "-c", script)
    assert answer.stdout.split() == ["10001", "written", "not"]


def test_code_is_not_writable(production, particulars):
    """The code is read-only even if the root file system is not, except for uv's lock file."""
    image = inspect(production)["Image"]
    folders = " ".join((*particulars.code, *particulars.system))
    script = f"find {folders} -writable -not -type l -not -name .lock | head -3"
    assert production.engine.run(image, "sh", "-c", script).stdout == ""


def test_health_check_does_not_ask_a_proxy(production):
    container = inspect(production)
    proxies = [f"--env={name}=http://127.0.0.1:9" for name in ("http_proxy", "HTTP_PROXY")]
    check = container["Config"]["Healthcheck"]["Test"][1:]
    done = production.engine.docker("exec", *proxies, container["Id"], *check, check=False)
    assert done.returncode == 0


@of_some_examples
def test_number_of_processes_comes_from_the_environment(production):
    """The server has WEB_CONCURRENCY child processes, not counting Python's helper processes."""
    service = inspect(production)
    environ = (*service["Config"]["Env"], "WEB_CONCURRENCY=3")
    options = ("--detach", "--label", LABEL, *(f"--env={each}" for each in environ))
    container = production.engine.docker("run", *options, service["Image"]).stdout.strip()
    wait_until(
        lambda: len(workers(production.engine, container)) >= 3,
        timeout=20,
        failing="The server did not start three workers",
    )
    assert len(workers(production.engine, container)) == 3
    production.engine.docker("rm", "--force", "--volumes", container)


def workers(engine, container):
    return line_facts.workers(line_facts.process_rows(engine, container))


def test_check_deploy_is_clean(production, particulars):
    answer = production.run_quietly(
        *("docker", "compose", "run", "--rm", "--no-TTY", "--no-deps"),
        *("--env", "DJANGO_HTTPS=on", "--env", SECRET_KEY),
        *(f"--env={name}={value}" for name, value in particulars.production.items()),
        "migrate",
        *(*particulars.manage, "check", "--deploy", "--fail-level", "WARNING"),
    )
    assert "System check identified no issues" in answer


def test_missing_secret_key_is_reported_in_one_line(production, particulars):
    image = inspect(production)["Image"]
    options = [f"--env={name}={value}" for name, value in particulars.environ.items()]
    done = production.engine.run(
        image, options=tuple(options), check=False, timeout=START_TIME_LIMIT
    )
    assert done.returncode != 0
    assert "Set DJANGO_SECRET_KEY to a long random string." in done.stderr


def test_limits_of_the_container(production):
    """Even a program that becomes root has no capabilities, and no program becomes root."""
    facts = line_facts.process_facts(production.engine, production.container())
    assert int(facts["capabilities of web"], 16) == 0
    assert facts["new privileges of web"] == "forbidden"
    assert facts["user"].startswith("uid=10001(app) gid=10001(app)")


@of_some_examples
def test_containers_that_are_started_without_compose(production, particulars):
    image = inspect(production)["Image"]
    facts = line_facts.container_facts(production.engine, image, particulars.environ)
    assert facts["ports with --publish-all"] == "8000/tcp"
    assert facts["printed line is in the log"] == "at once"
    assert facts["starts read-only"] == "yes"


@of_some_examples
def test_health_check_works_with_https_and_for_any_host_and_user(production):
    """Docker and Kubernetes ask with the address of the container, and without HTTPS.

    OpenShift chooses a user that is unknown to the image, in the group root. SQLite's folder
    belongs to another user.
    """
    settings = ("--env", "DJANGO_HTTPS=on", "--env", "DJANGO_ALLOWED_HOSTS=shop.example")
    if not any(each.startswith("DATABASE_PATH=") for each in inspect(production)["Config"]["Env"]):
        settings += ("--user", "10002:0")
    command = ("docker", "compose", "run", "--detach", "--no-deps", *settings, "web")
    container = production.run_quietly(*command).split()[-1]
    production.engine.wait_until_healthy(container)
    production.engine.docker("rm", "--force", "--volumes", container)


@of_some_examples
def test_open_requests_are_answered_and_cannot_prevent_the_exit(production, particulars):
    """SIGTERM comes while one request is about to end, and another never ends."""
    container = production.container()
    server = particulars.workers or particulars.server
    with line_facts.open_requests(production.port, 2, server) as (ending, _):
        start = time.monotonic()
        production.engine.docker("kill", "--signal", "TERM", container)
        time.sleep(1)
        assert line_facts.finish_request(ending) == "answered"
        production.engine.docker("wait", container, timeout=30)
        # Docker would send SIGKILL after ten seconds.
        assert time.monotonic() - start < 10
    assert inspect(production)["State"]["ExitCode"] == 0
    production.run_quietly("docker", "compose", "up", "--wait")


def test_exits_by_itself_on_sigterm(production):
    """This test runs after the others that use `production`, because it stops the service."""
    check_stop(production)


@contextmanager
def also_reading(service, compose_file):
    """Make Compose read another file, if there is one, while the block runs."""
    files = [compose_file] if compose_file else []
    service.compose_files += files
    try:
        yield
    finally:
        service.compose_files[:] = [each for each in service.compose_files if each not in files]


def test_own_tests_pass(service, example, particulars):
    """The example's tests pass when they are run with Compose or uv, as its README describes."""
    if particulars.tests.startswith("docker "):
        with also_reading(service, particulars.development):
            command = service.run(particulars.tests, check=False)
        exit_code, output = command.exit_code, command.output
    else:
        mount = f"type=bind,source={example.folder},target=/tests-of-it,readonly"
        # A single file system in memory, so that uv can install by linking.
        copied = "cp -r /tests-of-it /memory/copy && cd /memory/copy && rm -rf .venv"
        script = f"{copied} && {particulars.tests}"
        with private_server.running_private_server(service.engine, example) as private:
            reach = private.run_options if private else ()
            # The image compiles all packages so that it starts faster. A laptop does not.
            options = ("--user", "0", "--mount", mount, "--env=UV_COMPILE_BYTECODE=0", *reach)
            options += ("--tmpfs", "/memory:exec", "--env", "TMPDIR=/memory")
            image = inspect(service)["Image"]
            done = service.engine.run(image, "sh", "-c", script, options=options, check=False)
            exit_code, output = done.returncode, done.stdout + done.stderr
    assert exit_code == 0, output
    passed = re.search(r"\b(\d+) passed", output)
    # A test with parameters counts once for each of them.
    assert passed, output
    assert int(passed[1]) >= particulars.own_tests, output


@pytest.mark.parametrize(
    "example",
    [find_example(BEFORE), find_example(AFTER)],
    scope="session",
    ids=lambda each: each.name,
)
def test_development_serves_the_mounted_code(service):
    """compose.dev.yaml starts Django's server, which serves an edited template without a build."""
    template = service.folder / "orders/templates/orders/page.html"
    with development_server(service):
        assert "Mug" in get(service.url)[2]
        assert "runserver" in service.run_quietly("docker", "top", service.container())
        replace_in_file(template, "</body>", "<!-- edited --></body>")
        wait_until(
            lambda: "<!-- edited -->" in get(service.url)[2], timeout=60, failing="No edited page"
        )
        replace_in_file(template, "<!-- edited -->", "")


@contextmanager
def development_server(service):
    """Replace the server of the image with Django's server while the block runs."""
    try:
        with also_reading(service, "compose.dev.yaml"):
            service.run_quietly("docker", "compose", "up", "--wait")
            yield
    finally:
        service.run_quietly("docker", "compose", "up", "--wait")


WITH_VARIANTS = [
    pytest.param(each, id=each.name)
    for each in examples()
    if each.project in {variant.project for variant in variants()} and not each.member
]


@pytest.mark.parametrize("example", WITH_VARIANTS, scope="session")
def test_a_second_dockerfile_of_the_project_also_runs_and_stops(service, example, particulars):
    """The second Dockerfile uses the port and the database of the first."""
    for variant in nonempty(each for each in variants() if each.project == example.project):
        (service.folder / "Dockerfile").write_text(variant.dockerfile_text)
        service.run_quietly("docker", "compose", "up", "--build", "--wait")
        check_page(service.url, particulars)
        if variant.name == LAYERED:
            check_same_packages_as_with_uv(service)
        check_stop(service)


WITH_PATCHES = [
    pytest.param(each, id=each.name)
    for each in examples()
    if each.project in {variant.project for variant in patched_variants()}
]


@pytest.mark.parametrize("example", WITH_PATCHES, scope="session")
def test_after_a_patch_the_library_from_apt_is_used(service, example, particulars):
    """The service draws its state with Cairo. Without the library, it cannot migrate."""
    (variant,) = (each for each in patched_variants() if each.project == example.project)
    copy(variant, service.folder)
    uv_in_container(service.engine, example)(service.folder, ["lock"])
    replace_in_file(service.folder / "Dockerfile", traps.APT_LINES, "")
    failed = service.run("docker compose run --rm --build migrate", check=False)
    assert failed.exit_code != 0
    assert 'no library called "cairo' in failed.output
    (service.folder / "Dockerfile").write_text(variant.dockerfile_text)
    service.run_quietly("docker", "compose", "up", "--build", "--wait")
    check_page(service.url, particulars)
    with urllib.request.urlopen(f"{service.url}/badge.png", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.read().startswith(b"\x89PNG")
    check_stop(service)


def check_same_packages_as_with_uv(service):
    """Check that the venv contains none of Poetry's own packages except pip."""
    after = find_example(AFTER)
    lock = tomllib.loads((after.folder / "uv.lock").read_text())
    extras = PARTICULARS[after.project].extras
    wanted = production_packages(lock, extras, "3.14", after.package)
    installed = {*traps.packages(service.engine, inspect(service)["Image"])}
    assert installed == wanted | {"pip"}


def test_without_the_server_the_run_fails(engine):
    with transcripts.project_copy(engine, find_example("pattern-a-single-stage")) as broken:
        dockerfile = broken.folder / "Dockerfile"
        dockerfile.write_text(dockerfile.read_text().replace(" --group prod", ""))
        with pytest.raises(Problem, match="gunicorn"):
            broken.run(transcripts.readme_commands(broken.example)[0])

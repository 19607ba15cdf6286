"""Each example, started as its README says, serves, is healthy and stops when told to."""

import json
import re
import time
import urllib.error
import urllib.request

import pytest
from bs4 import BeautifulSoup

from guide import Problem, recordings, traps, transcripts


KEY = ("--env", "DJANGO_SECRET_KEY=a-long-enough-random-looking-key-0123456789-abcdefghij")


@pytest.fixture(scope="session")
def place(engine, example):
    """The example, running after the commands of its README."""
    with transcripts.workplace(engine, example) as place:
        place.follow_readme()
        yield place


def get(url, **headers):
    """Status, headers and text of an answer, whatever the status."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def inspect(place, service="web"):
    return json.loads(place.engine.docker("inspect", place.container(service)).stdout)[0]


def test_readme_prints_what_was_recorded(place, example):
    recorded = recordings.read(f"runs/{example.name}")["commands"]
    assert [
        (each.text, each.output, each.exit_code) for each in place.commands[: len(recorded)]
    ] == [(each["text"], each["output"], each["exit_code"]) for each in recorded]


def test_packages_are_the_recorded_ones(place, example):
    recorded = recordings.read(f"runs/{example.name}")["packages"]
    assert traps.packages(place.engine, inspect(place)["Image"]) == recorded


def test_page_shows_rows_of_the_database(place):
    status, _, html = get(place.address)
    assert status == 200
    services = [row.get_text(" ", strip=True) for row in BeautifulSoup(html, "html.parser")("li")]
    assert services == ["Website Operational", "API Degraded", "Mail Operational"]


def test_static_file_may_be_kept_for_ever(place):
    page = BeautifulSoup(get(place.address)[2], "html.parser")
    status, headers, css = get(place.address + page.find("link", rel="stylesheet")["href"])
    assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
    assert "max-width" in css


def test_health(place):
    assert get(f"{place.address}/healthz")[::2] == (200, "ok")
    assert inspect(place)["State"]["Health"]["Status"] == "healthy"


def test_unknown_host_names_are_refused(place):
    assert get(place.address, Host="evil.example")[0] == 400


def test_not_root_and_nothing_to_write_but_its_volume(place):
    container = inspect(place)
    assert container["HostConfig"]["ReadonlyRootfs"] is True
    script = "id -u; touch /data/x && rm /data/x && echo data; touch /app/x || echo read-only"
    answer = place.engine.docker("exec", container["Id"], "sh", "-c", script)
    assert answer.stdout.split() == ["10001", "data", "read-only"]


def test_code_is_not_its_own_to_change(place):
    """Without the read-only root file system too; uv's own lock file is open to everyone."""
    image = inspect(place)["Image"]
    script = "find /app /usr/local -writable -not -type l -not -name .lock | head -3"
    assert place.engine.run(image, "sh", "-c", script).stdout == ""


def test_health_check_does_not_ask_a_proxy(place):
    proxies = [f"--env={name}=http://127.0.0.1:9" for name in ("http_proxy", "HTTP_PROXY")]
    command = ("exec", *proxies, inspect(place)["Id"], "python", "healthcheck.py")
    assert place.engine.docker(*command, check=False).returncode == 0


def test_number_of_processes_comes_from_the_environment(place):
    image = inspect(place)["Image"]
    command = (*inspect(place)["Config"]["Cmd"], "--print-config")
    options = ("--env", "WEB_CONCURRENCY=3", *KEY)
    settings = place.engine.run(image, *command, options=options).stdout
    assert re.search(r"^workers += 3$", settings, flags=re.MULTILINE)


def test_check_deploy_is_clean(place):
    answer = place.run_quietly(
        *("docker", "compose", "run", "--rm", "--no-TTY", "--env", "DJANGO_HTTPS=on"),
        *KEY,
        *("migrate", "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    )
    assert answer.startswith("System check identified no issues")


def test_missing_secret_key_is_one_clear_line(place):
    image = inspect(place)["Image"]
    done = place.engine.run(image, check=False)
    assert done.returncode != 0
    assert "Set DJANGO_SECRET_KEY to a long random string." in done.stderr


def test_stops_within_five_seconds_of_sigterm(place):
    """The last to use `place`, because it ends the service."""
    container = place.container()
    start = time.monotonic()
    place.engine.docker("kill", "--signal", "TERM", container)
    place.engine.docker("wait", container, timeout=5)
    state = inspect(place)["State"]
    assert (state["Status"], state["ExitCode"]) == ("exited", 0), time.monotonic() - start


def test_without_the_server_the_run_is_red(engine, example):
    with transcripts.workplace(engine, example) as broken:
        dockerfile = broken.folder / "Dockerfile"
        dockerfile.write_text(dockerfile.read_text().replace(" --group prod", ""))
        with pytest.raises(Problem, match="gunicorn") as caught:
            broken.run(transcripts.readme_commands(example)[0])
    print(caught.value)

"""The facts that are compared between an example and a copy without one of its lines."""

import socket
import threading

import pytest

from guide import Problem
from guide.content.dockerfile import Dockerfile
from guide.content.examples import example
from guide.content.line_items import Item
from guide.content.line_outcomes import Outcome, Probe
from guide.engine.build import Build
from guide.engine.buildkit import Step
from guide.record import line_builds, line_checks, line_facts, line_services, lines


def test_differences_name_the_fact_and_both_values():
    before = {"user": "uid=10001", "build": "succeeds", "package a": "installed"}
    after = {"user": "uid=0", "build": "succeeds", "package b": "installed"}
    assert line_facts.differences(before, after) == [
        "package a: installed → nothing",
        "package b: nothing → installed",
        "user: uid=10001 → uid=0",
    ]
    assert line_facts.differences(before, before) == []


def test_the_configuration_of_an_image_is_one_fact_for_each_setting():
    config = {
        "User": "10001",
        "Env": ["PATH=/a:/b", "X=1=2"],
        "Cmd": ["gunicorn", "shop.wsgi"],
        "ExposedPorts": {"8000/tcp": {}},
        "Healthcheck": {"Test": ["CMD", "a"], "Interval": 30},
        "OnBuild": None,
        "Hostname": "",
    }
    assert line_facts.image_settings(config) == {
        "config User": "10001",
        "config Env PATH": "/a:/b",
        "config Env X": "1=2",
        "config Cmd": '["gunicorn", "shop.wsgi"]',
        "config ExposedPorts 8000/tcp": "{}",
        "config Healthcheck Test": '["CMD", "a"]',
        "config Healthcheck Interval": "30",
    }


def test_sizes_of_bytecode_are_not_compared():
    listing = "/a\tdrwxr-xr-x app:app\n/a/b.py\t-rw-r--r-- root:root 3 bytes\n"
    listing += "/a/b.pyc\t-rw-r--r-- root:root 9 bytes\n"
    assert line_facts.file_facts(listing) == {
        "file /a": "drwxr-xr-x app:app",
        "file /a/b.py": "-rw-r--r-- root:root 3 bytes",
        "file /a/b.pyc": "-rw-r--r-- root:root",
    }


def container(**state):
    return {
        "Config": {"Cmd": ["gunicorn"], "Healthcheck": {"StartInterval": 1}},
        "HostConfig": {"RestartPolicy": {"Name": "no"}, "ReadonlyRootfs": True},
        "Mounts": [
            {"Destination": "/data", "Name": "project-1_data"},
            {"Destination": "/cache", "Name": "0123"},
        ],
        "State": state,
    }


def health(end):
    first = {"ExitCode": 1, "End": "2026-11-29T10:00:00.5Z"}
    return {"Status": "healthy", "Log": [first, {"ExitCode": 0, "End": end}]}


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-11-29T10:00:02.123456789Z", "within 20 s"),
        ("2026-11-29T10:00:30.1Z", "after more than 20 s"),
    ],
)
def test_facts_of_a_container(end, expected):
    inspected = container(StartedAt="2026-11-29T10:00:00.1Z", Health=health(end))
    assert line_facts.inspect_facts("web", inspected, "project-1") == {
        "restart policy of web": "no",
        "root file system of web": "read-only",
        "volumes of web": "/cache anonymous, /data …_data",
        "health of web": "healthy",
        "command of web": "gunicorn",
        "health check of web StartInterval": "1",
        "start of web": expected,
    }


def test_a_container_without_a_health_check_has_no_start():
    facts = line_facts.inspect_facts("web", container(StartedAt=""), "project-1")
    assert facts["health of web"] == "nothing"
    assert "start of web" not in facts


def test_workers_are_the_children_of_the_server():
    rows = ["1 0 gunicorn a", "7 1 gunicorn a", "8 1 gunicorn a", "9 1 resource_tracker"]
    assert len(line_facts.workers(rows)) == 2


def test_problems_in_a_log_are_compared_without_times_and_numbers():
    log = (
        '[2026-11-29 10:00:00] [7] [ERROR] Control server error: 13\n1.2.3.4 "GET / HTTP/1.1" 200\n'
    )
    assert line_facts.log_facts(log) == {
        "requests are in the log": "yes",
        "log: Control server error:": "printed",
    }
    assert line_facts.log_facts("Booting") == {"requests are in the log": "no"}


def serve_one(listener, answers):
    connection = listener.accept()[0]
    with connection:
        while not connection.recv(1000).endswith(b"\r\n\r\n"):
            pass
        if answers:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")


@pytest.mark.parametrize(("answers", "expected"), [(True, "answered"), (False, "not answered")])
def test_an_open_request_is_answered_after_its_end(answers, expected, monkeypatch):
    monkeypatch.setitem(line_facts.SERVERS, "uvicorn", b"GET / HTTP/1.1\r\n\r\n")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_one, args=(listener, answers))
        thread.start()
        port = listener.getsockname()[1]
        with line_facts.open_requests(port, 1, "uvicorn") as (connection,):
            assert line_facts.finish_request(connection) == expected
        thread.join()


# --- builds ---


def test_warnings_of_a_build_are_one_fact():
    output = "warning: Failed to hardlink files\nInstalled 3 packages\n"
    assert line_builds.printed_facts(Build("tag", [], 1.0, output)) == {
        "build warning": "warning: Failed to hardlink files",
    }
    quiet = Build("tag", [], 1.0, "django==1 \\\n    --hash=sha256:0\n")
    assert line_builds.printed_facts(quiet) == {"build prints hashes": "yes"}


@pytest.mark.parametrize(
    ("name", "stages", "modules"),
    [
        ("pattern-a-single-stage", [], ("gunicorn.app.wsgiapp", "statuspage.wsgi")),
        ("pattern-b-multi-stage", ["dev"], ("gunicorn.app.wsgiapp", "billing.wsgi")),
        ("pattern-c-cache-mounts", ["test"], ("uvicorn.main", "tracking.asgi")),
        ("dependency-groups", ["test"], ("gunicorn.app.wsgiapp", "office.wsgi")),
    ],
)
def test_images_and_the_server_of_an_example(name, stages, modules):
    parsed = example(name).parsed
    assert line_builds.other_images(parsed) == stages
    assert line_builds.server_modules(parsed) == modules


def test_a_base_image_of_another_stage_is_not_an_image_of_its_own():
    assert line_builds.other_images(Dockerfile.parse("FROM a AS b\nFROM a AS c\nFROM b\n")) == ["c"]


def trial(probe, item=None, name="lock-stage", is_removed=False):
    item = item or Item("Dockerfile", "ENV A", 0, 0)
    return line_builds.Trial(example(name), item, Probe(*probe.split(" after ")), is_removed)


@pytest.mark.parametrize("facts", [{"build": "stops: a"}, {"service": "stops: b"}])
def test_the_unchanged_example_must_work(facts):
    with pytest.raises(Problem, match="unchanged example does not pass the probe 'service'"):
        lines.must_work(trial("service"), facts)
    assert lines.must_work(trial("rebuild after unlocked"), facts) == facts


def test_an_outcome_that_is_not_stated_is_reported():
    outcome = Outcome("Dockerfile", "ENV A", Probe("build"), "warning", "uv warns")
    item = Item("Dockerfile", "ENV A", 0, 0)
    assert "but nothing differs" in lines.surprise(item, outcome, [])
    assert "but a: 1 → 2 differs" in lines.surprise(item, outcome, ["a: 1 → 2"])


@pytest.mark.parametrize(
    ("name", "file", "stage", "targets"),
    [
        ("pattern-c-cache-mounts", "Dockerfile", "packages", [None, "test"]),
        ("pattern-c-cache-mounts", "Dockerfile", "test", ["test"]),
        ("pattern-c-cache-mounts", "Dockerfile", "prod", [None]),
        ("pattern-c-cache-mounts", "pyproject.toml", "", [None, "test"]),
        ("pattern-a-single-stage", "Dockerfile", "", [None]),
    ],
)
def test_only_images_that_an_item_can_change_are_built(name, file, stage, targets):
    tried = trial("build", Item(file, "ENV A", 0, 0, stage), name)
    assert [target for _, target in tried.targets] == targets


def test_a_base_image_can_change_every_image():
    item = Item("Dockerfile", "FROM base AS test", 0, 0, "test")
    tried = trial("build", item, "pattern-c-cache-mounts")
    assert tried.targets == [("", None), ("test ", "test")]


def test_the_unchanged_example_is_observed_once_for_equal_trials():
    """Items of one stage share builds, and items whose step is timed do not."""
    lock, prod = (Item("Dockerfile", "ENV A", 0, 0, stage) for stage in ("lock", "prod"))
    assert lines.unchanged_key(trial("image", lock)) == lines.unchanged_key(trial("image", prod))
    keys = {lines.unchanged_key(trial(probe, lock)) for probe in ("stage", "time after ruff")}
    keys |= {lines.unchanged_key(trial(probe, prod)) for probe in ("stage", "time after ruff")}
    assert len(keys) == 4


def test_facts_that_could_not_be_observed_are_not_differences():
    before = {"build": "succeeds", "package a": "installed"}
    after = {"build": "stops: b"}
    assert line_facts.differences(before, after) == ["build: succeeds → stops: b"]


def test_a_step_that_keeps_packages_is_found():
    kept = "lock-stage--kept-venv"
    keeps = {
        item.key
        for item in lines.lines_of(example(kept))
        if trial("build", item, kept).keeps_packages
    }
    assert "prod: RUN uv venv --relocatable" in keeps
    assert all(key.startswith("prod: RUN uv venv") for key in keeps)
    items = lines.lines_of(example("lock-stage"))
    assert not any(trial("build", item).keeps_packages for item in items)


def test_measured_facts_are_always_listed():
    seconds = {"seconds of RUN a": "0.10", "a": "1"}
    assert line_facts.differences(seconds, seconds) == ["seconds of RUN a: 0.10 → 0.10"]


def test_seconds_of_the_step_of_an_item():
    steps = [
        Step(
            "lock", "RUN --network=none uv export --locked || { echo 'a b'; exit 1; }", False, 0.4
        ),
        Step("prod", "RUN uv export", False, 9.0),
        Step("lock", "RUN uv lock", False, 1.0),
    ]
    item = Item("Dockerfile", "RUN uv export --network=none", 0, 0, "lock")
    assert line_builds.step_seconds(Build("", steps, 1.0, ""), item, "RUN uv export") == 0.4
    with pytest.raises(Problem, match="must run once"):
        line_builds.step_seconds(Build("", steps[1:], 1.0, ""), item, "RUN uv export")


# --- services ---


def test_items_of_production_are_tried_with_production_settings():
    pattern_b = example("pattern-b-multi-stage")
    for file, stage, expected in (
        ("Dockerfile", "prod", True),
        ("Dockerfile", "dev", False),
        ("compose.yaml", "", False),
        ("compose.prod.yaml", "", True),
        ("gunicorn.conf.py", "", True),
    ):
        assert line_services.is_production(pattern_b, Item(file, "a", 0, 0, stage)) is expected
    assert not line_services.is_production(example("lock-stage"), Item("Dockerfile", "a", 0, 0))


def test_the_readme_names_the_command_of_the_tests():
    commands = {
        each: line_checks.test_command(example(each))
        for each in ("lock-stage", "pattern-b-multi-stage")
    }
    assert commands == {
        "lock-stage": "uv run --locked --quiet pytest",
        "pattern-b-multi-stage": "docker compose run --rm web pytest",
    }


def test_an_error_that_names_another_command_does_not_differ():
    error = (
        "stops: The build stopped at 'RUN {0}': error: No network process "
        '"/bin/sh -c {0}" did not complete successfully: exit code: 1 Resolved in {1}s'
    )
    before = {"build": error.format("uv export --locked", 1.2)}
    assert line_facts.differences(before, {"build": error.format("uv export", 0.3)}) == []
    other = error.format("uv export", 0.3).replace("No network", "Resource busy")
    assert len(line_facts.differences(before, {"build": other})) == 1

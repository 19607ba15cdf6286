"""The worker, beat, the front end and the logs of the whole service."""

import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from checks import replace_in_file
from guide.content.edits import Edit
from guide.content.examples import example as find_example
from guide.engine.build import NO_IMAGE
from guide.machine.waiting import wait_until

SERVICE = find_example("whole-service")
# Several tests, in the order of this file, use one running service and one builder.
of_service = pytest.mark.parametrize(
    "example", [pytest.param(SERVICE, id=SERVICE.name)], scope="session"
)
of_image = pytest.mark.parametrize(
    "uv_example", [pytest.param(SERVICE, id=SERVICE.name)], scope="session"
)

NODE = "RUN npm run build"
SLOW = re.compile("RUN .*(npm ci|apt-get|uv sync)")
STYLES = "frontend/src/style.css"
TEMPLATE = "badges/templates/badges/page.html"


def append(path, text):
    """Return an edit that adds a line to a file."""

    def apply(folder, _uv):
        file = folder / path
        file.write_text(f"{file.read_text()}{text}\n")

    return Edit(path, f"Add {text!r} to {path}", apply)


@of_image
@pytest.mark.parametrize(
    ("path", "text", "runs_node"),
    [
        ("badges/views.py", "# edited", False),
        (TEMPLATE, "{# edited #}", False),
        (TEMPLATE, '<p class="mt-4 underline">', False),
        (TEMPLATE, '<p class="columns-7">', True),
        (STYLES, "p { color: red }", True),
    ],
    ids=["view", "template", "known class", "new class", "styles"],
)
def test_node_runs_only_if_a_class_or_a_style_changes(builder, edit_builds, path, text, runs_node):
    assert NODE in edit_builds["cold"].ran
    # Other tests have built other lockfiles since, after which BuildKit may run a step again.
    builder.build(None, None, NO_IMAGE)
    ran = builder.build(append(path, text), None, NO_IMAGE).ran
    assert (NODE in ran) is runs_node, ran
    assert [each for each in ran if SLOW.match(each)] == []


@of_image
@pytest.mark.parametrize(("memory", "expected"), [("64m", 1), ("256m", 2)])
def test_the_number_of_web_processes_fits_into_the_memory(engine, image, memory, expected):
    code = "import runpy; print(runpy.run_path('gunicorn.conf.py')['workers'])"
    limits = (f"--memory={memory}", "--cpuset-cpus=0")
    assert engine.run(image, "python", "-c", code, options=limits).stdout == f"{expected}\n"


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.read().decode()


def is_drawn(service, key):
    return json.loads(get(f"{service.url}/badges/{key}.json"))["is_drawn"]


def shell(service, code):
    """Run Python code in a new process of the web service, with the models imported."""
    command = ("docker", "compose", "exec", "--no-TTY", "web", "python", "manage.py")
    service.run_quietly(*command, "shell", "--verbosity=0", "--command", code)


def order_without_task(service, key, sent_at="timezone.now()"):
    """Store a badge as if the broker had lost its task."""
    shell(
        service,
        "from datetime import timedelta; from django.utils import timezone; "
        f"Badge.objects.create(key='{key}', name='Grace', sent_at={sent_at})",
    )


def wait_until_drawn(service, keys, timeout=60):
    wait_until(
        lambda: all(is_drawn(service, key) for key in keys),
        timeout=timeout,
        failing="A badge was not drawn",
    )


@of_service
def test_pages_are_translated(service):
    page = get(service.url, **{"Accept-Language": "de"})
    assert '<html lang="de">' in page
    assert "Namensschild bestellen" in page


@of_service
def test_requests_are_logged_as_json(service):
    get(f"{service.url}/livez?logged")
    log = service.run_quietly("docker", "logs", service.container())
    log += service.engine.docker("logs", service.container()).stderr
    entries = [json.loads(line) for line in log.splitlines() if line]
    requests = [each for each in entries if each["logger"] == "gunicorn.access"]
    assert {(each["method"], each["path"], each["status"]) for each in requests} >= {
        ("GET", "/livez", 200)
    }


@of_service
def test_beat_sends_a_lost_task_again(service):
    order_without_task(service, "lost", "timezone.now() - timedelta(minutes=2)")
    wait_until_drawn(service, ["lost"])


@of_service
def test_a_worker_finishes_its_task_after_sigterm(service):
    """A lock on the table keeps the task from ending before the worker gets the signal."""
    order_without_task(service, "slow")
    lock = "BEGIN; LOCK TABLE badges_badge; SELECT pg_sleep(5); COMMIT"
    psql = ("docker", "compose", "exec", "--no-TTY", "db", "psql", "--username=badges")
    call = "from badges.tasks import draw; draw.delay({pk})"
    worker = service.container("worker")
    pk = service.run_quietly(
        *psql, "--tuples-only", "--command", "SELECT id FROM badges_badge WHERE key = 'slow'"
    ).strip()
    with service.background(*psql, "--command", lock) as locking:
        time.sleep(0.5)
        shell(service, call.format(pk=pk))
        time.sleep(0.5)
        service.engine.docker("kill", "--signal", "TERM", worker)
        assert locking.poll() is None, "the lock was released before the signal"
        service.engine.docker("wait", worker, timeout=30)
        assert locking.wait(timeout=10) == 0
    state = json.loads(service.engine.docker("inspect", worker).stdout)[0]["State"]
    assert state["ExitCode"] == 0
    assert is_drawn(service, "slow")
    service.run_quietly("docker", "compose", "up", "--wait")


class Visitor:
    """Orders badges in a thread until it is stopped, and counts the orders that are refused."""

    def __init__(self, url):
        self.url = url
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        page = self.browser.open(url, timeout=10).read().decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        self.accepted, self.refused = [], 0
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.stopped.wait(0.05):
            self.order()

    def order(self):
        fields = {"csrfmiddlewaretoken": self.token, "name": "Ada"}
        try:
            address = self.browser.open(
                self.url, urllib.parse.urlencode(fields).encode(), timeout=20
            ).url
        except urllib.error.HTTPError as error:
            address = error.url
        except OSError:
            address = ""
        # If only the page of the badge fails, the order has been accepted.
        key = re.search(r"/badges/([\w-]+)$", address)
        if key:
            self.accepted.append(key[1])
        else:
            self.refused += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()


@of_service
@pytest.mark.only_with_all
def test_no_accepted_order_is_lost(service):
    """The database and the broker restart and a worker is killed while orders arrive."""
    with Visitor(service.url) as visitor:
        time.sleep(5)
        service.run_quietly("docker", "compose", "restart", "db")
        time.sleep(5)
        service.run_quietly("docker", "compose", "restart", "broker")
        time.sleep(5)
        service.run_quietly("docker", "compose", "kill", "worker")
        service.run_quietly("docker", "compose", "up", "--wait")
        time.sleep(5)
    assert len(visitor.accepted) > 100
    assert len({*visitor.accepted}) == len(visitor.accepted)
    # Lost tasks are sent again after a minute.
    wait_until_drawn(service, visitor.accepted, timeout=240)


@of_service
@pytest.mark.only_with_all
def test_development_shows_an_edited_view_and_an_edited_style(service):
    service.compose_files.append("compose.dev.yaml")
    try:
        with service.background("docker", "compose", "up", "--build", "--watch") as up:

            def wait_for(check, failing):
                def has_arrived():
                    assert up.poll() is None, "".join(service.background_output[-30:])
                    try:
                        return check()
                    except OSError:
                        return False

                wait_until(has_arrived, timeout=300, failing=failing)

            wait_for(
                lambda: (
                    "Watch enabled" in "".join(service.background_output)
                    and get(f"{service.url}/livez") == "ok"
                ),
                "The development server did not start",
            )
            replace_in_file(service.folder / "badges/views.py", '"name": ', '"title": ')
            replace_in_file(service.folder / TEMPLATE, "w-full", "w-full columns-7")
            wait_for(lambda: '"title"' in get(f"{service.url}/badges/demo.json"), "No edited view")
            wait_for(lambda: "columns-7" in get(f"{service.url}/static/main.css"), "No new style")
    finally:
        service.compose_files.remove("compose.dev.yaml")

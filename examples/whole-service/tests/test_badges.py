import json
import logging
from datetime import timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from badges import tasks
from badges.drawing import draw_badge
from badges.management.commands import order
from badges.models import Badge
from event.logs import Formatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """The keys of the tasks that were sent, without a worker."""
    keys = []
    monkeypatch.setattr(tasks.draw, "delay", keys.append)
    return keys


@pytest.fixture
def badge():
    return Badge.objects.create(key="demo", name="Ada", company="Analytical Engines")


@pytest.fixture
def drawn(badge):
    tasks.draw(badge.pk)
    badge.refresh_from_db()
    return badge


def get(client, path, **headers):
    """A request that came through the proxy over HTTPS."""
    return client.get(path, secure=True, headers=headers)


def post(client, **data):
    return client.post("/", data, secure=True)


def minutes_ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def test_an_order_is_stored_and_then_sent(
    client, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(client, name="Ada")
        assert sent == []
    badge = Badge.objects.get()
    assert sent == [badge.pk]
    assert (answer.status_code, answer["Location"]) == (302, f"/badges/{badge.key}")
    assert len(badge.key) >= 22


def test_an_order_without_a_broker_is_accepted(
    client, settings, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def refuse(_):
        raise ConnectionError("the broker does not answer")

    monkeypatch.setattr(tasks.draw, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(client, name="Ada").status_code == 302
    assert Badge.objects.count() == 1
    assert "the broker does not answer" in caplog.text


def test_an_order_needs_a_name(client, sent):
    answer = post(client, name="")
    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()
    assert (Badge.objects.count(), sent) == (0, [])


def test_a_drawing_contains_the_name_and_a_code(drawn):
    root = ElementTree.fromstring(drawn.drawing.read())
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Ada", "Analytical Engines"]
    assert root.find(".//*[@class='segno']") is not None


def test_a_drawing_escapes_what_people_type(badge):
    badge.name = "<script>"
    assert "<script>" not in draw_badge(badge)


def test_a_badge_is_drawn_once(drawn):
    tasks.draw(drawn.pk)
    drawn_again = Badge.objects.get()
    assert drawn_again.drawn_at == drawn.drawn_at
    assert default_storage.listdir("badges")[1].count("demo.svg") == 1


def test_a_task_for_a_removed_badge_does_nothing():
    tasks.draw(0)


def test_a_task_is_tried_again_while_the_database_restarts(badge, monkeypatch):
    answers = [OperationalError("the database system is starting up"), "<svg/>"]

    def draw(_):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(tasks, "draw_badge", draw)
    assert tasks.draw.apply(args=[badge.pk]).successful()
    badge.refresh_from_db()
    assert (answers, badge.drawing.read()) == ([], b"<svg/>")


@pytest.mark.parametrize(
    ("sent_ago", "ordered_ago", "is_drawn", "again"),
    [
        (2, 2, False, True),
        (2, 60, False, True),
        (0, 60, False, False),
        (2, 2, True, False),
        (2, 60 * 25, False, False),
    ],
)
def test_tasks_that_were_lost_are_sent_again(
    badge,
    sent,
    django_capture_on_commit_callbacks,
    sent_ago,
    ordered_ago,
    is_drawn,
    again,
):
    badge.sent_at = minutes_ago(sent_ago)
    badge.ordered_at = minutes_ago(ordered_ago)
    badge.drawn_at = timezone.now() if is_drawn else None
    badge.save()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.send_waiting()
    assert sent == ([badge.pk] if again else [])


def test_old_badges_are_removed_with_their_drawings(drawn):
    Badge.objects.create(key="new", name="Grace")
    drawn.ordered_at = timezone.now() - timedelta(days=31)
    drawn.save()
    tasks.remove_old()
    assert [each.key for each in Badge.objects.all()] == ["new"]
    assert not default_storage.exists(drawn.drawing.name)


def test_page_of_a_badge_that_waits(client, badge):
    html = get(client, "/badges/demo").content.decode()
    assert 'data-waits-for="/badges/demo.json"' in html
    assert get(client, "/badges/demo.json").json() == {
        "name": "Ada",
        "company": "Analytical Engines",
        "is_drawn": False,
    }
    assert get(client, "/badges/demo.svg").status_code == 404


def test_page_of_a_badge_that_is_drawn(client, drawn):
    html = get(client, "/badges/demo").content.decode()
    assert 'src="/badges/demo.svg"' in html
    assert "data-waits-for" not in html
    answer = get(client, "/badges/demo.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"".join(answer.streaming_content).startswith(b"<svg")


def test_pages_are_translated(client):
    german = get(client, "/", **{"accept-language": "de"}).content.decode()
    assert '<html lang="de">' in german
    assert "Namensschild bestellen" in german
    assert "Firma" in german


def test_the_command_waits_for_a_worker(monkeypatch):
    monkeypatch.setattr(order, "send", lambda badge: tasks.draw(badge.pk))
    output = StringIO()
    call_command("order", "demo", "Ada", stdout=output)
    assert output.getvalue() == "A worker has drawn /badges/demo\n"


def test_the_command_fails_without_a_worker(monkeypatch, sent):
    monkeypatch.setattr(order, "TIME_LIMIT", 1)
    with pytest.raises(CommandError, match="No worker has drawn the badge"):
        call_command("order", "demo", "Ada")


@pytest.mark.parametrize(("path", "queries"), [("/livez", 0), ("/healthz", 1)])
def test_probes_need_no_host_name_and_no_https(
    client, django_assert_num_queries, path, queries
):
    with django_assert_num_queries(queries):
        answer = client.get(path, headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_plain_http_is_sent_to_https(client):
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")


def test_migrations_match_the_models():
    call_command("makemigrations", "--check", "--dry-run")


def log_entry(name, message, args):
    record = logging.makeLogRecord(
        {"name": name, "levelname": "INFO", "msg": message, "args": args}
    )
    entry = json.loads(Formatter().format(record))
    del entry["time"]
    return entry


def test_log_entries_are_json():
    assert log_entry("badges", 'drew "%s"', ("demo",)) == {
        "level": "INFO",
        "logger": "badges",
        "message": 'drew "demo"',
    }


def test_requests_are_logged_with_fields():
    atoms = {"m": "GET", "U": '/"', "s": "200", "L": "0.0042", "h": "10.0.0.7"}
    assert log_entry("gunicorn.access", "%(m)s", atoms) == {
        "level": "INFO",
        "logger": "gunicorn.access",
        "message": "request",
        "method": "GET",
        "path": '/"',
        "status": 200,
        "seconds": 0.0042,
        "client": "10.0.0.7",
    }

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from status.models import Incident, Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def web():
    return Service.objects.create(name="Website", position=1)


@pytest.fixture
def mail():
    return Service.objects.create(name="Mail", position=2, state=Service.State.DOWN)


def get(client, path, **extra):
    """A request that came through the proxy over HTTPS."""
    return client.get(path, secure=True, **extra)


def test_page_shows_every_service_in_order(client, mail, web):
    html = get(client, "/").content.decode()
    assert html.index("Website") < html.index("Mail")


def test_page_says_when_all_is_well(client, web):
    assert b"All services are running" in get(client, "/").content


def test_page_says_when_something_is_not(client, web, mail):
    assert b"Some services have a problem" in get(client, "/").content


def test_page_lists_open_incidents_before_past_ones(client, web):
    now = timezone.now()
    Incident.objects.create(service=web, title="Over", started_at=now, resolved_at=now)
    Incident.objects.create(service=web, title="Current", started_at=now)
    html = get(client, "/").content.decode()
    assert html.index("Current") < html.index("Over")


def test_page_escapes_what_people_type(client, web):
    Incident.objects.create(service=web, title="<script>alert(1)</script>")
    assert b"<script>" not in get(client, "/").content


def test_api_answers_with_the_worst_state(client, web, mail):
    answer = get(client, "/api/status").json()
    assert answer["state"] == "down"
    assert answer["services"] == [
        {"name": "Website", "state": "operational"},
        {"name": "Mail", "state": "down"},
    ]


def test_an_incident_cannot_end_before_it_starts(web):
    now = timezone.now()
    incident = Incident(
        service=web, title="x", started_at=now, resolved_at=now - timedelta(hours=1)
    )
    with pytest.raises(ValidationError, match="cannot end before it starts"):
        incident.full_clean()


def test_only_reading_is_allowed(client):
    assert client.post("/", secure=True).status_code == 405


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


def test_admin_asks_for_a_login(client):
    assert get(client, "/admin/").status_code == 302


def test_migrations_match_the_models():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run")

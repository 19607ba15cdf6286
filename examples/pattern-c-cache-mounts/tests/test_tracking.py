import asyncio
import json

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.test import AsyncClient

from tracking.models import Parcel, Scan

pytestmark = pytest.mark.django_db

NUMBER = "RR123456785GB"
API = f"/api/parcels/{NUMBER}"
KEY = {"authorization": "Bearer key-of-the-tests"}


@pytest.fixture
def parcel():
    return Parcel.objects.create(number=NUMBER)


def get(path, **extra):
    """A request that came through the proxy over HTTPS, by way of ASGI."""
    return async_to_sync(AsyncClient().get)(path, secure=True, **extra)


def report(path=f"{API}/scans", headers=KEY, **scan):
    return async_to_sync(AsyncClient().post)(
        path,
        json.dumps(scan),
        content_type="application/json",
        headers=headers,
        secure=True,
    )


def scan(parcel, place, state="in-transit"):
    return Scan.objects.create(parcel=parcel, place=place, state=state)


def test_api_answers_with_the_newest_scan_first(parcel):
    scan(parcel, "London", "accepted")
    scan(parcel, "Rotterdam")
    answer = get(API).json()
    assert (answer["number"], answer["label"]) == (NUMBER, "RR 123 456 785 GB")
    assert [s["place"] for s in answer["scans"]] == ["Rotterdam", "London"]


def test_api_takes_a_number_as_people_type_it(parcel):
    scan(parcel, "London")
    assert get("/api/parcels/rr 123 456 785 gb").json()["number"] == NUMBER


def test_api_refuses_a_wrong_check_digit():
    answer = get("/api/parcels/RR123456784GB")
    assert answer.status_code == 400
    assert "check digit" in answer.json()["error"]


def test_api_does_not_know_every_parcel():
    assert get(API).status_code == 404


def test_api_gives_twenty_scans_at_a_time(parcel):
    for hour in range(25):
        scan(parcel, f"Stop {hour}")
    first = get(API).json()
    assert len(first["scans"]) == 20
    second = get(first["next"]).json()
    assert [s["place"] for s in second["scans"]][-1] == "Stop 0"
    assert (len(second["scans"]), second["next"]) == (5, None)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_api_refuses_a_page_that_cannot_be(parcel, page):
    scan(parcel, "London")
    assert get(f"{API}?page={page}").status_code == 400


def test_a_parcel_is_known_from_its_first_scan_on():
    assert report(state="accepted", place="London").status_code == 201
    assert report(state="delivered", place="Hamburg").status_code == 201
    assert [s["state"] for s in get(API).json()["scans"]] == ["delivered", "accepted"]


def test_nobody_reports_without_the_key(settings):
    for headers in ({}, {"authorization": "Bearer wrong"}):
        answer = report(headers=headers, state="accepted", place="London")
        assert answer.status_code == 401
    settings.SCAN_KEY = ""
    answer = report(headers={"authorization": "Bearer "}, state="accepted", place="x")
    assert answer.status_code == 401
    assert not Parcel.objects.exists()


def test_a_bad_report_leaves_nothing_behind():
    assert report(state="lost", place="London").status_code == 400
    assert report(state="accepted").status_code == 400
    bad = report("/api/parcels/RR123456784GB/scans", state="accepted", place="London")
    assert bad.status_code == 400
    assert not Parcel.objects.exists()


def test_page_shows_where_the_parcel_was(parcel):
    scan(parcel, "Malmö <b>")
    html = get(f"/?number={NUMBER}").content.decode()
    assert "RR 123 456 785 GB" in html
    assert "Malmö &lt;b&gt;" in html


def test_page_says_what_is_wrong_with_a_number():
    answer = get("/?number=RR123456784GB")
    assert answer.status_code == 400
    assert b"The check digit is wrong" in answer.content


def test_requests_run_side_by_side(parcel):
    scan(parcel, "London")

    async def ask():
        client = AsyncClient()
        return await asyncio.gather(*(client.get(API, secure=True) for _ in range(5)))

    assert [answer.status_code for answer in async_to_sync(ask)()] == [200] * 5


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


def test_the_demo_data_loads():
    call_command("loaddata", "demo", verbosity=0)
    assert len(get(API).json()["scans"]) == 3


def test_migrations_match_the_models():
    call_command("makemigrations", "--check", "--dry-run")

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from icalendar import Calendar

from bookings.models import Booking, Room, at

TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_o_clock():
    """Stop the clock on the Monday that all tests use."""
    with time_machine.travel(datetime(2026, 11, 23, 10, 0), tick=False) as clock:
        yield clock


@pytest.fixture
def oak():
    """One of the rooms that a migration adds."""
    return Room.objects.get(name="Oak")


def book(room, start, end, title="Plan", day=TODAY):
    """Times are hours of the day."""
    booking = Booking(
        room=room,
        title=title,
        starts_at=at(day, time(start)),
        ends_at=at(day, time(end)),
    )
    booking.full_clean()
    booking.save()
    return booking


def get(client, path, **extra):
    """A request that came through the proxy over HTTPS."""
    return client.get(path, secure=True, **extra)


def test_page_shows_every_room_in_order(client):
    html = get(client, "/").content.decode()
    assert html.index("Ash") < html.index("Elm") < html.index("Oak")
    assert html.count("Free all day") == 3


def test_page_shows_what_is_booked_today_and_nothing_else(client, oak):
    book(oak, 14, 15, "Today")
    book(oak, 14, 15, "Not now", TODAY - timedelta(days=1))
    book(oak, 14, 15, "Not yet", TODAY + timedelta(days=1))
    html = get(client, "/").content.decode()
    assert "Monday, 23 November" in html
    assert "14:00 to 15:00 Today" in html
    assert "Not" not in html


def test_page_marks_what_goes_on_now(client, oak, ten_o_clock):
    book(oak, 11, 12)
    running = b'class="running"'
    assert running not in get(client, "/").content
    ten_o_clock.move_to(datetime(2026, 11, 23, 11, 0))
    assert running in get(client, "/").content
    ten_o_clock.move_to(datetime(2026, 11, 23, 12, 0))
    assert running not in get(client, "/").content


def test_a_day_begins_at_midnight_of_the_time_zone(client, oak, settings, ten_o_clock):
    settings.TIME_ZONE = "America/New_York"
    ten_o_clock.move_to(datetime(2026, 11, 24, 3, 0))
    book(oak, 22, 23)
    assert "22:00 to 23:00 Plan" in get(client, "/").content.decode()


def test_page_escapes_what_people_type(client, oak):
    book(oak, 14, 15, "<script>alert(1)</script>")
    assert b"<script>" not in get(client, "/").content


def test_page_asks_the_database_twice_however_many_rooms(
    client, oak, django_assert_num_queries
):
    book(oak, 14, 15)
    with django_assert_num_queries(2):
        get(client, "/")


def test_api_answers_with_rooms_and_bookings(client, oak):
    book(oak, 14, 15)
    assert get(client, "/api/today").json()["rooms"] == [
        {"name": "Ash", "seats": 4, "bookings": []},
        {"name": "Elm", "seats": 8, "bookings": []},
        {
            "name": "Oak",
            "seats": 20,
            "bookings": [{"title": "Plan", "hours": ["14:00", "15:00"]}],
        },
    ]


@pytest.mark.parametrize(("start", "end"), [(14, 16), (13, 15), (13, 17), (15, 16)])
def test_a_room_cannot_be_booked_twice(oak, start, end):
    book(oak, 14, 16, "First")
    with pytest.raises(
        ValidationError, match="Oak is taken from 14:00 to 16:00: First"
    ):
        book(oak, start, end)


def test_one_booking_may_start_when_another_ends(oak):
    book(oak, 14, 15)
    book(oak, 15, 16)
    book(oak, 13, 14)


def test_another_room_is_free_at_the_same_time(oak):
    book(oak, 14, 15)
    book(Room.objects.get(name="Elm"), 14, 15)


def test_a_booking_is_not_in_its_own_way(oak):
    booking = book(oak, 14, 15)
    booking.ends_at += timedelta(minutes=30)
    booking.full_clean()


def test_a_booking_ends_after_it_starts(oak):
    with pytest.raises(ValidationError, match="has to end after it starts"):
        book(oak, 15, 14)
    with pytest.raises(IntegrityError):
        Booking.objects.create(
            room=oak, title="x", starts_at=at(TODAY), ends_at=at(TODAY)
        )


def test_command_books_for_today(oak, capsys):
    call_command("book", "Oak", "14:00", "15:30", "Plan")
    assert capsys.readouterr().out == "Oak is booked from 14:00 to 15:30.\n"
    booking = Booking.objects.get()
    assert (booking.room, booking.title) == (oak, "Plan")
    assert (booking.starts_at, booking.ends_at) == (
        at(TODAY, time(14)),
        at(TODAY, time(15, 30)),
    )


@pytest.mark.parametrize(
    ("room", "said"), [("Oak", "Oak is taken"), ("Yew", "There is no room Yew")]
)
def test_command_says_why_it_cannot(oak, room, said):
    book(oak, 14, 15)
    with pytest.raises(CommandError, match=said):
        call_command("book", room, "14:30", "15:30", "Plan")


def test_admin_says_that_a_room_is_taken(admin_client, oak):
    book(oak, 14, 15)
    answer = admin_client.post(
        "/admin/bookings/booking/add/",
        {
            "room": oak.pk,
            "title": "Plan",
            "starts_at_0": "2026-11-23",
            "starts_at_1": "14:30",
            "ends_at_0": "2026-11-23",
            "ends_at_1": "15:30",
        },
        secure=True,
    )
    assert b"Oak is taken" in answer.content
    assert Booking.objects.count() == 1


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
    call_command("makemigrations", "--check", "--dry-run")


def test_calendar_lists_the_bookings_of_a_room(client, oak):
    book(oak, 14, 15, "Quarterly plan")
    answer = get(client, "/rooms/Oak.ics")
    assert answer["Content-Type"] == "text/calendar"
    (event,) = Calendar.from_ical(answer.content).events
    assert event["summary"] == "Quarterly plan"
    assert event["dtstart"].dt == at(TODAY, time(14))
    assert get(client, "/rooms/Yew.ics").status_code == 404

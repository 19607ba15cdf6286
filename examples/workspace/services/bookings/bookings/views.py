from django.db.models import Prefetch
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from .models import Booking, Room


def rooms_with_bookings(day):
    """Return every room with its bookings on a day, in only two queries."""
    bookings = Booking.objects.on(day)
    return Room.objects.prefetch_related(
        Prefetch("bookings", bookings, to_attr="bookings_of_day")
    )


@require_safe
def page(request):
    today = timezone.localdate()
    return render(
        request,
        "bookings/page.html",
        {"today": today, "rooms": rooms_with_bookings(today)},
    )


@require_safe
def api(request):
    return JsonResponse(
        {
            "rooms": [
                {
                    "name": room.name,
                    "seats": room.seats,
                    "bookings": [
                        {"title": booking.title, "hours": booking.hours}
                        for booking in room.bookings_of_day
                    ],
                }
                for room in rooms_with_bookings(timezone.localdate())
            ]
        }
    )


@require_safe
def calendar(request, name):
    """Return a room's bookings as a calendar that calendar programs subscribe to."""
    room = get_object_or_404(Room, name=name)
    feed = Calendar()
    feed.add("prodid", "-//Room bookings//EN")
    feed.add("version", "2.0")
    for booking in room.bookings.all():
        event = Event()
        event.add("uid", f"booking-{booking.pk}@{request.get_host()}")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", booking.starts_at)
        event.add("dtend", booking.ends_at)
        event.add("summary", booking.title)
        feed.add_component(event)
    return HttpResponse(feed.to_ical(), content_type="text/calendar")

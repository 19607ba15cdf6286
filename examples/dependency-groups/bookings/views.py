from django.db.models import Prefetch
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

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

from datetime import time

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from bookings.models import Booking, Room, at


class Command(BaseCommand):
    help = "Books a room for today."

    def add_arguments(self, parser):
        parser.add_argument("room")
        parser.add_argument("start", type=time.fromisoformat, help="such as 14:00")
        parser.add_argument("end", type=time.fromisoformat)
        parser.add_argument("title")

    def handle(self, room, start, end, title, **options):
        today = timezone.localdate()
        # The transaction holds SQLite's write lock from its start, so no other
        # booking can be saved between the check and the save.
        with transaction.atomic():
            try:
                booking = Booking(
                    room=Room.objects.get(name=room),
                    title=title,
                    starts_at=at(today, start),
                    ends_at=at(today, end),
                )
                booking.full_clean()
            except Room.DoesNotExist:
                raise CommandError(f"There is no room {room}.") from None
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
            booking.save()
        self.stdout.write(f"{room} is booked from {start:%H:%M} to {end:%H:%M}.")

from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


def at(day, clock=time.min):
    """Return the moment at a local time on a day."""
    return timezone.make_aware(datetime.combine(day, clock))


class Room(models.Model):
    """A meeting room."""

    name = models.CharField(max_length=40, unique=True)
    seats = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class BookingQuerySet(models.QuerySet):
    def overlapping(self, starts_at, ends_at):
        """Return bookings that overlap. A booking can start when another ends."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)

    def on(self, day):
        """Return the bookings on a day in the rooms' time zone."""
        return self.overlapping(at(day), at(day + timedelta(days=1)))


class Booking(models.Model):
    """One booking of a room for a period and a purpose."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="bookings")
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="booking_ends_after_it_starts",
                violation_error_message="A booking has to end after it starts.",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def hours(self):
        """Return the local start and end times."""
        moments = (self.starts_at, self.ends_at)
        return [f"{timezone.localtime(moment):%H:%M}" for moment in moments]

    @property
    def is_running(self):
        return self.starts_at <= timezone.now() < self.ends_at

    def clean(self):
        """Reject overlapping bookings. Call this in the transaction that saves."""
        if not (self.room_id and self.starts_at and self.ends_at):
            return
        others = Booking.objects.filter(room=self.room_id).exclude(pk=self.pk)
        other = others.overlapping(self.starts_at, self.ends_at).first()
        if other:
            hours = " to ".join(other.hours)
            raise ValidationError(f"{self.room} is taken from {hours}: {other}")

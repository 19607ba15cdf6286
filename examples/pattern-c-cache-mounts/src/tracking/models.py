import shipcodes
from django.db import models
from django.utils import timezone


class Parcel(models.Model):
    """A parcel, which is created at its first scan."""

    number = models.CharField(max_length=13, unique=True)

    def __str__(self):
        return shipcodes.spaced(self.number)


class Scan(models.Model):
    """One scan of a parcel."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        IN_TRANSIT = "in-transit", "In transit"
        OUT_FOR_DELIVERY = "out-for-delivery", "Out for delivery"
        DELIVERED = "delivered", "Delivered"

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="scans")
    state = models.CharField(max_length=16, choices=State.choices)
    place = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["parcel", "-at", "-id"], name="scans_of_parcel")
        ]

    def __str__(self):
        return f"{self.parcel_id}: {self.state}, {self.place}"

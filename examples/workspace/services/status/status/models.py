from django.db import models
from django.utils import timezone


class Service(models.Model):
    """A service that customers use, such as the website or the API."""

    class State(models.TextChoices):
        OPERATIONAL = "operational", "Operational"
        DEGRADED = "degraded", "Degraded"
        DOWN = "down", "Down"

    name = models.CharField(max_length=80, unique=True)
    state = models.CharField(
        max_length=16, choices=State.choices, default=State.OPERATIONAL
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class Incident(models.Model):
    """A problem with a service, and when it started and ended."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="incidents"
    )
    title = models.CharField(max_length=120)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True)
                | models.Q(resolved_at__gte=models.F("started_at")),
                name="resolved_after_it_started",
                violation_error_message="An incident cannot end before it starts.",
            )
        ]

    def __str__(self):
        return self.title

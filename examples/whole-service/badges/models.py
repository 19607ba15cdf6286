import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_key():
    return secrets.token_urlsafe(16)


class Badge(models.Model):
    """A name badge. Its link is secret, because it contains a name."""

    key = models.SlugField(max_length=40, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=40)
    company = models.CharField(_("company"), max_length=40, blank=True)
    ordered_at = models.DateTimeField(default=timezone.now, editable=False)
    # When a task for this badge was last sent to the workers.
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    drawn_at = models.DateTimeField(null=True, editable=False)
    drawing = models.FileField(upload_to="badges", editable=False)

    class Meta:
        ordering = ["-ordered_at"]
        indexes = [
            models.Index(
                fields=["sent_at"],
                name="badges_that_wait",
                condition=models.Q(drawn_at=None),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("badge", args=[self.key])

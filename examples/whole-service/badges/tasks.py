"""The tasks of the workers.

A badge is stored first and drawn later. The database, not the queue, knows
which badges wait: if a task is lost, `send_waiting` sends it again.
"""

from datetime import timedelta

from celery import shared_task
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from .drawing import draw_badge
from .models import Badge

SEND_AGAIN_AFTER = timedelta(seconds=60)
KEEP_FOR = timedelta(days=30)


# While the database restarts, try again after 1, 2, 4, ... seconds.
@shared_task(
    autoretry_for=(InterfaceError, OperationalError), retry_backoff=True, max_retries=5
)
def draw(pk):
    """Draw a badge, unless it has been drawn or another worker is drawing it."""
    with transaction.atomic():
        waiting = Badge.objects.filter(pk=pk, drawn_at=None)
        badge = waiting.select_for_update(skip_locked=True).first()
        if badge:
            file = ContentFile(draw_badge(badge))
            badge.drawing.save(f"{badge.key}.svg", file, save=False)
            badge.drawn_at = timezone.now()
            badge.save()


def send(badge):
    """Send a task for the badge as soon as the badge is stored.

    `robust` only logs an error if the broker does not answer, because the badge
    is stored and `send_waiting` sends the task later.
    """
    transaction.on_commit(lambda: draw.delay(badge.pk), robust=True)


@shared_task
def send_waiting():
    """Send the tasks again whose badges have been waiting for too long.

    After a day, give up on badges that cannot be drawn.
    """
    now = timezone.now()
    with transaction.atomic():
        waiting = Badge.objects.select_for_update(skip_locked=True).filter(
            drawn_at=None,
            sent_at__lt=now - SEND_AGAIN_AFTER,
            ordered_at__gt=now - timedelta(days=1),
        )
        for badge in waiting[:1000]:
            badge.sent_at = now
            badge.save(update_fields=["sent_at"])
            send(badge)


@shared_task
def remove_old():
    """Remove badges that were ordered long ago, and their drawings."""
    for badge in Badge.objects.filter(ordered_at__lt=timezone.now() - KEEP_FOR):
        badge.drawing.delete(save=False)
        badge.delete()

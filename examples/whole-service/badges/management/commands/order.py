import time

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from badges.models import Badge
from badges.tasks import send

TIME_LIMIT = 60


class Command(BaseCommand):
    help = "Order a badge, and wait until a worker has drawn it."

    def add_arguments(self, parser):
        parser.add_argument("key", help="the part of the link that is secret")
        parser.add_argument("name")

    def handle(self, *, key, name, **_):
        with transaction.atomic():
            badge = Badge.objects.create(key=key, name=name)
            send(badge)
        for _second in range(TIME_LIMIT):
            badge.refresh_from_db()
            if badge.drawn_at:
                self.stdout.write(f"A worker has drawn {badge.get_absolute_url()}")
                return
            time.sleep(1)
        raise CommandError(
            f"No worker has drawn the badge in {TIME_LIMIT} seconds. Is one running?"
        )

"""The Celery application. A worker starts with `celery --app event worker`."""

import logging.config
import os
from pathlib import Path

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "event.settings")

app = Celery("event")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# healthcheck.py reads the age of this file.
HEARTBEAT = Path("/tmp/heartbeat")


@signals.setup_logging.connect
def use_the_logging_of_django(**_):
    """Keep Celery from replacing the log format in settings.py."""
    logging.config.dictConfig(settings.LOGGING)


@signals.heartbeat_sent.connect
def worker_is_alive(**_):
    """Touch the file after each heartbeat, which needs a connection to the broker."""
    HEARTBEAT.touch()


@signals.beat_init.connect
def beat_has_started(**_):
    """Touch the file now, and after each task that beat sends."""
    HEARTBEAT.touch()
    signals.after_task_publish.connect(beat_is_alive)


def beat_is_alive(**_):
    HEARTBEAT.touch()

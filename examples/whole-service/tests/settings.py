import os

# Run the tests as in production, even in the development image.
os.environ["DJANGO_DEBUG"] = "off"
os.environ["DJANGO_HTTPS"] = "on"
os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")

from event.settings import *  # noqa: E402, F403

# The tests run without `collectstatic` and keep drawings in memory.
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = []

# Keep away from the queue of a service that uses the same broker.
CELERY_TASK_DEFAULT_QUEUE = "tests"

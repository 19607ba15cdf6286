import os

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")
os.environ["DJANGO_DEBUG"] = "off"

from shop.settings import *  # noqa: E402, F403

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

# The tests run without `collectstatic` and keep pictures in memory.
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

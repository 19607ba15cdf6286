import os

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")

from office.settings import *  # noqa: E402, F403

# The tests run without `collectstatic`.
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

import os

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")

from tracking.settings import *  # noqa: E402, F403

# Tests run as in production, behind HTTPS, and with a key that they know.
SCAN_KEY = "key-of-the-tests"

# Tests run without `collectstatic`.
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

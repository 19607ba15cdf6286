import os

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-tests")

from tracking.settings import *  # noqa: E402, F403

# Run the tests behind HTTPS, as in production, but with a known key.
SCAN_KEY = "key-of-the-tests"

# The tests run without `collectstatic`.
WHITENOISE_AUTOREFRESH = True
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

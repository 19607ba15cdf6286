"""These settings are only for this service. The others are in the shared package.

DJANGO_TIME_ZONE      the rooms' time zone, such as Europe/Paris; UTC by default
DATABASE_PATH         the SQLite file; db.sqlite3 beside manage.py by default
"""

import os
from pathlib import Path

from service_base.settings import *  # noqa: F403
from service_base.settings import DATABASES, DJANGO_APPS

BASE_DIR = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [*DJANGO_APPS, "bookings"]
ROOT_URLCONF = "office.urls"
WSGI_APPLICATION = "office.wsgi.application"

DATABASES["default"]["NAME"] = os.environ.get("DATABASE_PATH", BASE_DIR / "db.sqlite3")
STATIC_ROOT = BASE_DIR / "static-collected"

# The time zone determines what "today" means.
TIME_ZONE = os.environ.get("DJANGO_TIME_ZONE", "UTC")

"""These settings are only for this service. The others are in the shared package.

DATABASE_PATH         the SQLite file; db.sqlite3 beside manage.py by default
"""

import os
from pathlib import Path

from service_base.settings import *  # noqa: F403
from service_base.settings import DATABASES, DJANGO_APPS

BASE_DIR = Path(__file__).resolve().parent.parent

INSTALLED_APPS = [*DJANGO_APPS, "status"]
ROOT_URLCONF = "statuspage.urls"
WSGI_APPLICATION = "statuspage.wsgi.application"

DATABASES["default"]["NAME"] = os.environ.get("DATABASE_PATH", BASE_DIR / "db.sqlite3")
STATIC_ROOT = BASE_DIR / "static-collected"

TIME_ZONE = "UTC"

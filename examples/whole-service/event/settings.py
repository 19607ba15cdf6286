"""These environment variables configure the service:

DJANGO_SECRET_KEY        required, unless DJANGO_DEBUG is on
DJANGO_ALLOWED_HOSTS     host names, separated by commas
DJANGO_HTTPS             on (default): behind a proxy with TLS; off: plain HTTP
DJANGO_DEBUG             off (default) or on
BROKER_URL               the URL of Valkey or Redis, required
DATABASE_HOST            required
DATABASE_PASSWORD        required
DATABASE_PORT            5432 by default
DATABASE_NAME            badges by default
DATABASE_USER            badges by default
AWS_STORAGE_BUCKET_NAME  the S3 bucket that keeps the drawings; boto3 also reads
                         its other settings from the environment
MEDIA_ROOT               the folder that keeps the drawings if there is no
                         bucket; media beside manage.py by default
WEB_CONCURRENCY          the number of web processes; by default, as many as fit
                         into the memory of the container
WORKER_CONCURRENCY       the number of tasks that a worker runs at the same
                         time; 2 by default
"""

import os
from importlib.util import find_spec
from pathlib import Path

from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

# The web server writes its log in the same format.
from event.logs import LOGGING  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent


def switch(name, default):
    value = os.environ.get(name, default).lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to on or off.")
    return value == "on"


def required(name, meaning, default=""):
    value = os.environ.get(name) or default
    if not value:
        raise ImproperlyConfigured(f"Set {name} to {meaning}.")
    return value


DEBUG = switch("DJANGO_DEBUG", "off")
HTTPS = switch("DJANGO_HTTPS", "off" if DEBUG else "on")

SECRET_KEY = required(
    "DJANGO_SECRET_KEY",
    "a long random string",
    default="only-for-debugging" if DEBUG else "",
)

ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
    if host.strip()
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "badges",
]

MIDDLEWARE = [
    # Keep this middleware first so that health checks work with any host name
    # and without HTTPS.
    "badges.middleware.HealthCheckMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "event.urls"
WSGI_APPLICATION = "event.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": required("DATABASE_HOST", "the host name of PostgreSQL"),
        "PORT": os.environ.get("DATABASE_PORT", "5432"),
        "NAME": os.environ.get("DATABASE_NAME", "badges"),
        "USER": os.environ.get("DATABASE_USER", "badges"),
        "PASSWORD": required("DATABASE_PASSWORD", "the password for PostgreSQL"),
        # Reuse connections, because connecting takes longer than most queries.
        # Check a connection before reusing it, because PostgreSQL may have
        # restarted.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Time out before the health check does.
        "OPTIONS": {"connect_timeout": 3},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = required("BROKER_URL", "the URL of Valkey or Redis")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Reconnect until the broker is back, instead of giving up.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # If a worker is killed, another worker gets its tasks after this many
    # seconds. Keep the value above the time limit of a task.
    "visibility_timeout": 120,
    # Do not let a request wait long for a broker that does not answer.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1}
# Acknowledge a task after it has run, and run one again whose process was
# killed. Tasks therefore have to allow for being run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Take only as many tasks from the broker as the worker can run.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = int(os.environ.get("WORKER_CONCURRENCY", "2"))
# Stop a task after this many seconds. compose.yaml gives a worker more time
# than this to stop, so it always finishes the tasks that it runs.
CELERY_TASK_TIME_LIMIT = 30
# The database contains the results.
CELERY_TASK_IGNORE_RESULT = True
CELERY_BEAT_SCHEDULE = {
    "send-waiting": {
        "task": "badges.tasks.send_waiting",
        "schedule": 10,
        # Without a worker, do not fill the queue with copies of this task.
        "options": {"expires": 10},
    },
    "remove-old": {
        "task": "badges.tasks.remove_old",
        "schedule": crontab(hour=3, minute=0),
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
# The folder to which Vite writes. It does not exist before the first build.
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
MEDIA_ROOT = os.environ.get("MEDIA_ROOT", BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Add a hash to each file name so that browsers can cache the file forever.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

if bucket := os.environ.get("AWS_STORAGE_BUCKET_NAME"):
    if not find_spec("storages"):
        raise ImproperlyConfigured(
            "AWS_STORAGE_BUCKET_NAME is set, but the extra s3 is not installed."
        )
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": bucket},
    }

LANGUAGE_CODE = "en"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

if HTTPS:
    # Keep this setting only if the proxy sets the header on every request.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30
    # Silence these HSTS warnings, because this service does not control the
    # domain's other hosts.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

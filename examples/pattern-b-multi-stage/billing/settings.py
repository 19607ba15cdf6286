"""These environment variables configure the service:

DJANGO_SECRET_KEY        required, unless DJANGO_DEBUG is on
DJANGO_ALLOWED_HOSTS     host names, separated by commas
DJANGO_HTTPS             on (default): behind a proxy with TLS; off: plain HTTP
DJANGO_DEBUG             off (default) or on
DATABASE_HOST            required
DATABASE_PASSWORD        required
DATABASE_PORT            5432 by default
DATABASE_NAME            invoices by default
DATABASE_USER            invoices by default
AWS_STORAGE_BUCKET_NAME  the S3 bucket that keeps the PDFs; boto3 also reads
                         its other settings from the environment
MEDIA_ROOT               the folder that keeps the PDFs if there is no bucket;
                         media beside manage.py by default
"""

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

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
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "invoices",
]

MIDDLEWARE = [
    # Keep this middleware first so that health checks work with any host name
    # and without HTTPS.
    "invoices.middleware.HealthCheckMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# Only the `dev` group contains the toolbar, so production cannot enable it by
# mistake.
if DEBUG and find_spec("debug_toolbar"):
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(2, "debug_toolbar.middleware.DebugToolbarMiddleware")
    DEBUG_TOOLBAR_CONFIG = {
        "SHOW_TOOLBAR_CALLBACK": "debug_toolbar.middleware.show_toolbar_with_docker"
    }

ROOT_URLCONF = "billing.urls"
WSGI_APPLICATION = "billing.wsgi.application"

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
        "NAME": os.environ.get("DATABASE_NAME", "invoices"),
        "USER": os.environ.get("DATABASE_USER", "invoices"),
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

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Do not log the eight lines that WeasyPrint writes for each PDF.
    "loggers": {"weasyprint.progress": {"level": "WARNING"}},
}

"""These environment variables configure the service:

DJANGO_SECRET_KEY     required, unless DJANGO_DEBUG is on
DJANGO_ALLOWED_HOSTS  host names, separated by commas
DJANGO_HTTPS          on (default): behind a proxy with TLS; off: plain HTTP
DJANGO_DEBUG          off (default) or on
DJANGO_STATIC_ROOT    the folder for static files; ./static-collected by default
SCAN_KEY              the key that scanners send; without it, all scans are rejected
DATABASE_HOST         localhost by default
DATABASE_PORT         5432 by default
DATABASE_NAME         tracking by default
DATABASE_USER         tracking by default
DATABASE_PASSWORD     empty by default
DATABASE_POOL_SIZE    the maximum number of connections per process; 10 by default
"""

import os

from django.core.exceptions import ImproperlyConfigured


def switch(name, default):
    value = os.environ.get(name, default).lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to on or off.")
    return value == "on"


DEBUG = switch("DJANGO_DEBUG", "off")
HTTPS = switch("DJANGO_HTTPS", "off" if DEBUG else "on")

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-debugging" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set DJANGO_SECRET_KEY to a long random string.")

ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
    if host.strip()
]

SCAN_KEY = os.environ.get("SCAN_KEY", "")

INSTALLED_APPS = ["django.contrib.staticfiles", "tracking"]

MIDDLEWARE = [
    # Keep this middleware first so that health checks work with any host name
    # and without HTTPS.
    "tracking.middleware.HealthCheckMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tracking.urls"
ASGI_APPLICATION = "tracking.asgi.application"

TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("DATABASE_HOST", "localhost"),
        "PORT": os.environ.get("DATABASE_PORT", "5432"),
        "NAME": os.environ.get("DATABASE_NAME", "tracking"),
        "USER": os.environ.get("DATABASE_USER", "tracking"),
        "PASSWORD": os.environ.get("DATABASE_PASSWORD", ""),
        # Use a connection pool. Under ASGI, each request may run in a new
        # thread, so connections that are kept per thread would leak.
        "CONN_MAX_AGE": 0,
        # Check a connection before reusing it, because the database may have
        # restarted.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": int(os.environ.get("DATABASE_POOL_SIZE", "10")),
                # Fail while the client is still waiting for a response.
                "timeout": 4,
            }
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = os.environ.get("DJANGO_STATIC_ROOT", "static-collected")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Add a hash to each file name so that browsers can cache the file forever.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

if HTTPS:
    # Keep this setting only if the proxy sets the header on every request.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
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
}

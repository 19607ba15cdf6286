"""These environment variables configure the service:

DJANGO_SECRET_KEY     required, unless DJANGO_DEBUG is on
DJANGO_ALLOWED_HOSTS  host names, separated by commas
DJANGO_HTTPS          on (default): behind a proxy with TLS; off: plain HTTP
DJANGO_DEBUG          off (default) or on
DATABASE_*            HOST, PORT, NAME, USER, PASSWORD of PostgreSQL
DATA_FOLDER           where pictures are stored if there is no bucket
AWS_STORAGE_BUCKET_NAME  the S3 bucket that stores pictures instead
REDIS_URL             the shared cache; without it, each process has its own
CELERY_BROKER_URL     where workers get tasks; without it, tasks run immediately
SENTRY_DSN            where errors are reported
MAIL_HOST             the SMTP server that sends emails; localhost by default
MAIL_BACKEND          the Django email backend; SMTP by default
"""

import os
from pathlib import Path

import sentry_sdk
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def switch(name, default):
    value = os.environ.get(name, default).lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to on or off.")
    return value == "on"


DEBUG = switch("DJANGO_DEBUG", "off")
HTTPS = switch("DJANGO_HTTPS", "off" if DEBUG else "on")
# Use django-debug-toolbar only while debugging.
TOOLBAR = DEBUG

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-debugging" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set DJANGO_SECRET_KEY to a long random string.")

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
    "corsheaders",
    "django_filters",
    "drf_spectacular",
    "import_export",
    "rest_framework",
    "orders",
]

MIDDLEWARE = [
    # Keep this middleware first so that health checks work with any host name
    # and without HTTPS.
    "shop.middleware.HealthCheckMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(1, "debug_toolbar.middleware.DebugToolbarMiddleware")
    INTERNAL_IPS = ["127.0.0.1"]

ROOT_URLCONF = "shop.urls"
ASGI_APPLICATION = "shop.asgi.application"

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
        "HOST": os.environ.get("DATABASE_HOST", "localhost"),
        "PORT": os.environ.get("DATABASE_PORT", "5432"),
        "NAME": os.environ.get("DATABASE_NAME", "shop"),
        "USER": os.environ.get("DATABASE_USER", "shop"),
        "PASSWORD": os.environ.get("DATABASE_PASSWORD", ""),
        # Do not keep connections open, because under ASGI each request may run
        # in a new thread and the connections would leak.
        "CONN_MAX_AGE": 0,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if "REDIS_URL" in os.environ:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["REDIS_URL"],
        }
    }

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL
CELERY_TASK_EAGER_PROPAGATES = True

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
MEDIA_URL = "media/"
MEDIA_ROOT = Path(os.environ.get("DATA_FOLDER", BASE_DIR / "data")) / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Add a hash to each file name so that browsers can cache the file forever.
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if "AWS_STORAGE_BUCKET_NAME" in os.environ:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": os.environ["AWS_STORAGE_BUCKET_NAME"]},
    }

REST_FRAMEWORK = {
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {"TITLE": "Shop", "VERSION": "1.0.0"}

# The shop's pages may be on a different host from its API.
CORS_ALLOWED_ORIGINS = os.environ.get("CORS_ALLOWED_ORIGINS", "").split()

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

MAIL_BACKEND = os.environ.get(
    "MAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend"
)
MAILERS: dict[str, dict] = {"default": {"BACKEND": MAIL_BACKEND}}
if "MAIL_HOST" in os.environ:
    MAILERS["default"]["OPTIONS"] = {"host": os.environ["MAIL_HOST"]}
DEFAULT_FROM_EMAIL = "shop@example.com"

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
}

if "SENTRY_DSN" in os.environ:
    sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])

# Load Celery with Django so that tasks find the application.
from .celery import app as celery

__all__ = ["celery"]

# Import the Celery application in every process, so that the web processes can
# also send tasks.
from .celery import app as celery

__all__ = ["celery"]

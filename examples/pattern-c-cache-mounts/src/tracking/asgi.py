import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracking.settings")
application = get_asgi_application()

# Under ASGI, when WhiteNoise sends a file, Django reads the whole file in a
# thread. This is acceptable for static files of a few kilobytes, so hide the
# warning.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")

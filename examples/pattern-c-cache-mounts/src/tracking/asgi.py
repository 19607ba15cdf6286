import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracking.settings")
application = get_asgi_application()

# Under ASGI, Django reads each file that WhiteNoise opens as a whole, in a
# thread. That is acceptable for static files of a few kilobytes.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")

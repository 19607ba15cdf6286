import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_asgi_application()

# WhiteNoise hands out open files, and Django reads each of them whole, in a
# thread. For static files of a few kilobytes that is well.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")

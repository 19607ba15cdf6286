from django.db import connection
from django.http import HttpResponse


class HealthCheckMiddleware:
    """Answers probes ahead of every other middleware, for any host and without HTTPS.

    /livez: the server answers. For a liveness probe.
    /healthz: the database answers too. For a readiness probe and HEALTHCHECK.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path not in {"/livez", "/healthz"}:
            return self.get_response(request)
        if request.path == "/healthz":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        return HttpResponse("ok", content_type="text/plain")

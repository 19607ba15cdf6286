from django.db import connection
from django.http import HttpResponse


class HealthCheckMiddleware:
    """Answers health checks for any host and without HTTPS.

    /livez succeeds if the server answers. Use it for a liveness probe.
    /healthz succeeds if the database also answers. Use it for a readiness
    probe and for HEALTHCHECK.
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

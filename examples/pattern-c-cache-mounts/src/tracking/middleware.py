from asgiref.sync import markcoroutinefunction, sync_to_async
from django.db import connection
from django.http import HttpResponse


class HealthCheckMiddleware:
    """Answers health checks for any host and without HTTPS.

    /livez succeeds if the server answers. Use it for a liveness probe.
    /healthz succeeds if the database also answers. Use it for a readiness
    probe and for HEALTHCHECK.
    """

    async_capable = True
    sync_capable = False

    def __init__(self, get_response):
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request):
        if request.path not in {"/livez", "/healthz"}:
            return await self.get_response(request)
        if request.path == "/healthz":
            await sync_to_async(self.ask_database)()
        return HttpResponse("ok", content_type="text/plain")

    @staticmethod
    def ask_database():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

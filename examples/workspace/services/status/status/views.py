from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .models import Incident, Service

PAST_INCIDENTS = 20


def overall(services):
    """Return the overall state, which is the worst state of any service."""
    states = {service.state for service in services}
    for state in (Service.State.DOWN, Service.State.DEGRADED):
        if state in states:
            return state
    return Service.State.OPERATIONAL


@require_safe
def page(request):
    services = list(Service.objects.all())
    incidents = Incident.objects.select_related("service")
    return render(
        request,
        "status/page.html",
        {
            "overall": overall(services),
            "services": services,
            "open_incidents": incidents.filter(resolved_at=None),
            "past_incidents": incidents.exclude(resolved_at=None)[:PAST_INCIDENTS],
        },
    )


@require_safe
def api(request):
    services = list(Service.objects.all())
    incidents = Incident.objects.filter(resolved_at=None).select_related("service")
    return JsonResponse(
        {
            "state": overall(services),
            "services": [{"name": s.name, "state": s.state} for s in services],
            "open_incidents": [
                {
                    "service": incident.service.name,
                    "title": incident.title,
                    "started_at": incident.started_at,
                }
                for incident in incidents
            ],
        }
    )

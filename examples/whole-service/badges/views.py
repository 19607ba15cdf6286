from django.db import transaction
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from .forms import BadgeForm
from .models import Badge
from .tasks import send


@require_http_methods(["GET", "HEAD", "POST"])
def order(request):
    form = BadgeForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            badge = form.save()
            send(badge)
        return redirect(badge)
    return render(request, "badges/order.html", {"form": form})


@require_safe
def page(request, key):
    badge = get_object_or_404(Badge, key=key)
    return render(request, "badges/page.html", {"badge": badge})


@require_safe
def data(request, key):
    badge = get_object_or_404(Badge, key=key)
    return JsonResponse(
        {
            "name": badge.name,
            "company": badge.company,
            "is_drawn": badge.drawn_at is not None,
        }
    )


@require_safe
def drawing(request, key):
    badge = get_object_or_404(Badge, key=key)
    if not badge.drawing:
        raise Http404("The badge has not been drawn yet.")
    return FileResponse(
        badge.drawing.open(), content_type="image/svg+xml", filename=f"{badge.key}.svg"
    )

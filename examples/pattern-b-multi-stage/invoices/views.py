from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from .models import Invoice
from .pdf import NoPDF, archived


def find(key):
    invoices = Invoice.objects.select_related("customer").prefetch_related("items")
    return get_object_or_404(invoices, key=key)


@require_safe
def page(request, key):
    return render(
        request, "invoices/invoice.html", {"invoice": find(key), "on_screen": True}
    )


@require_safe
def data(request, key):
    invoice = find(key)
    return JsonResponse(
        {
            "number": invoice.number,
            "customer": invoice.customer.name,
            "due_on": invoice.due_on,
            "net": invoice.net,
            "tax": invoice.tax,
            "total": invoice.total,
        }
    )


@require_safe
def pdf(request, key):
    invoice = find(key)
    html = render_to_string("invoices/invoice.html", {"invoice": invoice})
    try:
        file = archived(invoice, html)
    except NoPDF as error:
        return HttpResponse(f"{error}\n", status=501, content_type="text/plain")
    return FileResponse(
        file, content_type="application/pdf", filename=f"{invoice.number}.pdf"
    )

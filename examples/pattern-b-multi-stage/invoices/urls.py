from django.urls import path
from django.views.generic import RedirectView

from . import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:invoices_invoice_changelist")),
    path("invoices/<slug:key>", views.page, name="page"),
    path("invoices/<slug:key>.json", views.data, name="data"),
    path("invoices/<slug:key>.pdf", views.pdf, name="pdf"),
]

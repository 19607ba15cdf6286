from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("orders.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include("orders.urls")),
]

if settings.TOOLBAR:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))

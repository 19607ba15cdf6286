from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="page"),
    path("api/status", views.api, name="api"),
]

from django.urls import path

from . import views

urlpatterns = [
    path("", views.order, name="order"),
    path("badges/<slug:key>", views.page, name="badge"),
    path("badges/<slug:key>.json", views.data, name="data"),
    path("badges/<slug:key>.svg", views.drawing, name="drawing"),
]

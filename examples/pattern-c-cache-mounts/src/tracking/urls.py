from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="page"),
    path("api/parcels/<number>", views.parcel, name="parcel"),
    path("api/parcels/<number>/scans", views.scans, name="scans"),
]

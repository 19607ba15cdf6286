from django.urls import path

from . import views

urlpatterns = [
    path("", views.page, name="page"),
    path("api/today", views.api, name="api"),
    path("rooms/<str:name>.ics", views.calendar, name="calendar"),
]

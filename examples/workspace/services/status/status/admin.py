from django.contrib import admin

from .models import Incident, Service


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ["name", "state", "position"]
    list_editable = ["state", "position"]


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    list_display = ["title", "service", "started_at", "resolved_at"]
    list_filter = ["service"]
    date_hierarchy = "started_at"

from django.contrib import admin

from .models import Badge


@admin.register(Badge)
class BadgeAdmin(admin.ModelAdmin):
    list_display = ["name", "company", "ordered_at", "drawn_at"]
    search_fields = ["name", "company"]

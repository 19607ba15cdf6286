from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from .models import Line, Order, Product


@admin.register(Product)
class ProductAdmin(ImportExportModelAdmin):
    list_display = ["name", "sku", "price", "tax"]
    list_filter = ["tax"]
    search_fields = ["name", "sku"]


class LineInline(admin.TabularInline):
    model = Line
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["number", "email", "country", "placed_at"]
    date_hierarchy = "placed_at"
    inlines = [LineInline]

from django.contrib import admin

from .models import Customer, Invoice, Item


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    search_fields = ["name"]


class ItemInline(admin.TabularInline):
    model = Item
    extra = 1


@admin.register(Invoice)
class InvoiceAdmin(admin.ModelAdmin):
    list_display = ["number", "customer", "issued_on", "due_on"]
    list_filter = ["customer"]
    date_hierarchy = "issued_on"
    inlines = [ItemInline]

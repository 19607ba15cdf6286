import secrets
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone


def cents(amount):
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def new_key():
    return secrets.token_urlsafe(16)


class Customer(models.Model):
    name = models.CharField(max_length=120, unique=True)
    address = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Invoice(models.Model):
    """A bill for a period. Its link is secret, because numbers can be guessed."""

    number = models.CharField(max_length=20, unique=True)
    key = models.SlugField(max_length=40, unique=True, default=new_key, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="invoices"
    )
    issued_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField()
    period = DateRangeField(help_text="The first day, and the day after the last.")
    tax_rate = models.DecimalField(
        "tax rate in percent",
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        ordering = ["-issued_on", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("issued_on")),
                name="due_after_it_was_issued",
                violation_error_message="An invoice cannot be due before it is issued.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    period__startswith__isnull=False, period__endswith__isnull=False
                ),
                name="period_has_two_ends",
                violation_error_message="Set the first day and the day after the last.",
            ),
            # PostgreSQL enforces this constraint even if two people save at
            # the same time.
            ExclusionConstraint(
                name="no_period_twice",
                expressions=[
                    ("customer", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message="This customer has an invoice for these days.",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("page", args=[self.key])

    @property
    def last_day(self):
        return self.period.upper - timedelta(days=1)

    @property
    def net(self):
        return sum((item.amount for item in self.items.all()), Decimal("0.00"))

    @property
    def tax(self):
        return cents(self.net * self.tax_rate / 100)

    @property
    def total(self):
        return self.net + self.tax


class Item(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="items")
    description = models.CharField(max_length=120)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.description

    @property
    def amount(self):
        return cents(self.quantity * self.unit_price)

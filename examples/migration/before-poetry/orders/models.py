from decimal import Decimal

import acme_vat
import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from .pictures import thumbnail


def check_phone(value):
    try:
        valid = phonenumbers.is_valid_number(phonenumbers.parse(value))
    except phonenumbers.NumberParseException:
        valid = False
    if not valid:
        raise ValidationError("Give a phone number with its country, such as +49 30 …")


class Product(models.Model):
    """A product for sale. Its price does not include tax."""

    class Tax(models.TextChoices):
        STANDARD = "standard", "Standard"
        REDUCED = "reduced", "Reduced"

    sku = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    # Staff write this text in Markdown.
    description = models.TextField(blank=True)
    price = models.DecimalField(
        max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    tax = models.CharField(max_length=8, choices=Tax.choices, default=Tax.STANDARD)
    picture = models.ImageField(upload_to="pictures", blank=True)
    thumbnail = models.ImageField(upload_to="thumbnails", blank=True, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        # A newly uploaded picture is not in the storage yet.
        if self.picture and not self.picture._committed:
            small = thumbnail(self.picture)
            self.thumbnail.save(f"{self.sku}.webp", small, save=False)
        super().save(*args, **kwargs)


class Order(models.Model):
    """A customer's order. The customer knows it by its `number`."""

    COUNTRIES = {code: code for code in acme_vat.countries()}

    number = models.CharField(max_length=12, unique=True)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True, validators=[check_phone])
    country = models.CharField(max_length=2, choices=COUNTRIES)
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-placed_at"]

    def __str__(self):
        return self.number

    @property
    def total(self):
        """Return the total with the tax of the customer's country."""
        return sum((line.total for line in self.lines.all()), Decimal(0))


class Line(models.Model):
    """One product in an order, at its price when it was ordered."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    quantity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self):
        return f"{self.quantity} × {self.product}"

    @property
    def total(self):
        each = acme_vat.gross(self.price, self.order.country, self.product.tax)
        return each * self.quantity

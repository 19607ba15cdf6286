import secrets

from django.db import transaction
from rest_framework import serializers

from .models import Line, Order, Product
from .tasks import send_confirmation


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ["sku", "name", "description", "price", "tax", "thumbnail"]


class LineSerializer(serializers.ModelSerializer):
    product = serializers.SlugRelatedField("sku", queryset=Product.objects.all())

    class Meta:
        model = Line
        fields = ["product", "quantity"]


class OrderSerializer(serializers.ModelSerializer):
    lines = LineSerializer(many=True, allow_empty=False)
    total = serializers.DecimalField(max_digits=10, decimal_places=2, read_only=True)

    class Meta:
        model = Order
        fields = ["number", "email", "phone", "country", "lines", "total", "placed_at"]
        read_only_fields = ["number", "placed_at"]

    @transaction.atomic
    def create(self, validated):
        lines = validated.pop("lines")
        order = Order.objects.create(number=secrets.token_hex(4).upper(), **validated)
        for line in lines:
            order.lines.create(price=line["product"].price, **line)
        # Queue the task after the transaction commits. Otherwise, a worker
        # could run it before the order is in the database.
        transaction.on_commit(lambda: send_confirmation.delay(order.pk))
        return order

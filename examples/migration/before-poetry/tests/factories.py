from decimal import Decimal

import factory

from orders.models import Order, Product


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    sku = factory.Sequence(lambda number: f"thing-{number}")
    name = factory.Faker("word")
    price = Decimal("10.00")


class OrderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Order

    number = factory.Sequence(lambda number: f"N{number}")
    email = factory.Faker("email")
    country = "DE"

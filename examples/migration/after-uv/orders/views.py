import markdown
import nh3
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe
from rest_framework import mixins, viewsets

from .models import Order, Product
from .serializers import OrderSerializer, ProductSerializer


@require_safe
def page(request):
    products = [
        # Clean the text even though staff wrote it.
        (product, mark_safe(nh3.clean(markdown.markdown(product.description))))
        for product in Product.objects.all()
    ]
    return render(request, "orders/page.html", {"products": products})


class ProductViewSet(viewsets.ReadOnlyModelViewSet):
    """What is for sale."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    lookup_field = "sku"
    filterset_fields = {"tax": ["exact"], "price": ["lte", "gte"]}


class OrderViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Order something, and look at the order with its number."""

    queryset = Order.objects.prefetch_related("lines__product")
    serializer_class = OrderSerializer
    lookup_field = "number"

from celery import shared_task
from django.core.mail import send_mail

from .models import Order


@shared_task
def send_confirmation(order_id):
    """Send the customer a confirmation of the order."""
    order = Order.objects.prefetch_related("lines__product").get(pk=order_id)
    lines = "\n".join(str(line) for line in order.lines.all())
    send_mail(
        f"Your order {order.number}",
        f"{lines}\n\nTotal: {order.total} EUR\n",
        None,
        [order.email],
    )

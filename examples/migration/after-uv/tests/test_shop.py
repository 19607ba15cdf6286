import io
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image
from rest_framework.test import APIClient

from orders import report
from orders.models import Order
from orders.pictures import EDGE

from .factories import OrderFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    """Requests that came through the proxy over HTTPS."""
    return APIClient(HTTP_X_FORWARDED_PROTO="https")


def order(api, product, **changed):
    data = {
        "email": "ada@example.com",
        "country": "DE",
        "lines": [{"product": product.sku, "quantity": 2}],
        **changed,
    }
    return api.post("/api/orders/", data, format="json")


def test_products_are_listed_and_filtered(api):
    ProductFactory(sku="cheap", price=Decimal("1.00"))
    ProductFactory(sku="dear", price=Decimal("99.00"))
    found = api.get("/api/products/", {"price__lte": 10}).json()["results"]
    assert [each["sku"] for each in found] == ["cheap"]


@pytest.mark.parametrize(
    ("country", "tax", "total"),
    [
        ("DE", "standard", "23.80"),
        ("DE", "reduced", "21.40"),
        ("FR", "reduced", "21.10"),
    ],
)
def test_an_order_costs_the_tax_of_its_country(api, country, tax, total):
    answer = order(api, ProductFactory(tax=tax), country=country)
    assert answer.status_code == 201
    assert answer.json()["total"] == total


def test_an_order_can_be_looked_at_with_its_number(api):
    number = order(api, ProductFactory()).json()["number"]
    assert api.get(f"/api/orders/{number}/").json()["lines"][0]["quantity"] == 2


def test_a_price_that_changes_does_not_change_orders(api):
    product = ProductFactory()
    number = order(api, product).json()["number"]
    product.price = Decimal("99.00")
    product.save()
    assert Order.objects.get(number=number).total == Decimal("23.80")


def test_nobody_can_list_orders(api):
    assert api.get("/api/orders/").status_code == 405


@pytest.mark.parametrize(
    "changed", [{"country": "US"}, {"lines": []}, {"email": "no"}, {"phone": "12"}]
)
def test_a_wrong_order_is_refused(api, changed):
    assert order(api, ProductFactory(), **changed).status_code == 400


def test_the_customer_gets_a_mail(api, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order(api, ProductFactory(name="Mug"))
    [message] = mail.outbox
    assert message.to == ["ada@example.com"]
    assert "2 × Mug" in message.body
    assert "23.80" in message.body


def test_a_picture_gets_a_thumbnail():
    buffer = io.BytesIO()
    Image.new("RGB", (1000, 500)).save(buffer, "PNG")
    upload = SimpleUploadedFile("mug.png", buffer.getvalue())
    product = ProductFactory(picture=upload)
    assert (product.thumbnail.width, product.thumbnail.height) == (EDGE, EDGE // 2)


@time_machine.travel("2026-11-02")
def test_the_report_adds_up_by_month(tmp_path):
    product = ProductFactory(name="Mug")
    for quantity in (1, 2):
        OrderFactory().lines.create(
            product=product, quantity=quantity, price=product.price
        )
    assert report.sales().loc[("2026-11", "Mug"), "pieces"] == 3
    call_command("sales_report", str(tmp_path / "sales.xlsx"), stdout=io.StringIO())
    assert (tmp_path / "sales.xlsx").stat().st_size > 1000


def test_the_page_shows_descriptions_without_scripts(client):
    ProductFactory(description="**Good**<script>alert(1)</script>")
    html = client.get("/", secure=True).content
    assert b"<strong>Good</strong>" in html
    assert b"<script>" not in html


def test_a_phone_number_needs_its_country():
    with pytest.raises(ValidationError, match="with its country"):
        OrderFactory.build(phone="030 123").full_clean(exclude=["country", "number"])


def test_the_schema_names_the_api(api):
    assert b"/api/orders/{number}/" in api.get("/api/schema/").content


@pytest.mark.parametrize(("path", "queries"), [("/livez", 0), ("/healthz", 1)])
def test_probes_need_no_host_name_and_no_https(
    client, django_assert_num_queries, path, queries
):
    with django_assert_num_queries(queries):
        answer = client.get(path, headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_admin_asks_for_a_login(client):
    assert client.get("/admin/", secure=True).status_code == 302


def test_migrations_match_the_models():
    call_command("makemigrations", "--check", "--dry-run")

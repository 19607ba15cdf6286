import sys
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from pypdf import PdfReader

from invoices.models import Customer, Invoice, Item

pytestmark = pytest.mark.django_db

OCTOBER = DateRange(date(2026, 10, 1), date(2026, 11, 1))
LATE_OCTOBER = DateRange(date(2026, 10, 31), date(2026, 12, 1))
NOVEMBER = DateRange(date(2026, 11, 1), date(2026, 12, 1))


@pytest.fixture(autouse=True)
def empty_archive():
    for name in default_storage.listdir("")[1]:
        default_storage.delete(name)


@pytest.fixture
def ada():
    return Customer.objects.create(name="Ada")


@pytest.fixture
def draft(ada):
    """Makes an invoice that is not saved."""

    def make(number, customer=ada, period=OCTOBER, due_on=date(2026, 11, 30)):
        return Invoice(
            number=number,
            customer=customer,
            period=period,
            issued_on=date(2026, 11, 2),
            due_on=due_on,
            tax_rate=Decimal(20),
        )

    return make


@pytest.fixture
def invoice(draft):
    invoice = draft("2026-0007")
    invoice.save()
    Item.objects.create(invoice=invoice, description="Hosting", unit_price=49)
    Item.objects.create(
        invoice=invoice, description="Support", quantity="2.5", unit_price=80
    )
    return invoice


def get(client, path, **extra):
    """A request that came through the proxy over HTTPS."""
    return client.get(path, secure=True, **extra)


def read(response):
    return b"".join(response.streaming_content)


def test_totals_are_exact(invoice):
    assert (invoice.net, invoice.tax, invoice.total) == (
        Decimal("249.00"),
        Decimal("49.80"),
        Decimal("298.80"),
    )


def test_half_a_cent_is_rounded_up(invoice):
    item = Item(invoice=invoice, quantity=Decimal("0.5"), unit_price=Decimal("0.25"))
    assert item.amount == Decimal("0.13")


def test_an_invoice_without_items_costs_nothing(draft):
    invoice = draft("2026-0008")
    invoice.save()
    assert str(invoice.total) == "0.00"


def test_the_database_refuses_a_period_that_overlaps(invoice, draft):
    with pytest.raises(IntegrityError, match="no_period_twice"):
        draft("2026-0008", period=LATE_OCTOBER).save()


def test_the_admin_says_why_it_refuses_a_period(invoice, draft):
    with pytest.raises(ValidationError, match="has an invoice for these days"):
        draft("2026-0008", period=LATE_OCTOBER).full_clean()


def test_the_next_month_and_another_customer_are_fine(invoice, draft):
    draft("2026-0008", period=NOVEMBER).save()
    draft("2026-0009", customer=Customer.objects.create(name="Grace")).save()


@pytest.mark.parametrize("first, after", [(date(2026, 10, 1), None), (None, None)])
def test_the_database_refuses_a_period_without_end(draft, first, after):
    with pytest.raises(IntegrityError, match="period_has_two_ends"):
        draft("2026-0008", period=DateRange(first, after)).save()


def test_the_database_refuses_a_date_due_before_issue(draft):
    with pytest.raises(IntegrityError, match="due_after_it_was_issued"):
        draft("2026-0008", due_on=date(2026, 11, 1)).save()


def test_page_shows_the_total_and_escapes_what_people_type(client, invoice):
    Item.objects.create(invoice=invoice, description="<script>", unit_price=0)
    html = get(client, invoice.get_absolute_url()).content.decode()
    assert "1 October 2026 to 31 October 2026" in html
    assert "298.80" in html
    assert "<script>" not in html


def test_only_the_secret_key_opens_an_invoice(client, invoice):
    assert len(invoice.key) >= 22
    assert get(client, "/invoices/2026-0007").status_code == 404
    assert get(client, f"/invoices/{invoice.key}").status_code == 200


def test_data_has_decimals_as_text(client, invoice):
    answer = get(client, f"/invoices/{invoice.key}.json").json()
    assert (answer["number"], answer["total"]) == ("2026-0007", "298.80")


def test_pdf_has_one_page_with_the_total(client, invoice):
    answer = get(client, f"/invoices/{invoice.key}.pdf")
    content = read(answer)
    assert answer["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF-")
    (page,) = PdfReader(BytesIO(content)).pages
    assert "298.80" in page.extract_text()


def test_pdf_is_drawn_once_for_each_state_of_the_invoice(client, invoice):
    path = f"/invoices/{invoice.key}.pdf"
    first = read(get(client, path))
    assert read(get(client, path)) == first
    assert len(default_storage.listdir("")[1]) == 1

    Item.objects.create(invoice=invoice, description="More", unit_price=1)
    assert read(get(client, path)) != first
    assert len(default_storage.listdir("")[1]) == 2


def test_pdf_without_the_extra_says_what_is_missing(client, invoice, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = get(client, f"/invoices/{invoice.key}.pdf")
    assert (answer.status_code, answer.content) == (
        501,
        b"PDFs need the extra pdf: uv sync --extra pdf\n",
    )


@pytest.mark.parametrize(("path", "queries"), [("/livez", 0), ("/healthz", 1)])
def test_probes_need_no_host_name_and_no_https(
    client, django_assert_num_queries, path, queries
):
    with django_assert_num_queries(queries):
        answer = client.get(path, headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_plain_http_is_sent_to_https(client):
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/")


def test_admin_asks_for_a_login(client):
    assert get(client, "/admin/").status_code == 302


def test_migrations_match_the_models():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run")

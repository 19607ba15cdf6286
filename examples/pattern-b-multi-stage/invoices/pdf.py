import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class NoPDF(Exception):
    """The extra that draws PDFs is not installed."""


def draw(html):
    # Here, not at the top: the service also runs without this extra, and the
    # libraries behind it are loaded by the first PDF, not by every command.
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ModuleNotFoundError as error:
        raise NoPDF("PDFs need the extra pdf: uv sync --extra pdf") from error

    # No text that a customer sent may make this server fetch an address.
    nothing = URLFetcher(allowed_protocols=[])
    return HTML(string=html, url_fetcher=nothing).write_pdf()


def archived(invoice, html):
    """The PDF of this page, drawn once and then kept.

    The hash in the name makes a changed invoice a new file beside the old one:
    what a customer was sent stays in the archive.
    """
    digest = hashlib.sha256(html.encode()).hexdigest()[:16]
    name = f"{invoice.number}-{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw(html)))
    return default_storage.open(name)

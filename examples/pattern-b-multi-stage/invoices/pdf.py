import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class NoPDF(Exception):
    """The extra that creates PDFs is not installed."""


def draw(html):
    # Import WeasyPrint here instead of at the top, because the service also
    # runs without this extra. The libraries are then loaded only for the first
    # PDF, so other commands start without them.
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ModuleNotFoundError as error:
        raise NoPDF("PDFs need the extra pdf: uv sync --extra pdf") from error

    # Do not fetch URLs, because customers could have put them in the text.
    nothing = URLFetcher(allowed_protocols=[])
    return HTML(string=html, url_fetcher=nothing).write_pdf()


def archived(invoice, html):
    """The PDF of this page, which is created once and then kept.

    The name contains a hash, so a changed invoice becomes a new file, and the
    PDF that was sent to the customer stays in the archive.
    """
    digest = hashlib.sha256(html.encode()).hexdigest()[:16]
    name = f"{invoice.number}-{digest}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(draw(html)))
    return default_storage.open(name)

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class NoPDF(Exception):
    """The extra that draws PDFs is not installed."""


def draw(html):
    # Import here and not at the top, because the service also runs without this
    # extra. The first PDF loads the libraries, and other commands do not.
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except ModuleNotFoundError as error:
        raise NoPDF("PDFs need the extra pdf: uv sync --extra pdf") from error

    # Do not fetch URLs, because customers could have put them into the text.
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

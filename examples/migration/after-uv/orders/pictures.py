"""Thumbnails for lists of products."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

EDGE = 320


def thumbnail(picture) -> ContentFile:
    """Return the picture as an upright WebP with no edge longer than EDGE."""
    with Image.open(picture) as opened:
        small = ImageOps.exif_transpose(opened)
        small.thumbnail((EDGE, EDGE))
        buffer = io.BytesIO()
        small.convert("RGB").save(buffer, "WEBP")
    picture.seek(0)
    return ContentFile(buffer.getvalue())

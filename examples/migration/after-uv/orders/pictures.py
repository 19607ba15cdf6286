"""Pictures, made small for lists."""

import io

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

EDGE = 320


def thumbnail(picture) -> ContentFile:
    """The picture as WebP, turned as its camera was held, with no edge above EDGE."""
    with Image.open(picture) as opened:
        small = ImageOps.exif_transpose(opened)
        small.thumbnail((EDGE, EDGE))
        buffer = io.BytesIO()
        small.convert("RGB").save(buffer, "WEBP")
    picture.seek(0)
    return ContentFile(buffer.getvalue())

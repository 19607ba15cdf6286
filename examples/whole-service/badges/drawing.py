import segno
from django.template.loader import render_to_string


def draw_badge(badge):
    """The badge as an SVG file with a QR code, which contains the name."""
    text = "\n".join(filter(None, (badge.name, badge.company)))
    code = segno.make_qr(text).svg_inline(scale=5, border=0)
    return render_to_string("badges/badge.svg", {"badge": badge, "code": code})

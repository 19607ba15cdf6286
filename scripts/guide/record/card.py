"""The pictures that stand for the site elsewhere: the card of a link, and icons.

Drawn by Chromium from card.html and the logo, with few colours, so that they are small.
"""

import io
from pathlib import Path

from PIL import Image

from guide import ROOT
from guide.machine import browser, files

ASSETS = ROOT / "docs" / "assets"
SOURCE = Path(__file__).with_name("card.html")
LOGO = ASSETS / "logo.svg"

CARD = (1200, 630)
# By file: how wide, how much of that is space around the logo, and on which colour.
ICONS = {"touch-icon.png": (180, 26, "#ffffff"), "favicon.png": (32, 1, "transparent")}


def draw() -> list[Path]:
    """Draw the card and the icons; returns their files."""
    with browser.running_browser() as chromium:
        pictures = {"card.png": _shot(chromium, CARD, lambda page: page.goto(SOURCE.as_uri()))}
        for name, (width, space, colour) in ICONS.items():
            body = f"<body style='margin:{space}px;background:{colour}'>{LOGO.read_text()}"
            pictures[name] = _shot(
                chromium, (width, width), lambda page, body=body: page.set_content(body)
            )
    for name, picture in pictures.items():
        files.write(ASSETS / name, _with_few_colours(picture))
    return [ASSETS / name for name in pictures]


def _shot(chromium, size: tuple[int, int], fill) -> bytes:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    fill(page)
    page.evaluate("document.fonts.ready")
    return page.screenshot(omit_background=True)


def _with_few_colours(picture: bytes) -> bytes:
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    method = Image.Quantize.FASTOCTREE
    few = image.quantize(64, method=method, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()

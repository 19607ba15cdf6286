"""Draw the link preview image and the icons of the site.

Chromium renders them from card.html and the logo. Few colours keep the files small.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from guide import ROOT
from guide.machine import browser, files

ASSETS = ROOT / "docs" / "assets"
SOURCE = Path(__file__).with_name("card.html")
LOGO = ASSETS / "logo.svg"

CARD = (1200, 630)
# Maps each file to its width, the margin around the logo, and the background colour.
ICONS = {"touch-icon.png": (180, 26, "#ffffff"), "favicon.png": (32, 1, "transparent")}


def draw() -> list[Path]:
    """Draw the preview image and the icons, and return their files."""
    with browser.running_browser() as chromium:
        pictures = {"card.png": _screenshot(chromium, CARD, SOURCE)}
        for name, (width, margin, colour) in ICONS.items():
            body = f"<body style='margin:{margin}px;background:{colour}'>{LOGO.read_text()}"
            pictures[name] = _screenshot(chromium, (width, width), body)
    for name, picture in pictures.items():
        files.write(ASSETS / name, _with_few_colours(picture))
    return [ASSETS / name for name in pictures]


def _screenshot(chromium: Browser, size: tuple[int, int], source: Path | str) -> bytes:
    """Return a screenshot of a file or of HTML. Only a file can have relative URLs."""
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    if isinstance(source, Path):
        page.goto(source.as_uri())
    else:
        page.set_content(source)
    page.evaluate("document.fonts.ready")
    return page.screenshot(omit_background=True)


def _with_few_colours(picture: bytes) -> bytes:
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    method = Image.Quantize.FASTOCTREE
    few = image.quantize(64, method=method, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()

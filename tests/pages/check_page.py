"""The parts of the page that checks a Dockerfile."""

ADDRESS = "/check/"
BAD = (
    "FROM python:3.14-slim-trixie\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-dev\n"
    'CMD ["gunicorn", "shop.wsgi"]\n'
)
FIELD = "check-dockerfile textarea"


def status(page):
    return page.locator("check-dockerfile [role=status]")


def findings(page, rule):
    return page.locator(f".finding[id^=finding-{rule}-]")


def opened(page, rule):
    """Unfold the findings of a rule."""
    found = findings(page, rule)
    found.locator("> summary").click()
    return found


def paste(page, text):
    """Replace the text in the field as a paste does."""
    page.locator(FIELD).fill(text)

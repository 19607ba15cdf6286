"""What is special to each example: what its tests cannot read out of its files."""

from dataclasses import dataclass, field

from guide.catalogue import Example
from guide.edits import EDITS, Edit


@dataclass(frozen=True)
class Particulars:
    """`shows` is text on `page` after the README's commands; `static` a page with a stylesheet.

    `code` are the folders in the image that hold code, of others and of its own, and what belongs
    to it. `volume` is where it may write.
    `environ` is what it needs to start, besides a secret key. `tests` is the command of its own
    tests in its README, where that is one of Compose.
    """

    server: str
    page: str
    shows: list[str]
    static: str
    code: list[str]
    manage: list[str]
    volume: str | None = None
    extras: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    tests: str | None = None


STATUS_PAGE = Particulars(
    server="gunicorn",
    page="/",
    shows=["Website Operational", "API Degraded", "Mail Operational"],
    static="/",
    code=["/app"],
    manage=["python", "manage.py"],
    volume="/data",
)

PARTICULARS = {
    "pattern-a-single-stage": STATUS_PAGE,
    "lock-stage": STATUS_PAGE,
    "pattern-b-multi-stage": Particulars(
        server="gunicorn",
        page="/invoices/demo",
        shows=["2026-0001"],
        static="/admin/login/",
        code=["/app", "/opt/venv"],
        manage=["python", "manage.py"],
        volume="/data",
        extras=["pdf", "s3"],
        environ={"DATABASE_HOST": "nowhere", "DATABASE_PASSWORD": "none"},
        tests="docker compose run --rm web pytest",
    ),
    "pattern-c-cache-mounts": Particulars(
        server="uvicorn",
        page="/?number=RR123456785GB",
        shows=["RR 123 456 785 GB"],
        static="/",
        code=["/opt/venv", "/opt/static"],
        manage=["tracking"],
        tests="docker compose run --rm --build test",
    ),
    "dependency-groups": Particulars(
        server="gunicorn",
        page="/",
        shows=["Ash 4 seats Free all day", "14:00 to 15:00 Quarterly plan"],
        static="/",
        code=["/app"],
        manage=["python", "manage.py"],
        volume="/data",
    ),
}


def tested_edits(example: Example) -> list[Edit]:
    """The edits that the tests build; the recordings have all of them.

    Another uv compiles Pattern B's psycopg again, for most of a minute. A second Dockerfile is
    asked only about what it is for.
    """
    if example.dockerfile != "Dockerfile":
        return [each for each in EDITS if each.name in {"view", "ruff", "version", "dependency"}]
    if example.name == "pattern-b-multi-stage":
        return [each for each in EDITS if each.name != "uv"]
    return EDITS

"""The facts about each example that its tests cannot read from its files."""

from dataclasses import dataclass, field, replace

from guide.content.edits import EDITS, Edit, edit
from guide.content.examples import Example


@dataclass(frozen=True)
class Particulars:
    """`shows` is text on `page` after the README's commands; `static` a page with a stylesheet.

    `code` are the folders in the image that hold code, of others and of its own, and what belongs
    to it. `volume` is where it may write.
    `environ` is what it needs to start, besides a secret key. `tests` is the command of its own
    tests: one of Compose in its README, or one to type in its image. `compiled` is what is compiled
    to bytecode, where that is not all of `code`, `release` the service that makes the tables.
    `production` are settings that differ there from compose.yaml. `system` is where other code is
    that the service cannot change.
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
    tests: str = "uv run --quiet --locked pytest --quiet -p no:cacheprovider"
    compiled: list[str] | None = None
    release: str = "migrate"
    production: dict[str, str] = field(default_factory=dict)
    system: list[str] = field(default_factory=lambda: ["/usr/local"])


STATUS_PAGE = Particulars(
    server="gunicorn",
    page="/",
    shows=["Website Operational", "API Degraded", "Mail Operational"],
    static="/",
    code=["/app"],
    manage=["python", "manage.py"],
    volume="/data",
)

SHOP = Particulars(
    server="gunicorn",
    page="/",
    shows=["Mug 8.40 EUR Holds 0.3 l of coffee.", "Atlas 35.00 EUR"],
    static="/",
    code=["/app"],
    compiled=["/app/.venv"],
    manage=["python", "manage.py"],
    volume="/data",
    extras=["reports"],
    release="release",
    production={"MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    tests="uv run --quiet --locked --all-extras pytest --quiet -p no:cacheprovider",
)

PARTICULARS = {
    # Everything is in the system's Python, with the tools for the tests. Poetry installs in
    # parallel, and now and then leaves a file there that everybody can write.
    "migration/before-poetry": replace(
        SHOP, tests="python -m pytest --quiet -p no:cacheprovider", system=[]
    ),
    "migration/after-uv": SHOP,
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

    In B and C each full install takes a while, and another uv, a linter setting or a new version
    rebuild what a dependency rebuilds. A second Dockerfile is asked only about what it is for. The
    shop and the room bookings are built as Pattern A is, and so is the lock stage but for what it
    is for.
    """
    if example.project == "migration/after-uv":
        return [edit("view")]
    if example.name == "dependency-groups":
        return [edit("view"), edit("dependency")]
    if example.dockerfile != "Dockerfile" or example.name == "lock-stage":
        return [each for each in EDITS if each.name in {"view", "ruff", "version", "dependency"}]
    if example.name in {"pattern-b-multi-stage", "pattern-c-cache-mounts"}:
        return [each for each in EDITS if each.name not in {"uv", "ruff", "version"}]
    return EDITS

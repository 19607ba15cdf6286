"""The facts about each example that its tests cannot read from its files."""

from dataclasses import dataclass, field, replace

from guide.content.edits import EDITS, Edit, edit, edits_of
from guide.content.examples import Example


@dataclass(frozen=True)
class Particulars:
    """The facts about one example that its tests cannot read from its files."""

    # The package of the web server.
    server: str
    # A page, and the texts that it shows after the README's commands.
    page: str
    shows: list[str]
    # A page with a stylesheet.
    static: str
    # The folders in the image that contain the project's code and its packages.
    code: list[str]
    # The command that runs Django's management commands.
    manage: list[str]
    # The number of the example's own tests.
    own_tests: int
    # The package of gunicorn's workers, if they are not gunicorn's own.
    workers: str | None = None
    # The only folder to which the service can write.
    volume: str | None = None
    # The extras that the image installs.
    extras: list[str] = field(default_factory=list)
    # The variables that the service needs to start, except the secret key.
    environ: dict[str, str] = field(default_factory=dict)
    # The command of the example's own tests: a Compose command from its README, or a command to
    # run in its image.
    tests: str = "uv run --quiet --locked pytest --quiet -p no:cacheprovider"
    # The Compose file with which that command builds the image that contains the tests.
    development: str | None = None
    # Production settings that differ from compose.yaml.
    production: dict[str, str] = field(default_factory=dict)
    # Other folders with code that the service must not be able to change.
    system: list[str] = field(default_factory=lambda: ["/usr/local"])


STATUS_PAGE = Particulars(
    server="gunicorn",
    page="/",
    shows=["Website Operational", "API Degraded", "Mail Operational"],
    static="/",
    code=["/app"],
    manage=["python", "manage.py"],
    own_tests=12,
    volume="/data",
)

SHOP = Particulars(
    server="gunicorn",
    page="/",
    shows=["Mug 8.40 EUR Holds 0.3 l of coffee.", "Atlas 35.00 EUR"],
    static="/",
    code=["/app"],
    manage=["python", "manage.py"],
    own_tests=15,
    workers="uvicorn",
    volume="/data",
    extras=["reports"],
    production={"MAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"},
    tests="uv run --quiet --locked --all-extras pytest --quiet -p no:cacheprovider",
)

PARTICULARS = {
    # All packages and the test tools are in the system's Python. Poetry installs in parallel, and
    # occasionally leaves a world-writable file there.
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
        own_tests=18,
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
        own_tests=16,
        tests="docker compose run --rm --build test",
    ),
    "dependency-groups": Particulars(
        server="gunicorn",
        page="/",
        shows=["Ash 4 seats Free all day", "14:00 to 15:00 Quarterly plan"],
        static="/",
        code=["/app"],
        manage=["python", "manage.py"],
        own_tests=21,
        volume="/data",
    ),
    "workspace": replace(STATUS_PAGE, own_tests=33),
    "whole-service": Particulars(
        server="gunicorn",
        page="/badges/demo",
        shows=["Ada Lovelace", "Order another badge"],
        static="/",
        code=["/app", "/opt/venv"],
        manage=["python", "manage.py"],
        own_tests=23,
        volume="/data",
        extras=["s3"],
        environ={
            "BROKER_URL": "redis://nowhere",
            "DATABASE_HOST": "nowhere",
            "DATABASE_PASSWORD": "none",
        },
        tests="docker compose run --rm --build web pytest",
        development="compose.dev.yaml",
    ),
}


def tested_edits(example: Example) -> list[Edit]:
    """Return the edits that the tests build. The recordings contain all edits.

    Patterns B and C omit slow edits that rebuild the same steps as a new dependency. Second
    Dockerfiles and the lock stage are built only after the edits that they are meant for. The shop,
    the room bookings, the whole service and patched examples have the structure of another example,
    so a few edits are enough. The services of a workspace are built after the edits that concern
    the other members.
    """
    if example.member:
        names = {"view", "other-dependency", "shared"}
        return [each for each in edits_of(example) if each.name in names]
    if example.project == "migration/after-uv":
        return [edit("view")]
    if example.name in {"dependency-groups", "whole-service"} or example.patch:
        return [edit("view"), edit("dependency")]
    if example.dockerfile != "Dockerfile" or example.name == "lock-stage":
        return [each for each in EDITS if each.name in {"view", "ruff", "version", "dependency"}]
    if example.name in {"pattern-b-multi-stage", "pattern-c-cache-mounts"}:
        return [each for each in EDITS if each.name not in {"uv", "ruff", "version"}]
    return EDITS

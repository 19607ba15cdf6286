"""Search queries, and the page that should be among the first results."""

QUERIES = {
    # The move from Poetry.
    "uv poetry install equivalent": "/migrate/",
    "poetry run equivalent": "/migrate/",
    "poetry export": "/migrate/",
    "package-mode false": "/migrate/",
    "keep poetry.lock and uv.lock": "/migrate/",
    "celery": "/migrate-files/",
    "uv vs poetry speed": "/benchmarks/",
    # Lockfiles.
    "uv sync frozen vs locked": "/locked-and-frozen/",
    "--locked": "/locked-and-frozen/",
    "stale lockfile uv.lock": "/locked-and-frozen/",
    "The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.": (
        "/locked-and-frozen/"
    ),
    "ModuleNotFoundError: No module named": "/locked-and-frozen/",
    "exclude-newer": "/locked-and-frozen/",
    "workspace members dockerfile": "/locked-and-frozen/",
    # Groups.
    "dev dependencies production image": "/dependency-groups/",
    "default-groups": "/dependency-groups/",
    "only-group": "/dependency-groups/",
    "uv sync --no-dev": "/dependency-groups/",
    "UV_NO_DEV": "/dependency-groups/",
    "uv run installs dev dependencies": "/dependency-groups/",
    # Secrets.
    "docker secret private git token": "/private-packages/",
    "private index password": "/private-packages/",
    "fatal: Authentication failed for": "/patterns/pattern-c/",
    # CI.
    "gitlab ci cache uv": "/ci/",
    "CI_JOB_TOKEN": "/ci/",
    "github actions cache mount": "/ci/",
    "renovate": "/ci/",
    "dependabot": "/ci/",
    # Layers, size and speed.
    "docker cache invalidated": "/docker-layer-caching/",
    "version bump rebuild": "/patterns/lock-stage/",
    "linter setting reinstalls every package": "/patterns/lock-stage/",
    "warning: Failed to hardlink files; falling back to full copy.": "/image-size-and-startup/",
    "compile bytecode": "/image-size-and-startup/",
    "uv image size": "/image-size-and-startup/",
    "chown doubles image size": "/image-size-and-startup/",
    "permission denied cache non-root": "/image-size-and-startup/",
    # Building.
    "psycopg2 slim build": "/choose/",
    "pg_config not found": "/choose/",
    "multi-stage": "/patterns/pattern-b/",
    "docker compose watch": "/patterns/pattern-b/",
    "failed to find libmagic": "/choose/",
    "Can't find msgfmt": "/choose/",
    'exec: "gunicorn": executable file not found in $PATH': "/patterns/pattern-a/",
    "which pattern is mine": "/patterns/compare/",
    # Running.
    "healthcheck curl": "/django-in-a-container/",
    "/bin/sh: 1: curl: not found": "/django-in-a-container/",
    "SIGTERM": "/django-in-a-container/",
    "read-only file system": "/django-in-a-container/",
    "collectstatic secret key": "/django-in-a-container/",
    "KeyError: 'DJANGO_SECRET_KEY'": "/django-in-a-container/",
    # The environment.
    "UV_PROJECT_ENVIRONMENT": "/virtual-environment/",
    "editable install": "/virtual-environment/",
    "pip not found in venv": "/virtual-environment/",
    "VIRTUAL_ENV ignored": "/virtual-environment/",
    "UV_PYTHON_DOWNLOADS": "/virtual-environment/",
    "PYTHONUNBUFFERED": "/reference/variables-and-flags/",
    "common mistakes dockerfile uv": "/popular-recipes/",
    # Misspelled.
    "lokced": "/locked-and-frozen/",
    "collectsatic": "/django-in-a-container/",
}

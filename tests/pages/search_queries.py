"""Search queries, and the page that should be among the first results."""

QUERIES = {
    # The move from Poetry.
    "uv poetry install equivalent": "/migrate/",
    "poetry run equivalent": "/migrate/",
    "poetry export": "/migrate/",
    "package-mode false": "/migrate/",
    "keep poetry.lock and uv.lock": "/migrate/",
    "celery": "/migrate-files/",
    "uv vs poetry speed": "/numbers/",
    # Lockfiles.
    "uv sync frozen vs locked": "/lockfiles/",
    "--locked": "/lockfiles/",
    "stale lockfile uv.lock": "/lockfiles/",
    "The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.": "/lockfiles/",
    "ModuleNotFoundError: No module named": "/lockfiles/",
    "exclude-newer": "/lockfiles/",
    "workspace members dockerfile": "/lockfiles/",
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
    "docker cache invalidated": "/layer-caching/",
    "version bump rebuild": "/patterns/lock-stage/",
    "linter setting reinstalls every package": "/patterns/lock-stage/",
    "warning: Failed to hardlink files; falling back to full copy.": "/size-and-speed/",
    "compile bytecode": "/size-and-speed/",
    "uv image size": "/size-and-speed/",
    "chown doubles image size": "/size-and-speed/",
    "permission denied cache non-root": "/size-and-speed/",
    # Building.
    "psycopg2 slim build": "/patterns/pattern-b/",
    "pg_config not found": "/patterns/pattern-b/",
    "multi-stage": "/patterns/pattern-b/",
    "docker compose watch": "/patterns/pattern-b/",
    'exec: "gunicorn": executable file not found in $PATH': "/patterns/pattern-a/",
    "which pattern is mine": "/patterns/side-by-side/",
    # Running.
    "healthcheck curl": "/running/",
    "/bin/sh: 1: curl: not found": "/running/",
    "SIGTERM": "/running/",
    "read-only file system": "/running/",
    "collectstatic secret key": "/running/",
    "KeyError: 'DJANGO_SECRET_KEY'": "/running/",
    # The environment.
    "UV_PROJECT_ENVIRONMENT": "/environment/",
    "editable install": "/environment/",
    "pip not found in venv": "/environment/",
    "VIRTUAL_ENV ignored": "/environment/",
    "UV_PYTHON_DOWNLOADS": "/environment/",
    "PYTHONUNBUFFERED": "/reference/variables-and-flags/",
    "common mistakes dockerfile uv": "/popular-recipes/",
    # Misspelled.
    "lokced": "/lockfiles/",
    "collectsatic": "/running/",
}

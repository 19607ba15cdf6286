# case: optional
FROM python:3.14-slim-trixie
# finds: the build goes on without it
RUN --mount=type=secret,id=acme,env=UV_INDEX_ACME_PASSWORD uv sync --locked
# fine: required
RUN --mount=type=secret,id=acme,env=UV_INDEX_ACME_PASSWORD,required=true uv sync --locked

# case: the step looks
FROM python:3.14-slim-trixie
# fine: the step does without it
RUN --mount=type=secret,id=acme if [ -f /run/secrets/acme ]; then export UV_INDEX_ACME_PASSWORD="$(cat /run/secrets/acme)"; fi; uv sync --locked

# case: a secret for something else
FROM python:3.14-slim-trixie
# fine: another program can do without it
RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci

# case: .netrc
FROM python:3.14-slim-trixie
# finds: uv goes on without it
RUN --mount=type=secret,id=netrc,target=/root/.netrc uv sync --locked

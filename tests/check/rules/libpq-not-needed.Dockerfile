# case: a package with its own libpq
# files: psycopg-binary
FROM python:3.14-slim-trixie AS build
RUN apt-get update \
    # finds: in the build
    && apt-get install -y --no-install-recommends gcc libpq-dev \
    && rm -rf /var/lib/apt/lists/*
RUN uv sync --locked
FROM python:3.14-slim-trixie
# finds: at run time
RUN apt-get update && apt-get install -y libpq5 && rm -rf /var/lib/apt/lists/*
COPY --from=build /.venv /.venv

# case: a package that is compiled
# files: psycopg2
FROM python:3.14-slim-trixie
# fine: psycopg2 needs it
RUN apt-get update && apt-get install -y libpq-dev && rm -rf /var/lib/apt/lists/*
RUN uv sync --locked

# case: other packages
# files: psycopg-binary
FROM python:3.14-slim-trixie
# fine: psql and pg_dump
RUN apt-get update && apt-get install -y postgresql-client && rm -rf /var/lib/apt/lists/*
RUN uv sync --locked

# case: a slim image
# files: psycopg2
FROM python:3.14-slim-trixie
# finds: pg_config is missing
RUN uv sync --locked

# case: with libpq-dev
# files: psycopg2
FROM python:3.14-slim-trixie
RUN apt-get update && apt-get install -y gcc libpq-dev && rm -rf /var/lib/apt/lists/*
# fine: the step above installs it
RUN uv sync --locked

# case: a full image
# files: psycopg2
FROM python:3.14
# fine: this image has libpq-dev
RUN uv sync --locked

# case: without uv sync
# files: psycopg2
FROM python:3.14-slim-trixie
# fine: what the file lists is unknown
RUN uv pip install --system -r requirements.txt

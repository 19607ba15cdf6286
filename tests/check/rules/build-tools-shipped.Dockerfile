# case: a compiler in the only stage
FROM python:3.14-slim-trixie
RUN apt-get update \
# finds: the compiler is in the image
    && apt-get install --yes --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*

# case: headers from Alpine
FROM python:3.14-alpine3.23
# finds: the headers are in the image
RUN apk add --no-cache libpq libpq-dev musl-dev

# case: an image with compilers
# finds: this image is not slim
FROM python:3.14-trixie
RUN uv sync --locked

# case: a stage of its own
FROM python:3.14-slim-trixie AS build
# fine: the image below does not start from this stage
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libpq-dev
FROM python:3.14-slim-trixie
# fine: a library
RUN apt-get update && apt-get install --yes --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app/.venv /app/.venv

# case: removed in the same step
FROM python:3.14-alpine3.23
# fine: the layer does not have the compiler
RUN apk add --virtual .build gcc && pip install --no-cache-dir psycopg && apk del .build

# case: a purge without names
FROM python:3.14-slim-trixie
RUN apt-get update \
# finds: the purge does not remove what the step names
    && apt-get install --yes --no-install-recommends libpq-dev \
    && apt-get purge --yes --auto-remove -o APT::AutoRemove::RecommendsImportant=false \
    && rm -rf /var/lib/apt/lists/*

# case: a purge with names
FROM python:3.14-slim-trixie
# fine: the purge removes the compiler
RUN apt-get update && apt-get install --yes gcc && apt-get purge --yes gcc

# case: one of two groups is removed
FROM python:3.14-alpine3.23
# finds: the headers are not in the removed group
RUN apk add --no-cache jpeg-dev \
    && apk add --no-cache --virtual .build gcc musl-dev \
    && apk del .build

# case: an image of uv with compilers
# finds: this image is not slim
FROM ghcr.io/astral-sh/uv:0.13.9-python3.14-trixie
RUN uv sync --locked

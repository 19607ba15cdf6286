# This Dockerfile uses the stages of Pattern B, but the same base image as the
# other Dockerfiles in the comparison. One stage contains a compiler and uv.
# The last stage copies the finished virtual environment from that stage.
FROM python:3.14-slim-trixie AS base

RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

ENV PATH="/opt/venv/bin:$PATH" PYTHONUNBUFFERED=1

WORKDIR /app

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

FROM base AS build

# This service does not need a compiler, because all of its packages have
# wheels. The stage contains one because a service that uses Pattern B has
# packages to compile.
# hadolint ignore=DL3008
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
        --no-install-recommends gcc libc6-dev libpq-dev \
    && rm -rf /var/lib/apt/lists/*

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

ENV UV_PROJECT_ENVIRONMENT=/opt/venv
ENV UV_PYTHON_DOWNLOADS=never
ENV UV_COMPILE_BYTECODE=1
ENV UV_LINK_MODE=copy

COPY pyproject.toml uv.lock ./

RUN --mount=type=cache,id=uv-shop,target=/root/.cache/uv \
    --mount=type=secret,id=package_password,env=UV_INDEX_ACME_PASSWORD \
    UV_INDEX_ACME_USERNAME=gitlab-ci-token \
    uv sync --locked --no-default-groups --extra reports

FROM base AS prod

COPY --from=build /opt/venv /opt/venv

COPY manage.py ./
COPY shop shop
COPY orders/__init__.py orders/
COPY orders/static orders/static

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

COPY . .

RUN --network=none python -m compileall -q orders shop

ENV DATA_FOLDER=/data

USER 10001

CMD ["gunicorn", "shop.asgi"]

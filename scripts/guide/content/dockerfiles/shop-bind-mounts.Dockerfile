# This Dockerfile builds the shop with the stages of Pattern C. They use cache
# mounts, and bind-mount pyproject.toml and uv.lock instead of copying them.
# The last stage does not contain uv. The shop is not a package, so its code is
# copied instead of installed.
FROM python:3.14-slim-trixie AS base

ENV UV_COMPILE_BYTECODE=1
ENV UV_LINK_MODE=copy
ENV UV_PYTHON_DOWNLOADS=never
ENV UV_PROJECT_ENVIRONMENT=/opt/venv
ENV PATH="/opt/venv/bin:$PATH"

WORKDIR /app

FROM base AS packages

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=package_password,env=UV_INDEX_ACME_PASSWORD \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    UV_INDEX_ACME_USERNAME=gitlab-ci-token \
    uv sync --locked --no-default-groups --extra reports

FROM base AS prod

RUN useradd --uid 10001 --shell /bin/false app \
    && install --directory --owner app --group app /data

COPY --from=packages /opt/venv /opt/venv

COPY manage.py ./
COPY shop shop
COPY orders/__init__.py orders/
COPY orders/static orders/static

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

COPY . .

RUN --network=none python -m compileall -q orders shop

ENV PYTHONUNBUFFERED=1

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

# This Dockerfile builds the shop with the steps from uv's own Docker example:
# bind mounts, a cache mount, and a second sync after the code is copied. uv is
# copied from its own image and stays in the finished image.
FROM python:3.14-slim-trixie

RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

WORKDIR /app

ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_DEV=1 \
    UV_INDEX_ACME_USERNAME=gitlab-ci-token

RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=package_password,env=UV_INDEX_ACME_PASSWORD \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    uv sync --locked --extra reports --no-install-project

COPY . .

RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=package_password,env=UV_INDEX_ACME_PASSWORD \
    uv sync --locked --extra reports

ENV PATH="/app/.venv/bin:$PATH"

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

RUN python -m compileall -q orders shop

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

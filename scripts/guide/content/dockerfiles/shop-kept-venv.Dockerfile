# This Dockerfile builds the shop with a lock stage, and keeps the virtual
# environment in a cache mount between builds. uv changes only the packages
# that have changed in the exported list. A script then checks every file
# before the environment is copied into the image.
FROM python:3.14-slim-trixie AS base

COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv

ENV UV_PYTHON_DOWNLOADS=never

WORKDIR /app

FROM base AS lock

RUN --network=none \
    --mount=type=cache,id=uv-export,target=/root/.cache/uv \
    --mount=type=bind,source=pyproject.toml,target=pyproject.toml \
    --mount=type=bind,source=uv.lock,target=uv.lock \
    uv export --offline --quiet --locked --no-default-groups --extra reports \
        --no-emit-project --no-annotate \
        --output-file /requirements.txt \
    || { echo >&2 'If uv reports that the network was disabled, uv.lock is' \
            'out of date. Run "uv lock" and commit the file.'; exit 1; }

FROM base AS prod

RUN useradd --uid 10001 --shell /bin/false app \
    && install --directory --owner app --group app /data

ENV UV_NO_CACHE=1
ENV PATH="/app/.venv/bin:$PATH"
ENV PYTHONUNBUFFERED=1

COPY --from=lock /requirements.txt ./

# This stage does not contain pyproject.toml, which names the private index.
# Set the index for this step instead.
RUN --mount=type=cache,id=shop-venv,target=/var/cache/venv,sharing=locked \
    --mount=type=bind,source=check_venv.py,target=check_venv.py \
    --mount=type=secret,id=package_password,env=UV_INDEX_ACME_PASSWORD \
    export UV_INDEX=acme=http://packages.example.com:8419/simple/ \
        UV_INDEX_ACME_USERNAME=gitlab-ci-token \
    && uv venv --quiet --relocatable --allow-existing /var/cache/venv/3.14 \
    && uv venv --quiet --relocatable .venv \
    && uv pip sync --python /var/cache/venv/3.14 --require-hashes requirements.txt \
    && python -I check_venv.py --compile /var/cache/venv/3.14 .venv requirements.txt \
    && cp --archive /var/cache/venv/3.14/. .venv

# List each file and folder of the code by name so that a change to
# pyproject.toml or uv.lock does not invalidate the steps below.
COPY manage.py ./
COPY shop shop
COPY orders/__init__.py orders/
COPY orders/static orders/static

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

COPY gunicorn.conf.py healthcheck.py ./
COPY orders orders

RUN --network=none python -m compileall -q orders shop

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

# This Dockerfile builds the shop with pip at its best. `uv export` has written
# the packages in uv.lock to requirements.txt, and a cache mount keeps the
# downloads.
FROM python:3.14-slim-trixie

RUN useradd --uid 10001 --shell /bin/false app \
    && install --directory --owner app --group app /data

RUN python -m venv /app/.venv

ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1

WORKDIR /app

COPY requirements.txt ./

# The file contains every version and hash, so pip does not resolve versions.
# By default, pip compiles packages to bytecode.
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=package_password,env=PASSWORD \
    pip install --disable-pip-version-check --no-deps --require-hashes \
        --trusted-host packages.example.com \
        --extra-index-url "http://gitlab-ci-token:$PASSWORD@packages.example.com:8419/simple/" \
        --requirement requirements.txt

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

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

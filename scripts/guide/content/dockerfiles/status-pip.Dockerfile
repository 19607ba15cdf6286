# This Dockerfile builds the status page with pip at its best. `uv export` has
# written the packages in uv.lock to requirements.txt, and a cache mount keeps
# the downloads.
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
    pip install --disable-pip-version-check --no-deps --require-hashes \
        --requirement requirements.txt

# The final steps are the same as in Pattern A. Copy what `collectstatic`
# reads, collect the static files, then copy the rest of the code and compile
# it.
COPY manage.py ./
COPY statuspage statuspage
COPY status/__init__.py status/
COPY status/static status/static

RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

COPY . .

RUN --network=none python -m compileall -q status statuspage

# Keep the SQLite database on a volume. Everything else can be read-only.
ENV DATABASE_PATH=/data/db.sqlite3

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "statuspage.wsgi"]

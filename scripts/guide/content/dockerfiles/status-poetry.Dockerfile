# This Dockerfile builds the status page with Poetry at its best. It copies the
# lockfile first, uses a cache mount and installs only what production needs.
FROM python:3.14-slim-trixie

RUN useradd --uid 10001 --shell /bin/false app \
    && install --directory --owner app --group app /data

# Install Poetry in its own virtual environment, separate from the service.
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/poetry \
    && /opt/poetry/bin/pip install poetry==2.5.1

ENV PATH="/app/.venv/bin:/opt/poetry/bin:$PATH"
ENV PYTHONUNBUFFERED=1

# Let Poetry create the virtual environment at /app/.venv, and do not let it
# ask questions.
ENV POETRY_VIRTUALENVS_IN_PROJECT=1
ENV POETRY_NO_INTERACTION=1

WORKDIR /app

COPY pyproject.toml poetry.lock ./

RUN --mount=type=cache,target=/root/.cache/pypoetry \
    poetry install --only main,prod --no-root

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

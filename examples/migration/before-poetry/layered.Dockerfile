FROM python:3.14-slim-trixie

RUN useradd --uid 10001 --no-create-home \
        --shell /bin/false app \
    && install --directory --owner app --group app /data

# Poetry in a venv of its own: its dependencies are not the service's.
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/poetry \
    && /opt/poetry/bin/pip install poetry==2.5.1

ENV PATH="/app/.venv/bin:/opt/poetry/bin:$PATH"
ENV PYTHONUNBUFFERED=1

# The venv in /app/.venv, and no questions.
ENV POETRY_VIRTUALENVS_IN_PROJECT=1
ENV POETRY_NO_INTERACTION=1

WORKDIR /app

# Only the two files that decide what is installed. Editing any other file
# leaves the next step, the slow one, in the cache.
COPY pyproject.toml poetry.lock ./

# Exactly production: no group, one extra. The cache mount keeps downloads for
# the next build and is in no layer, nor is the password.
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    --mount=type=secret,id=package_password,env=POETRY_HTTP_BASIC_ACME_PASSWORD,required=true \
    POETRY_HTTP_BASIC_ACME_USERNAME=gitlab-ci-token \
    poetry install --only main --extras reports --no-root

# The code, as late as possible. .dockerignore says what stays out.
COPY . .

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

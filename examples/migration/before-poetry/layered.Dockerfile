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

# Install exactly what production needs: no group and one extra. The cache mount
# keeps downloads for the next build. Neither it nor the password is in a layer.
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    --mount=type=secret,id=package_password,env=POETRY_HTTP_BASIC_ACME_PASSWORD,required=true \
    POETRY_HTTP_BASIC_ACME_USERNAME=gitlab-ci-token \
    poetry install --only main --extras reports --no-root

# What `collectstatic` reads: the settings and the static files of each app.
# Editing any other file leaves the collected files in the build cache.
# Each new app needs two lines like the last two.
COPY manage.py ./
COPY shop shop
COPY orders/__init__.py orders/
COPY orders/static orders/static

# Django needs a secret key to start. This one exists only during this step and
# signs nothing. Python also writes bytecode for the parts of the standard
# library that it imports here: official Python images contain none.
RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

# Copy the rest of the code last. .dockerignore lists what stays out.
COPY . .

# Compile our own code: Without a network,
# the step starts faster.
RUN --network=none python -m compileall -q orders shop

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s \
    --interval=30s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]

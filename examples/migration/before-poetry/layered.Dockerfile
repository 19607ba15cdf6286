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

# Copy only the two files that determine which packages are installed. When you
# edit any other file, the slow step below stays cached.
COPY pyproject.toml poetry.lock ./

# Install what production needs: the dependencies and one extra. `--only main`
# leaves out every dependency group. The cache mount keeps downloads for the
# next build and is not part of the image. The private index's password exists
# only during this step and is not stored in any layer.
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    --mount=type=secret,id=package_password,env=POETRY_HTTP_BASIC_ACME_PASSWORD,required=true \
    POETRY_HTTP_BASIC_ACME_USERNAME=gitlab-ci-token \
    poetry install --only main --extras reports --no-root

# Copy what `collectstatic` reads: the settings and each app's static files.
# When you edit an app's other files, the collected files stay cached. For each
# new app, add two lines like the last two in this block.
COPY manage.py ./
COPY shop shop
COPY orders/__init__.py orders/
COPY orders/static orders/static

# Django needs a secret key to start. This placeholder is set only for this
# step. The step runs as root, so Python can also save standard library
# bytecode in the image. Official Python images do not contain this bytecode.
RUN DJANGO_SECRET_KEY=used-only-for-this-step \
        python manage.py collectstatic --noinput

# Copy the rest of the code last. Files listed in .dockerignore are left out.
COPY . .

# Compile the project's own code to bytecode. With `--network=none`, the step
# starts faster.
RUN --network=none python -m compileall -q orders shop

ENV DATA_FOLDER=/data

USER 10001

EXPOSE 8000

HEALTHCHECK --start-period=30s --start-interval=1s --timeout=5s \
    CMD ["python", "healthcheck.py"]

CMD ["gunicorn", "shop.asgi"]
